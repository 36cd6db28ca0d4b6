"""A deal began: in which process and stage, under which name, with which values."""

from __future__ import annotations

from procdef.deal import Deal
from procdef.events.declaration import EventType, Visit
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import DUE_TIMES, FACTS, FIELD_VALUES, ID, STAMP, STREAM, TEXT, needed, optional

DUE = (
    optional("due", STAMP, "by when the stage is to be left"),
    optional("dues", DUE_TIMES, "by when its actions are to be done"),
)
"""When what a visit to a stage brings with it is due; all of it: what is absent is not due."""


def begin(event: OpenedEvent) -> Deal:
    """The deal that begins with this event."""
    data, definition, values = event.data, event.definition or {}, event.data["values"]
    return Deal(
        stream=event.stream,
        key=data.get("key"),
        process=definition["id"],
        version=definition["version"],
        definition=definition["sha256"],
        stage=data["stage"],
        owner=event.person,
        path=(data["stage"],),
        values=values,
        changed_by=dict.fromkeys((*values, *event.sealed), event.person),
        started=event.occurred,
        entered=event.occurred,
        due=data.get("due"),
        dues=data.get("dues", {}),
        origin=data.get("from"),
        n=event.n,
        head=event.hash,
        at=event.at,
        latest=event.occurred,
        active=event.occurred,
        erased=tuple(sorted({name for name in event.sealed if name not in values})),
    )


EVENT = EventType(
    name="deal.started",
    about=__doc__,
    keys=(
        needed("key", TEXT, "the deal's name", private=True),
        needed("process", ID),
        needed("stage", ID),
        needed("values", FIELD_VALUES),
        optional("from", STREAM, "the deal that it grew from"),
        *DUE,
        needed("facts", FACTS),
    ),
    note="the first event of a deal",
    modes=(),
    verbs=("start",),
    visit=Visit(begins=True, stage="stage"),
    activity="start",
    sentence="started in {stage}[, grown from {from}][ with {values}]",
)
