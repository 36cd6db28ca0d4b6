"""All rows of one deal, held against its events as these go by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.deal import Deal
from procdef.events.opened_event import OpenedEvent
from procdef.log.irregularity import Irregularity
from procdef.model import ProcessDefinition
from procdef.store.rows import ActivityRow, DealRow, GateRow, RequestRow, StayRow
from procdef.verification.projections.expected_activity_rows import activities_of, differing_activities
from procdef.verification.projections.expected_deal_columns import DealColumns, differing_deal
from procdef.verification.projections.expected_gate_rows import WaivedCriteria, differing_gates, gates_of, same_gates
from procdef.verification.projections.request_keys import RequestKeys
from procdef.verification.tables.merge_join import ByEvent, MergeJoin


class DealProjections:
    """The rows of one deal in ``deal``, ``stay``, ``gate``, ``activity`` and ``request``. Of what is as it should be, only the
    columns of the deal and the waivers are kept. Of a log that has no ``activities`` these are not looked at."""

    def __init__(
        self,
        stream: str,
        stays: MergeJoin[StayRow],
        gates: MergeJoin[GateRow],
        activities: MergeJoin[ActivityRow] | None,
        requests: MergeJoin[RequestRow],
        deadlines: bool,
    ) -> None:
        self._stream = stream
        self._columns = DealColumns(stream, activities is not None, deadlines)
        self._activities = ByEvent(activities, stream) if activities is not None else None
        self._waived = WaivedCriteria()
        self._stays = stays.of(stream)
        self._gates, self._requests = ByEvent(gates, stream), RequestKeys(requests, stream)
        self._other_stays = False
        self._stages: set[tuple[str, str]] = set()
        """Of the visits that ended the stage that is expected and the one that is stored: a later version renames them all."""
        self._other_gates: list[int] = []
        self._other_activities: list[int] = []

    def begin(self, definition: ProcessDefinition | None) -> None:
        """The events of a deal of that definition come next."""
        if definition is not None:
            self._columns.begin(definition)

    def migrate(self, step: OpenedEvent, values: Mapping[str, Any]) -> None:
        """The deal goes over to the version that was begun, with these values; its earlier visits bear the new names."""
        names = step.data.get("stages", {})
        self._stages = {(names.get(stage, stage), stored) for stage, stored in self._stages}
        self._columns.values = values

    def command(self, first: OpenedEvent, last: OpenedEvent) -> None:
        """The events from ``first`` to ``last`` came from one command."""
        self._requests.command(first.n, last.n, first.type)

    def step(self, step: OpenedEvent, event: Mapping[str, Any]) -> None:
        """The next event of the deal."""
        expected, stored = gates_of(self._columns, step, self._waived), self._gates.of(step.n)
        if (expected or stored) and not same_gates(expected, stored):
            self._other_gates.append(step.n)
        if self._activities is not None and activities_of(self._columns, step, event) != [*self._activities.of(step.n)]:
            self._other_activities.append(step.n)
        left = self._columns.take(step, event)
        if left is not None:
            self._compare(left)
        if step.type == "criterion.waived":
            self._waived.learn(step)
        elif step.type == "privacy.erased" and self._columns.key is None:
            self._requests.forgotten()

    def _compare(self, left: StayRow) -> None:
        """Hold a visit that ended against its row."""
        stored = next(self._stays, None)
        if stored is None or stored._replace(stage=left.stage) != left:
            self._other_stays = True
        else:
            self._stages.add((left.stage, stored.stage))

    def end(self, deal: Deal | None) -> list[Irregularity]:
        """What differs in the rows of ``stay``, ``gate``, ``activity`` and ``request`` after the last event; ``deal`` is the
        fold of all."""
        present = self._columns.present
        if present is not None and next(self._stays, None) != present:
            self._other_stays = True
        more = [*self._stays]  # to the last, so that the rows of the next deal come next
        found = []
        if more or self._other_stays or any(expected != stored for expected, stored in self._stages):
            last = deal.n if deal else 0
            found.append(Irregularity("stay-differs", self._stream, last, "visits as its events say", "others"))
        found += differing_gates(self._stream, (*self._other_gates, *self._gates.end()))
        if self._activities is not None:
            found += differing_activities(self._stream, (*self._other_activities, *self._activities.end()))
        for n in self._requests.end():
            found.append(Irregularity("request-differs", self._stream, n, "a key of one whole step at most", "another row"))
        return found

    def differing_deal(self, deal: Deal, stored: DealRow | None) -> Iterator[Irregularity]:
        """What differs in the row of ``deal``."""
        return differing_deal(self._columns, deal, stored)
