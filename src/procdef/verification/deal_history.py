"""The history of one deal, command by command: is every step one that its definition allows, and what does it come to?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from procdef.deal import Deal
from procdef.events.fold import fold
from procdef.events.opened_event import OpenedEvent
from procdef.log.irregularity import Irregularity
from procdef.model import ProcessDefinition
from procdef.verification.bytes.stream_reading import ReadEvent
from procdef.verification.legality import deal_started, objections
from procdef.verification.legality.command_order import ordered
from procdef.verification.legality.event_in_context import EventInContext
from procdef.verification.legality.known_fields import KnownFields
from procdef.verification.legality.recorded_values import voids
from procdef.verification.projections.deal_projections import DealProjections


class DealHistory:
    """A deal so far. ``deal`` is what its events come to; ``projections`` hear of each of them. Of the definitions that are
    ``unread`` it was told already that they could not be; what goes by them is not judged."""

    def __init__(
        self,
        stream: str,
        library: Mapping[str, ProcessDefinition],
        projections: DealProjections,
        *,
        earlier_owners: bool = True,
        unread: Collection[str] = (),
    ) -> None:
        self.stream = stream
        self.deal: Deal | None = None
        self.definition: ProcessDefinition | None = None
        """What the deal is pinned to, where the log has it."""
        self._library, self._projections, self._unread = library, projections, unread
        self._earlier_owners = earlier_owners
        self._fields = KnownFields()
        self._ending: dict[str, list[str]] = {}
        self._active: str | None = None

    def take(self, command: list[ReadEvent]) -> Iterator[Irregularity]:
        """Go on with the events of one command. Raises what malformed data raises, and ``NewerLog``."""
        first, last = command[0][0], command[-1][0]
        self._active = self.deal.active if self.deal else None
        self._projections.command(first, last)
        if not ordered(tuple([step.type for step, _ in command])):
            types = ", ".join(step.type for step, _ in command)
            yield Irregularity("illegal", self.stream, first.n, "events in the order of one command", types)
        for step, event in command:
            yield from self._judged(step, event, last)
            yield from self._voided(step)
            self._fold(step, event)
        if self._ending:
            yield from self._left_standing(last)
        if last.type == "stage.advanced" and self._won_untold():
            yield Irregularity("illegal", self.stream, last.n, "the win, on entering the won stage", "none")

    def _won_untold(self) -> bool:
        definition, deal = self.definition, self.deal
        return definition is not None and deal is not None and definition.stages[deal.stage].wins and not deal.won

    def _judged(self, step: OpenedEvent, event: Mapping[str, Any], last: OpenedEvent) -> Iterator[Irregularity]:
        sha = (event.get("definition") or {}).get("sha256", "")
        definition = self._library.get(sha)
        if definition is None and sha in self._unread:
            return
        if definition is None:
            yield Irregularity("definition-missing", self.stream, step.n, "a published definition", "none")
            return
        if self.deal is None:
            found = deal_started.objections(definition, step, event)
        elif step.type == "deal.migrated" and self.definition is None:
            return  # of the version before it was told already that it could not be read, or is not there
        else:
            after = definition if step.type == "deal.migrated" else None
            definition = self.definition or definition
            completed = definition.actions.get(last.data["action"]) if last.type == "action.completed" else None
            context = EventInContext(
                definition, self.deal, step, step.data, event, self._fields, completed, self._active,
                self._earlier_owners, after,
            )  # fmt: skip
            found = objections(context)
        for expected, what in found:
            yield Irregularity("illegal", self.stream, step.n, expected, what)

    def _voided(self, step: OpenedEvent) -> Iterator[Irregularity]:
        """A changed value ends the completions that it voids, at once and no others."""
        if step.type == "deal.recorded" and self.deal is not None and self.definition is not None:
            self._ending = voids(self.definition, self.deal, step.data["changed"])
        elif step.type == "action.voided" and self.deal is not None and self.deal.definition in self._unread:
            return
        elif step.type == "action.voided":
            by_fields = self._ending.pop(step.data["action"], None)
            if by_fields != step.data["by_fields"]:
                found = f"{step.data['action']} by {', '.join(step.data['by_fields'])}"
                yield Irregularity("illegal", self.stream, step.n, "what the change of a value voids", found)
        elif self._ending:
            yield from self._left_standing(step)

    def _left_standing(self, step: OpenedEvent) -> Iterator[Irregularity]:
        for path, fields in self._ending.items():
            yield Irregularity("illegal", self.stream, step.n, f"{path} voided by {', '.join(fields)}", "not voided")
        self._ending = {}

    def _fold(self, step: OpenedEvent, event: Mapping[str, Any]) -> None:
        before, self.deal = self.deal, fold(self.deal, step)
        if before is None or step.type == "deal.migrated":
            self.definition = self._library.get(self.deal.definition)
            self._projections.begin(self.definition)
        if step.type == "deal.migrated":
            self._projections.migrate(step, self.deal.values)
        self._fields.learn(step, event)
        self._projections.step(step, event)
