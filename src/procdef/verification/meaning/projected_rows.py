"""The rows of a deal against what its events come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from procdef.deal import FOLD, Deal, Happening
from procdef.decide import Obstacle
from procdef.engine.projected_rows import deal_row, gate_rows, stay_rows
from procdef.log.canonical import parsed
from procdef.log.event import Data
from procdef.log.irregularity import Irregularity
from procdef.model import ProcessDefinition
from procdef.store.port import DealRow, GateRow, RequestRow, StayRow
from procdef.verification.meaning.request_keys import RequestKeys
from procdef.verification.merge_join import ByEvent, MergeJoin

_LASTING = ("stream", "process", "version", "n", "head")
"""What every version of the fold puts into the state of a deal."""


def gates_of(deal: Deal | None, step: Happening) -> list[GateRow]:
    """The rows of ``gate`` that come of an event on the deal as it was."""
    data = step.data
    if deal is None or not (step.type == "step.refused" or "waivers" in data):
        return []
    place = (step.stream, step.n, deal.process, deal.version, deal.stage, step.occurred)
    if step.type == "step.refused":
        return gate_rows((*place, data["do"]), _obstacles(data))
    waived = [waiver.criterion for waiver in deal.waivers if waiver.n in data.get("waivers", ())]
    return gate_rows((*place, "finish" if step.type == "deal.finished" else "advance"), waived=waived)


def gates_of_start(definition: ProcessDefinition, step: Happening) -> list[GateRow]:
    """The rows of ``gate`` that come of a refused start."""
    named = step.data["arguments"].get("stage")
    stage = named if named in definition.stages else definition.starts[0]
    place = (step.stream, step.n, definition.id, definition.version, stage, step.occurred)
    return gate_rows((*place, step.data["do"]), _obstacles(step.data))


def _obstacles(data: Data) -> list[Obstacle]:
    return [Obstacle(item["code"], tuple(item["about"])) for item in data["unmet"]]


def same_gates(expected: Iterable[GateRow], stored: Iterable[GateRow]) -> bool:
    """Whether the rows in ``gate`` of one event are what it says."""
    # The order among a step's waivers is that of the definition, which the event need not tell: only that they are counted.
    said, found = [*expected], [*stored]
    if said == found:
        return True
    counted = [row.k for row in found] == [*range(1, len(found) + 1)]
    return counted and Counter(map(_uncounted, said)) == Counter(map(_uncounted, found))


def _uncounted(row: GateRow) -> GateRow:
    return row._replace(k=0)


def differing_gates(stream: str, events: Iterable[int]) -> Iterator[Irregularity]:
    """Events whose rows in ``gate`` are not what they say."""
    for n in sorted({*events}):
        yield Irregularity("gate-differs", stream, n, "what stood in the way as the event says", "other rows")


def differing_deal(deal: Deal, definition: ProcessDefinition, row: DealRow | None) -> Iterator[Irregularity]:
    """Columns of the deal's row that are not what its events come to."""
    if row is None:
        yield Irregularity("deal-missing", deal.stream, 0, "a row of the deal", "none")
        return
    said, stored = _written(deal_row(deal, definition)), _written(row)
    if said == stored:
        return
    earlier = isinstance(row.fold, int) and 0 < row.fold < FOLD
    for name, expected, found in zip(row._fields, said, stored, strict=True):
        # A state that an earlier fold made is never read: the deal is folded anew. It still is one of this deal.
        if expected != found and not (earlier and (name == "fold" or (name == "state" and _of_deal(deal, row.state)))):
            yield Irregularity("deal-differs", deal.stream, deal.n, f"{name} as its events say", "another")


def _of_deal(deal: Deal, state: object) -> bool:
    """Whether this can be what an earlier fold made of the deal."""
    try:
        told = parsed(state) if isinstance(state, bytes) else None
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and all(told.get(name) == getattr(deal, name) for name in _LASTING)


def _written(row: DealRow) -> tuple[object, ...]:
    """The row as a database holds it."""
    return (*row[:-1], bytes(row.state)) if isinstance(row.state, Deal) else row


class Projections:
    """The rows of one deal in ``stay``, ``gate`` and ``request``, held against its events as these go by.

    Of what is as it should be, only the present visit is kept.
    """

    def __init__(
        self, stream: str, stays: MergeJoin[StayRow], gates: MergeJoin[GateRow], requests: MergeJoin[RequestRow]
    ) -> None:
        self._stream = stream
        self._stays = stays.of(stream)
        self._visit: StayRow | None = None
        self._gates, self._asked = ByEvent(gates, stream), RequestKeys(requests, stream)
        self._other_stays = False
        self._other_gates: list[int] = []

    def command(self, first: Happening, last: Happening) -> None:
        """The events from ``first`` to ``last`` came from one command."""
        self._asked.command(first.n, last.n, first.type)

    def step(self, before: Deal | None, after: Deal, step: Happening) -> None:
        """An event made this of the deal."""
        expected, stored = gates_of(before, step), self._gates.of(step.n)
        if (expected or stored) and not same_gates(expected, stored):
            self._other_gates.append(step.n)
        for visit in stay_rows(before, after, step.type, step.occurred):
            if self._visit is not None and self._visit.k != visit.k:
                self._compare_visit()
            self._visit = visit
        if step.type == "privacy.erased" and after.key is None:
            self._asked.forgotten()

    def _compare_visit(self) -> None:
        if next(self._stays, None) != self._visit:
            self._other_stays = True

    def end(self, deal: Deal | None) -> list[Irregularity]:
        """What differs, after the last event; ``deal`` is what the events came to."""
        self._compare_visit()
        more = [*self._stays]  # to the last, so that the rows of the next deal come next
        found = []
        if more or self._other_stays:
            last = deal.n if deal else 0
            found.append(Irregularity("stay-differs", self._stream, last, "visits as its events say", "others"))
        found += differing_gates(self._stream, (*self._other_gates, *self._gates.end()))
        for n in self._asked.end():
            found.append(Irregularity("request-differs", self._stream, n, "a key of one whole step at most", "another row"))
        return found
