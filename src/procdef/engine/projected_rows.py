"""Rows of the store, made from a deal and what just happened to it."""

from __future__ import annotations

from collections.abc import Iterable

from procdef.deal import Deal
from procdef.decide import Obstacle
from procdef.decide.timers import deadlines
from procdef.events.types import EVENT_TYPES, FOLD, deal_migrated
from procdef.log.event import Entry, Envelope, Written
from procdef.model import ProcessDefinition
from procdef.store.activities import TOLD, Item, Teller, followed, items_of, late_items, rows_of
from procdef.store.rows import ActivityRow, DealRow, EventRow, GateRow, PrivateRow, StayRow

_MIGRATED = deal_migrated.EVENT.name
_VISITS = {kind.name: kind.visit for kind in EVENT_TYPES if kind.visit is not None}


def deal_row(deal: Deal, definition: ProcessDefinition, looked: str | None = None) -> DealRow:
    """Where the deal is now; ``amount`` and ``expected`` are the fields that the definition names. ``looked`` is when a timer
    looked at it, where that was after its last event."""
    names, values, look = definition.deal, deal.values, deadlines(definition, deal, looked or deal.at)
    return DealRow(
        stream=deal.stream,
        key=deal.key or deal.stream,
        process=deal.process,
        version=deal.version,
        stage=deal.stage,
        mode=deal.mode,
        outcome=deal.outcome,
        owner=deal.owner,
        started=deal.started,
        entered=deal.entered,
        due=deal.due,
        amount=values.get(names.value) if names.value else None,
        expected=values.get(names.close) if names.close else None,
        offered=deal.offered,
        won=deal.won,
        lost=deal.lost,
        finished=deal.finished,
        reason=deal.reason,
        active=deal.active,
        wake=look.look,
        deadline=look.deadline,
        n=deal.n,
        head=deal.head,
        fold=FOLD,
        state=deal,
    )


def event_row(event: Written) -> EventRow:
    return tuple.__new__(EventRow, event[:7])  # what ``_make`` does, which would count the fields too


def private_rows(event: Written) -> list[PrivateRow]:
    return [PrivateRow(event.stream, event.n, path, salt, value) for path, salt, value in event.openings]


def stay_rows(before: Deal | None, after: Deal, kind: str, occurred: str) -> list[StayRow]:
    """The visit that this event ended, and the one that it began; one that goes on, where it is now due at another time."""
    visit = _VISITS.get(kind)
    if visit is None:
        if before is None or before.due == after.due:
            return []
        return [StayRow(after.stream, after.visit, after.stage, after.entered, None, None, after.due)]
    rows = []
    if before is not None and visit.ends is not None and before.mode == "open":
        rows.append(StayRow(before.stream, before.visit, before.stage, before.entered, occurred, visit.ends, before.due))
    if visit.begins:
        rows.append(StayRow(after.stream, after.visit, after.stage, after.entered, None, None, after.due))
    return rows


def migrated_stay(deal: Deal) -> StayRow:
    """The present visit of a deal that went over to another version: it goes on in the stage of that version."""
    return StayRow(deal.stream, deal.visit, deal.stage, deal.entered, None, None, deal.due)


def gate_rows(
    place: tuple[str, int, str, int, str, str, str], obstacles: Iterable[Obstacle] = (), waived: Iterable[str] = ()
) -> list[GateRow]:
    """One row for each thing in the way. ``place``: stream, n, process, version, stage, occurred, step."""
    stream, n, process, version, stage, occurred, step = place
    found = [(o.about[0] if o.about else "", o.code, "unmet") for o in obstacles]
    found += [(criterion, "waived", "waived") for criterion in waived]
    return [
        GateRow(stream, n, k, process, version, stage, occurred, step, item, code, result)
        for k, (item, code, result) in enumerate(found, 1)
    ]


def activity_rows(
    before: Deal | None, after: Deal, entry: Entry, definition: ProcessDefinition, envelope: Envelope, person: str, i: int
) -> list[ActivityRow]:
    """What figures ask of this event, the ``i``-th of its command."""
    happened = envelope.happened
    late = late_items(entry.type, envelope.at, happened, envelope.via, i) if happened is not None else []
    if not late and entry.type not in TOLD and entry.type != _MIGRATED:
        return []
    told = before or after
    if entry.type == _MIGRATED:
        items: list[Item] = [(kind, name, after.values.get(name)) for kind, name in followed(definition)]
    else:
        by = Teller(followed(definition), person, told.owner, told.dues, happened or envelope.at)
        items = items_of(entry.type, entry.data, by)
    items += late
    place = (after.stream, after.n, told.process, told.version, told.stage, happened or envelope.at)
    return rows_of(items, place) if items else []
