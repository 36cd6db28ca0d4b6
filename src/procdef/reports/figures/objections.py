"""What customers object to, and how many deals are won all the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from procdef.reports.figures.arithmetic import ordered, rate
from procdef.reports.history import History
from procdef.reports.report import Decided, ObjectionFigures
from procdef.reports.scope import Scope


class ObjectionsTally:
    """Objections that notes of the period tell of. Beside the deals that met one are all that were in a stage whose playbook
    answers it, in the period."""

    def __init__(self, scope: Scope) -> None:
        self._window = scope.window
        self._stages: dict[str, list[str]] = {}
        """The objections that the playbook of a stage answers."""
        for name, stage in scope.newest.stages.items():
            self._stages[name] = [] if stage.playbook is None else [*stage.playbook.objections]
        self._declared = dict.fromkeys(each for known in self._stages.values() for each in known)
        self.times: Counter[str] = Counter()
        self.met: Counter[tuple[str, str]] = Counter()
        self.all: Counter[tuple[str, str]] = Counter()

    def add(self, history: History) -> None:
        """Count one deal."""
        since, until = self._window
        outcome, known = history.deal.outcome, self._stages
        beside: set[str] = set()
        for stay in history.stays:
            names = known.get(stay.stage)
            if names and stay.entered < until and (stay.left_at is None or stay.left_at >= since):
                beside.update(names)
        met = [
            detail
            for _, _, when, kind, _, detail in history.activities
            if kind == "note" and detail is not None and since <= when < until
        ]
        if met:
            self.times.update(met)
            beside.update(met)
            for name in set(met):
                self.met[name, outcome] += 1
        for name in beside:
            self.all[name, outcome] += 1

    def merge(self, other: ObjectionsTally) -> None:
        """Count what the other has counted, of other deals."""
        for name in ("times", "met", "all"):
            getattr(self, name).update(getattr(other, name))

    def figures(self) -> Mapping[str, ObjectionFigures]:
        """What they come to, in the order of the newest version; also those that nobody raised where deals were."""
        return {
            name: ObjectionFigures(self.times[name], _decided(self.met, name), _decided(self.all, name))
            for name in ordered((name for name, _ in self.all), self._declared)
        }


def _decided(counts: Counter[tuple[str, str]], name: str) -> Decided:
    won, lost = counts[name, "won"], counts[name, "lost"]
    return Decided(won + lost + counts[name, "open"], won + lost, won, rate(won, won + lost))
