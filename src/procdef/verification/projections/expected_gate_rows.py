"""What stood in the way of a step, or was waived for it: the rows of ``gate`` by the events that tell of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from procdef.events.opened_event import OpenedEvent
from procdef.log.irregularity import Irregularity
from procdef.model import ProcessDefinition
from procdef.store.rows import GateRow
from procdef.verification.projections.expected_deal_columns import DealColumns


class WaivedCriteria:
    """The criteria that were waived in a deal, by the number of the event that says so."""

    __slots__ = ("_paths",)

    def __init__(self) -> None:
        self._paths: dict[int, str] = {}

    def learn(self, step: OpenedEvent) -> None:
        """Take in an event ``criterion.waived``."""
        criterion = step.data["criterion"]
        self._paths[step.n] = f"{criterion['stage']}.{criterion['id']}"

    def named(self, waivers: Iterable[int]) -> list[str]:
        """The criteria that the events of these numbers waived."""
        return [self._paths[n] for n in waivers if n in self._paths]


def gates_of(before: DealColumns, step: OpenedEvent, waived: WaivedCriteria) -> list[GateRow]:
    """The rows that come of an event on the deal as it was ``before``."""
    if step.type == "step.refused":
        return _rows(step, before.process, before.version, before.stage, step.data["do"], _unmet(step))
    if "waivers" not in step.data:
        return []
    verb = "finish" if step.type == "deal.finished" else "advance"
    items = [(path, "waived", "waived") for path in waived.named(step.data["waivers"])]
    return _rows(step, before.process, before.version, before.stage, verb, items)


def gates_of_start(definition: ProcessDefinition, step: OpenedEvent) -> list[GateRow]:
    """The rows that come of a refused start."""
    asked = step.data["arguments"].get("stage")
    stage = asked if asked in definition.stages else definition.starts[0]
    return _rows(step, definition.id, definition.version, stage, step.data["do"], _unmet(step))


def _unmet(step: OpenedEvent) -> list[tuple[str, str, str]]:
    """Item, code and result of each thing that was unmet."""
    return [(item["about"][0] if item["about"] else "", item["code"], "unmet") for item in step.data["unmet"]]


def _rows(
    step: OpenedEvent, process: str, version: int, stage: str, verb: str, items: Iterable[tuple[str, str, str]]
) -> list[GateRow]:
    place = (process, version, stage, step.occurred, verb)
    return [GateRow(step.stream, step.n, k, *place, *item) for k, item in enumerate(items, 1)]


def same_gates(expected: Sequence[GateRow], stored: Sequence[GateRow]) -> bool:
    """Whether the rows of one event are what it says."""
    if [*expected] == [*stored]:
        return True
    # The order among a step's waivers is that of the definition, which the event need not tell: only that they are counted.
    # What was unmet stands in the order in which the event tells it.
    if any(row.result != "waived" for row in expected):
        return False
    counted = [row.k for row in stored] == [*range(1, len(stored) + 1)]
    return counted and Counter(map(_uncounted, expected)) == Counter(map(_uncounted, stored))


def _uncounted(row: GateRow) -> GateRow:
    return row._replace(k=0)


def differing_gates(stream: str, events: Iterable[int]) -> Iterator[Irregularity]:
    """Events whose rows in ``gate`` are not what they say."""
    for n in sorted({*events}):
        yield Irregularity("gate-differs", stream, n, "what stood in the way as the event says", "other rows")
