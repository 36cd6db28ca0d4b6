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
        self._actions = scope.newest.actions
        self.times: Counter[tuple[str, str, str | None]] = Counter()
        """By kind, item, and of completions the way."""
        self.deals: Counter[tuple[str, str]] = Counter()

    def add(self, history: History) -> None:
        """Count one deal."""
        since, until = self._window
        times, seen = self.times, set()
        for _, _, when, kind, item, detail in history.activities:
            if (kind == "done" or kind == "note") and since <= when < until:
                times[kind, item, detail if kind == "done" else None] += 1
                seen.add((kind, item))
        for what in seen:
            self.deals[what] += 1

    def merge(self, other: ActivityTally) -> None:
        """Count what the other has counted, of other deals."""
        self.times.update(other.times)
        self.deals.update(other.deals)

    def figures(self) -> ActivityFigures:
        """What they come to: actions in the order of the newest version, contacts before other notes."""
        done = ordered((item for kind, item in self.deals if kind == "done"), self._actions)
        notes = sorted((item for kind, item in self.deals if kind == "note"), key=lambda item: (not item, item))
        return ActivityFigures(
            {action: self._completions(action) for action in done},
            {kind or "other": Notes(self.times["note", kind, None], self.deals["note", kind]) for kind in notes},
        )

    def _completions(self, action: str) -> Completions:
        ways = {way: times for (kind, item, way), times in self.times.items() if kind == "done" and item == action}
        named = Counter({way: times for way, times in ways.items() if way is not None})
        return Completions(sum(ways.values()), self.deals["done", action], _most(named))


def _most(counts: Counter[str]) -> Mapping[str, int]:
    """The most frequent first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
