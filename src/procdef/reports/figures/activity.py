"""What was done and whom people talked to: completions of actions, and notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from procdef.reports.figures.arithmetic import ordered
from procdef.reports.history import History
from procdef.reports.report import ActivityFigures, Completions, Notes
from procdef.reports.scope import Scope


class ActivityTally:
    """Completions and notes of the period, by what was done and in which way, and by the kind of contact."""

    def __init__(self, scope: Scope) -> None:
        self._window = scope.window
        self._stages = scope.newest.actions
        self.times: Counter[tuple[str, str]] = Counter()
        self.deals: Counter[tuple[str, str]] = Counter()
        self.ways: dict[str, Counter[str]] = {}

    def add(self, history: History) -> None:
        """Count one deal."""
        if not history.activities:
            return
        since, until = self._window
        found = []
        for each in history.activities:
            kind = each.kind
            if (kind == "done" or kind == "note") and since <= each.occurred < until:
                found.append((kind, each.item))
                if kind == "done" and each.detail is not None:
                    self.ways.setdefault(each.item, Counter())[each.detail] += 1
        self.times.update(found)
        self.deals.update(set(found))

    def merge(self, other: ActivityTally) -> None:
        """Count what the other has counted, of other deals."""
        self.times.update(other.times)
        self.deals.update(other.deals)
        for action, ways in other.ways.items():
            self.ways.setdefault(action, Counter()).update(ways)

    def figures(self) -> ActivityFigures:
        """What they come to: actions in the order of the newest version, contacts before other notes."""
        done = ordered((item for kind, item in self.times if kind == "done"), self._stages)
        notes = sorted((item for kind, item in self.times if kind == "note"), key=lambda item: (not item, item))
        return ActivityFigures(
            {
                action: Completions(
                    self.times["done", action], self.deals["done", action], _most(self.ways.get(action, Counter()))
                )
                for action in done
            },
            {kind or "other": Notes(self.times["note", kind], self.deals["note", kind]) for kind in notes},
        )


def _most(counts: Counter[str]) -> Mapping[str, int]:
    """The most frequent first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
