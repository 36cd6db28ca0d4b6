"""What the log tells of due times: what is due from an event on, and what was done after it was due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from procdef.errors import CalendarDataMissing
from procdef.events.types import BY_NAME, action_completed, deal_migrated
from procdef.model import ProcessDefinition
from procdef.render.text_layout import moment

_ALL_ANEW = frozenset(
    (*(kind.name for kind in BY_NAME.values() if kind.visit is not None and kind.visit.begins), deal_migrated.EVENT.name)
)
"""The types of events that tell all that is due from then on."""


def told_due(events: Iterable[Mapping[str, Any]], zone: tzinfo) -> dict[int, list[str]]:
    """By the number of an event what is to be said of due times; ``events`` are those of a deal, from its first on."""
    dues: dict[str, str | None] = {}
    told: dict[int, list[str]] = {}
    for event in events:
        data = event["data"]
        if event["type"] in _ALL_ANEW:
            dues = {}
        dues |= data.get("dues", {})
        found = list(_said(event, dues, zone))
        if found:
            told[event["n"]] = found
    return told


def _said(event: Mapping[str, Any], dues: Mapping[str, str | None], zone: tzinfo) -> Iterator[str]:
    data = event["data"]
    if event["type"] == action_completed.EVENT.name:
        due = action_completed.missed(data, dues, event.get("happened") or event["at"])
        if due is not None:
            yield f"too late, it was due {moment(due, zone)} ({zone})"
        return
    kind = BY_NAME.get(event["type"])
    if kind is None or kind.timer:
        return  # the sentence of a timer tells when that was due
    times = [("", data["due"])] if "due" in data else []
    times += sorted(data.get("dues", {}).items())
    due_then = [f"{of} {moment(due, zone)}".strip() for of, due in times if due is not None]
    if due_then:
        yield f"due {', '.join(due_then)} ({zone})"
    yield from (f"{of} no longer due".strip() for of, due in times if due is None)


def zone_of(definition: ProcessDefinition | None) -> tzinfo:
    """The time zone of a process; UTC where it is not known, or this machine has no data of it."""
    if definition is None:
        return UTC
    try:
        datetime.now(definition.calendar.zone)
    except CalendarDataMissing:
        return UTC
    return definition.calendar.zone
