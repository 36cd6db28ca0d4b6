"""The rows of a deal against what its events come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from procdef.audit.events import Data
from procdef.audit.verify import Irregularity
from procdef.deal import FOLD, Deal, Happening
from procdef.decide import Obstacle
from procdef.engine.rows import deal_row, gate_rows
from procdef.model import ProcessDefinition
from procdef.store.port import DealRow, GateRow, RequestRow, StayRow


def gates_of(deal: Deal | None, step: Happening) -> list[GateRow]:
    """The rows of ``gate`` that come of an event on the deal as it was."""
    data = step.data
    if deal is None:
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


def differing_gates(stream: str, expected: Iterable[GateRow], stored: Iterable[GateRow]) -> Iterator[Irregularity]:
    """Events whose rows in ``gate`` are not what they say."""
    # The order among a step's waivers is that of the definition, which the event need not tell: k is not compared.
    said, found = (Counter(row._replace(k=0) for row in rows) for rows in (expected, stored))
    for n in sorted({row.n for row in (said - found) + (found - said)}):
        yield Irregularity("gate-differs", stream, n, "what stood in the way as the event says", "other rows")


def differing_deal(deal: Deal, definition: ProcessDefinition, row: DealRow | None) -> Iterator[Irregularity]:
    """Columns of the deal's row that are not what its events come to."""
    if row is None:
        yield Irregularity("deal-missing", deal.stream, 0, "a row of the deal", "none")
        return
    earlier = isinstance(row.fold, int) and row.fold < FOLD
    for name, said, stored in zip(row._fields, _written(deal_row(deal, definition)), _written(row), strict=True):
        # A state that an earlier fold made is never read: the deal is folded anew.
        if said != stored and not (earlier and name in ("fold", "state")):
            yield Irregularity("deal-differs", deal.stream, deal.n, f"{name} as its events say", "another")


def _written(row: DealRow) -> DealRow:
    """The row as a database holds it."""
    return row._replace(state=bytes(row.state)) if isinstance(row.state, Deal) else row


def differing_stays(deal: Deal, expected: Mapping[int, StayRow], stored: Iterable[StayRow]) -> Iterator[Irregularity]:
    """Whether the visits to stages are what the events come to."""
    if list(stored) != [expected[k] for k in sorted(expected)]:
        yield Irregularity("stay-differs", deal.stream, deal.n, "visits as its events say", "others")


def differing_requests(commands: Mapping[int, int], requests: Iterable[RequestRow]) -> Iterator[Irregularity]:
    """Request keys that name anything but the events of one command; ``commands`` are their first and last events."""
    for request in requests:
        if commands.get(request.first) != request.last:
            yield Irregularity("request-differs", request.stream, request.first, "the events of one command", "others")
