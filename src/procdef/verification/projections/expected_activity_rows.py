"""What was done, noted, changed and waived: the rows of ``activity`` by the events that tell of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from procdef.events.opened_event import OpenedEvent
from procdef.log.irregularity import Irregularity
from procdef.store.rows import ActivityRow
from procdef.verification.projections.expected_deal_columns import DealColumns, is_applied

Told = tuple[str, str, str | None]
"""Kind, item and detail."""


def activities_of(before: DealColumns, step: OpenedEvent, event: Mapping[str, Any]) -> list[ActivityRow]:
    """The rows that come of an event on the deal as it was ``before``; of a start, on the deal that begins."""
    found = [*_told(before, step), *_late(step, event)]
    if not found:
        return []
    if step.type == "deal.started":
        pinned = event["definition"]
        return _rows(step, pinned["id"], pinned["version"], step.data["stage"], found)
    return _rows(step, before.process, before.version, before.stage, found)


def _told(before: DealColumns, step: OpenedEvent) -> Iterator[Told]:
    data = step.data
    match step.type:
        case "deal.started" | "deal.recorded" | "deal.corrected":
            for kind, name in before.open_fields:
                if step.type == "deal.started" and name not in data["values"]:
                    continue
                if step.type == "deal.started" or name in data["changed"]:
                    yield kind, name, data["values"].get(name)
        case "deal.migrated":
            yield from ((kind, name, before.values.get(name)) for kind, name in before.open_fields)
        case "action.completed":
            yield "done", data["action"], data.get("decision", data.get("way"))
            due = before.dues.get(data["action"])
            if due is not None and data.get("decision") != "reject" and step.occurred > due:
                yield "overdue", data["action"], due
        case "deal.noted":
            yield "note", data.get("kind", ""), data.get("objection")
        case "deal.lost":
            yield "lost", data["reason"], None
        case "criterion.waived":
            yield "waived", f"{data['criterion']['stage']}.{data['criterion']['id']}", step.person
        case "deal.assigned":
            yield "assigned", data["to"], before.owner


def _late(step: OpenedEvent, event: Mapping[str, Any]) -> list[Told]:
    """The first event of a step that was recorded after it had happened; what an import brought is not late."""
    late = step.occurred < step.at and event["via"] != "import" and event["cmd"]["i"] == 1
    return [("late", step.at, None)] if late and (step.type == "step.refused" or is_applied(step.type)) else []


def _rows(step: OpenedEvent, process: str, version: int, stage: str, found: Iterable[Told]) -> list[ActivityRow]:
    place = (process, version, stage, step.occurred)
    return [ActivityRow(step.stream, step.n, k, *place, *told) for k, told in enumerate(found, 1)]


def differing_activities(stream: str, events: Iterable[int]) -> Iterator[Irregularity]:
    """Events whose rows in ``activity`` are not what they say."""
    for n in sorted({*events}):
        yield Irregularity("activity-differs", stream, n, "what was done, as the event says", "other rows")
