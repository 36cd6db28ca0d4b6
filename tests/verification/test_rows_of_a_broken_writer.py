"""A writer that puts something else into any column of any table is found out, whatever the events say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from broken_writer import Story, changed, other, whole
from small_story import DEFINITION, MANAGER, PEOPLE, SELLER, last_words, refused, tell

from procdef import Engine
from procdef.engine import checkpoints, event_queue, idempotency, people, publishing, unit_of_work
from procdef.store import (
    ActivityRow,
    Batch,
    DealRow,
    DefinitionRow,
    DirectoryRow,
    EventRow,
    GateRow,
    NoteRow,
    PrivateRow,
    RequestRow,
    StayRow,
)


def published(engine: Engine) -> None:
    engine.publish(DEFINITION, by=MANAGER)


def started(engine: Engine) -> None:
    engine.start("small", "only", by=SELLER, stage="lead", request="only")


def people_published(engine: Engine) -> None:
    engine.people.publish(PEOPLE, by=MANAGER)


class Table(NamedTuple):
    """Where the writer makes the rows of a table, during which story that is broken, and what is found of it then."""

    place: Any
    name: str
    columns: tuple[str, ...]
    found: set[str]
    story: Story = whole
    before: Story | None = None


def columns(row: Any, *left_out: str) -> tuple[str, ...]:
    return tuple(name for name in row._fields if name not in left_out)


TABLES = {
    "deal": Table(
        event_queue, "deal_row", columns(DealRow, "stream", "state"), {"deal-differs"}, last_words, tell,
    ),
    "the first row of deal": Table(
        event_queue, "deal_row", columns(DealRow, "state"), {"deal-differs", "deal-missing"}, started, published,
    ),
    "stay": Table(event_queue, "stay_rows", columns(StayRow), {"stay-differs", "events-missing"}),
    "gate": Table(unit_of_work, "gate_rows", columns(GateRow), {"gate-differs", "events-missing"}),
    "activity": Table(event_queue, "activity_rows", columns(ActivityRow), {"activity-differs", "events-missing"}),
    "event": Table(
        event_queue, "event_row", columns(EventRow), {"projection", "hash", "gap", "not-canonical"}, last_words, tell,
    ),
    "private": Table(
        event_queue, "private_rows", columns(PrivateRow),
        {"value-changed", "value-without-event", "value-missing", "unreadable"}, last_words, tell,
    ),
    "request": Table(
        idempotency, "RequestRow", columns(RequestRow, "key"), {"request-differs", "events-missing"}, started, published,
    ),
    "definition": Table(
        publishing, "DefinitionRow", columns(DefinitionRow),
        {"definition-changed", "definition-missing", "definition-unpublished", "newer-log"}, published,
    ),
    "directory": Table(
        people, "DirectoryRow", columns(DirectoryRow), {"directory-changed", "directory-missing", "unreadable"},
        people_published, published,
    ),
    "note": Table(checkpoints, "NoteRow", columns(NoteRow), {"note-unreadable", "note-signature"}),
}  # fmt: skip
"""The key of a request and its fingerprint are in no event: nothing tells of others in their place."""


def with_another(column: str) -> Callable[[Any], Any]:
    def change(made: Any) -> Any:
        if isinstance(made, list):
            return [change(row) for row in made]
        return made._replace(**{column: other(getattr(made, column))})

    return change


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table, made in TABLES.items() for column in made.columns]
)
def test_another_value_in_any_column_is_found(table: str, column: str) -> None:
    broken = TABLES[table]
    found = changed(broken.place, broken.name, with_another(column), broken.story, broken.before)
    assert found & broken.found, found


def begun(engine: Engine) -> None:
    published(engine)
    started(engine)


def two_events(engine: Engine) -> None:
    values = {"company": "Only Oy", "email": "only@o.example"}
    engine.do("only", "research", by=SELLER, values=values, evidence="Read about them")


def refusal(engine: Engine) -> None:
    refused(engine.advance, "only", by=SELLER)


def erasure(engine: Engine) -> None:
    engine.erase("only", ["deal"], basis="art-17", by=MANAGER)


def nothing(rows: Any) -> Any:
    return ()


LEFT_OUT: dict[str, tuple[str, Callable[[Any], Any], Story, Story, set[str]]] = {
    "the deals": ("deals", nothing, published, started, {"deal-missing"}),
    "the visits": ("stays", nothing, published, started, {"stay-differs"}),
    "what stood in the way": ("gates", nothing, begun, refusal, {"gate-differs"}),
    "what was done": ("activities", nothing, begun, two_events, {"activity-differs"}),
    "the personal values": ("private", nothing, tell, last_words, {"value-missing"}),
    "the definition": ("definitions", nothing, lambda engine: None, published, {"definition-missing"}),
    "the directory of people": ("directories", nothing, published, people_published, {"directory-missing"}),
    "deleting what is erased": ("erased", nothing, begun, erasure, {"value-not-erased"}),
    "deleting the keys of requests with the name": ("forgotten", nothing, begun, erasure, {"request-differs"}),
    "the order of events": ("events", lambda rows: rows[::-1], begun, two_events, {"leaf-order"}),
}
"""Which part of what a transaction adds is left out, or put into another order."""


@pytest.mark.parametrize("what", LEFT_OUT)
def test_what_a_transaction_leaves_out_is_found(what: str) -> None:
    part, left, before, story, expected = LEFT_OUT[what]

    def change(batch: Batch) -> Batch:
        return batch._replace(**{part: left(getattr(batch, part))})

    found = changed(event_queue, "Batch", change, story, before)
    assert found & expected, found


SLIPS: dict[str, tuple[Any, str, Callable[[Any], Any], set[str]]] = {
    "the process stands in the column of the owner": (
        event_queue, "deal_row", lambda row: row._replace(owner=row.process), {"deal-differs"},
    ),
    "who was authenticated owns the deal, not on whose behalf": (
        event_queue, "deal_row", lambda row: row._replace(owner="maija"), {"deal-differs"},
    ),
    "a lost deal is told as won": (event_queue, "deal_row", lambda row: row._replace(outcome="won"), {"deal-differs"}),
    "the deal's fields are exchanged": (
        event_queue, "deal_row", lambda row: row._replace(amount=row.expected, expected=row.amount), {"deal-differs"},
    ),
    "the deal is due when it was entered": (
        event_queue, "deal_row", lambda row: row._replace(due=row.entered), {"deal-differs"},
    ),
    "a state of another deal": (
        event_queue, "deal_row", lambda row: row._replace(state=row.state._replace(owner="x")), {"deal-differs"},
    ),
    "a visit ends without a time": (
        event_queue, "stay_rows", lambda rows: [row._replace(left_at=None) for row in rows], {"stay-differs"},
    ),
    "a visit never ends": (
        event_queue, "stay_rows", lambda rows: [row for row in rows if row.how is None], {"stay-differs"},
    ),
    "one of the things in the way is not told": (unit_of_work, "gate_rows", lambda rows: rows[1:], {"gate-differs"}),
    "a step that was entered late is told as one in time": (
        event_queue, "activity_rows", lambda rows: [row for row in rows if row.kind != "late"], {"activity-differs"},
    ),
    "the deal was another's before it was handed over": (
        event_queue, "activity_rows",
        lambda rows: [row._replace(detail="maija") if row.kind == "assigned" else row for row in rows],
        {"activity-differs"},
    ),
    "when a visit was due is told of the next one": (
        event_queue, "stay_rows", lambda rows: [row._replace(due=rows[-1].due) for row in rows], {"stay-differs"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_column_filled_by_a_slip_is_found(slip: str) -> None:
    place, name, change, expected = SLIPS[slip]
    assert changed(place, name, change) & expected
