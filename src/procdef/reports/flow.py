"""How deals flow through the stages of a process: the figures of each stage as a report has them, and which ways were taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from procdef.reports.damaged_rows import rows_read
from procdef.reports.figures.stages import StagesTally
from procdef.reports.history import History, histories
from procdef.reports.report import StageFigures
from procdef.reports.scope import Scope
from procdef.reports.two_processes import side_by_side
from procdef.store.port import Tx

_MOVES = frozenset(("advanced", "returned"))


@dataclass(frozen=True, slots=True)
class Flow:
    """``stages`` by their ids; ``ways`` counts by source and target the visits that began in the period and were left that way,
    forward or back."""

    stages: Mapping[str, StageFigures]
    ways: Mapping[tuple[str, str], int]


class WaysTally:
    """Which ways were taken: a visit that was left forward or back, and the one after it."""

    def __init__(self, scope: Scope) -> None:
        self._window = scope.window
        self.ways: dict[tuple[str, str], int] = {}

    def add(self, history: History) -> None:
        """Count one deal."""
        since, until = self._window
        ways, source = self.ways, ""
        for _, _, stage, begun, _, how, _ in history.stays:
            if source:
                way = (source, stage)
                ways[way] = ways.get(way, 0) + 1
            source = stage if how in _MOVES and since <= begun < until else ""

    def merge(self, other: WaysTally) -> None:
        """Count what the other has counted, of other deals."""
        for way, count in other.ways.items():
            self.ways[way] = self.ways.get(way, 0) + count

    def figures(self) -> Mapping[tuple[str, str], int]:
        """What they come to, by source and target."""
        return dict(sorted(self.ways.items()))


class FlowTally:
    """The stages and the ways, counted side by side."""

    def __init__(self, scope: Scope) -> None:
        self._stages, self._ways = StagesTally(scope, working=False), WaysTally(scope)

    def add(self, history: History) -> None:
        """Count one deal."""
        self._stages.add(history)
        self._ways.add(history)

    def merge(self, other: FlowTally) -> None:
        """Count what the other has counted, of other deals."""
        self._stages.merge(other._stages)
        self._ways.merge(other._ways)

    def figures(self) -> Flow:
        """What they come to."""
        return Flow(self._stages.figures(), self._ways.figures())


def flow(tx: Tx, scope: Scope) -> Flow:
    """How the deals of a process flowed, those of all its versions. Raises ``LogBroken`` for rows that cannot be counted."""
    with rows_read(scope.newest.id):
        return side_by_side(tx, partial(flow_part, scope=scope)).figures()


def flow_part(tx: Tx, first: str | None, end: str | None, scope: Scope) -> FlowTally:
    """What the deals from one stream on up to another come to. What stood in the way of their steps is not read."""
    tally = FlowTally(scope)
    for history in histories(tx, scope.newest.id, (), first, end, gates=False, kinds=()):
        tally.add(history)
    return tally
