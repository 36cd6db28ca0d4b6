"""What may stand in a stream that is no deal's: the log's own events, refused starts, published definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.events.opened_event import OpenedEvent
from procdef.model import ProcessDefinition
from procdef.verification.legality import log_exported, log_retimed, privacy_erased, step_refused
from procdef.verification.legality.envelope import names, reported_time
from procdef.verification.legality.event_in_context import Objection, in_no_deal
from procdef.verification.legality.personal_values import apart
from procdef.verification.legality.rules import RULES


def objections(
    step: OpenedEvent, event: Mapping[str, Any], library: Mapping[str, ProcessDefinition]
) -> Iterator[Objection]:
    """What is wrong with an event; ``library`` are the definitions by the hash of their source."""
    definition = None
    if step.type == "step.refused":
        definition = library.get((step.definition or {}).get("sha256", ""))
    elif "definition" in event:
        yield "no definition", str(event["definition"])
    yield from apart(definition, step.type, RULES.get(step.type), step.data, event.get("private", {}))
    if step.stream != "system":
        return
    if (step.type == "log.created") is not (step.n == 1):
        yield "log.created as the first event, and nowhere else", f"{step.type} as event {step.n}"
    if step.type == "log.exported":
        yield from log_exported.objections(step.data)
    if step.type == "log.retimed":
        yield from log_retimed.objections(event)
    if step.type == "privacy.erased":
        yield from privacy_erased.objections(step)
    if step.type == "step.refused" and definition is not None:
        if not names(event, definition):
            yield "the definition as it was published", str(event["definition"])
        yield from reported_time(in_no_deal(definition, step, event))
        yield from step_refused.objections(definition, step, event, None)
    elif not step.type.startswith(("step.refused", "log.", "people.", "privacy.", "x-")):
        yield "an event of the log as a whole", step.type
