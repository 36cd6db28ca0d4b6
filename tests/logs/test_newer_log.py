"""What only a later procdef knows is not written to and not judged; its bytes are verified all the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from forgery import Event, change, events, findings
from story import SELLER

from procdef import Engine, NewerLog, open_store
from procdef.events.types import FOLD

DEAL = "Anna Virtanen, Öljy"


def put(*path: str) -> Callable[[Event], None]:
    """An edit that sets the last key of the path to 1."""

    def edit(event: Event) -> None:
        holder = event
        for key in path[:-1]:
            holder = holder[key] if not isinstance(holder, list) else holder[int(key)]
        holder[path[-1]] = 1

    return edit


def sealed(event: Event) -> None:
    event["private"]["/nickname"] = "0" * 64


NEWER = {
    "format 2": ("deal.started", lambda event: event.update(v=2)),
    "the type deal.split": ("deal.noted", lambda event: event.update(type="deal.split")),
    "the key mood": ("deal.noted", put("mood")),
    "the key by.device": ("deal.noted", put("by", "device")),
    "the key cmd.door": ("deal.noted", put("cmd", "door")),
    "the key definition.name": ("deal.noted", put("definition", "name")),
    "a definition in language 2": ("deal.noted", lambda event: event["definition"].update(lang=2)),
    "the key data.weather": ("stage.advanced", put("data", "weather")),
    "the key data.facts.moon": ("stage.advanced", put("data", "facts", "moon")),
    "the key data.evidence.size": ("action.completed", put("data", "evidence", "size")),
    "the key data.criterion.name": ("criterion.waived", put("data", "criterion", "name")),
    "the key data.unmet.why": ("step.refused", put("data", "unmet", "0", "why")),
    "the key data.nickname": ("deal.started", sealed),
}
KNOWN = {
    "others' additions": ("deal.noted", lambda event: event.update(ext={"mood": 1})),
    "an unknown field": ("step.refused", put("data", "arguments", "colour")),
    "others' types": ("deal.noted", lambda event: event.update(type="x-crm.viewed", data={"page": 1})),
}


def first(log: sqlite3.Connection, kind: str) -> tuple[str, int]:
    """The first event of that type in the deal."""
    (stream,) = log.execute("SELECT stream FROM deal WHERE key = ?", (DEAL,)).fetchone()
    return next((stream, e["n"]) for e in events(log) if e["type"] == kind and e["stream"] == stream)


def written_by_a_later_fold(log: sqlite3.Connection) -> None:
    """What a later procdef leaves behind where its fold differs."""
    log.execute("UPDATE deal SET fold = ?", (FOLD + 1,))
    log.commit()


@pytest.mark.parametrize("what", NEWER)
def test_a_deal_with_something_newer_is_not_written_to(what: str, file: Path, log: sqlite3.Connection) -> None:
    kind, edit = NEWER[what]
    place = first(log, kind)
    change(log, place, edit)
    written_by_a_later_fold(log)
    before = log.execute("SELECT count(*) FROM event").fetchone()
    store = open_store(f"sqlite:///{file}")
    with pytest.raises(NewerLog, match=f"event {place[1]} has {what}"):
        Engine(store).note(DEAL, "Hello", by=SELLER)
    store.close()
    assert log.execute("SELECT count(*) FROM event").fetchone() == before


@pytest.mark.parametrize("what", NEWER)
def test_its_bytes_are_verified_and_its_meaning_is_not(what: str, file: Path, log: sqlite3.Connection) -> None:
    kind, edit = NEWER[what]
    place = first(log, kind)
    change(log, place, edit)
    found = [wrong for wrong in findings(file) if wrong.code != "value-missing"]
    assert [(wrong.code, wrong.stream, wrong.n, wrong.found) for wrong in found] == [("newer-log", *place, what)]


@pytest.mark.parametrize("what", KNOWN)
def test_others_additions_are_passed_over(what: str, file: Path, log: sqlite3.Connection) -> None:
    kind, edit = KNOWN[what]
    change(log, first(log, kind), edit)
    written_by_a_later_fold(log)
    as_it_was = {"deal-differs", "activity-differs", "value-missing", "value-without-event"}  # the rows and values of before
    assert {wrong.code for wrong in findings(file)} <= as_it_was
    store = open_store(f"sqlite:///{file}")
    assert Engine(store).note(DEAL, "Hello", by=SELLER).deal.n == 42
    store.close()


def test_a_change_of_the_bytes_is_found_behind_something_newer(file: Path, log: sqlite3.Connection) -> None:
    stream, n = first(log, "deal.noted")
    change(log, (stream, n), put("mood"))
    sql = "UPDATE event SET body = CAST(replace(body, 'maija', 'pekka') AS BLOB) WHERE stream = ? AND n = ?"
    log.execute(sql, (stream, n + 2))
    log.commit()
    assert {"newer-log", "hash", "chain-broken"} <= {wrong.code for wrong in findings(file)}


def test_a_definition_in_a_newer_language_starts_no_deal(file: Path, log: sqlite3.Connection) -> None:
    log.execute("UPDATE definition SET lang = 2")
    log.commit()
    store = open_store(f"sqlite:///{file}")
    with pytest.raises(NewerLog, match="every-kind v2 is written in language 2"):
        Engine(store).start("every-kind", "E", by=SELLER, stage="lead")
    with pytest.raises(NewerLog):
        Engine(store).note(DEAL, "Hello", by=SELLER)
    store.close()


STEPS: dict[str, Callable[[Engine], object]] = {
    "a step": lambda engine: engine.note(DEAL, "Hello", by=SELLER),
    "a refused step": lambda engine: engine.advance(DEAL, "nowhere", by=SELLER),
    "a start": lambda engine: engine.start("every-kind", "E", by=SELLER, stage="lead"),
    "a refused start": lambda engine: engine.start("every-kind", "E", by=SELLER, stage="nowhere"),
    "an erasure": lambda engine: engine.erase(DEAL, by=SELLER, basis="art-17"),
    "an export": lambda engine: engine.exported("proof", {"with_personal": False}, 1, "ab" * 32, by=SELLER),
    "an import": lambda engine: list(
        engine.run("every-kind", [{"by": "m", "roles": ["seller"], "deal": DEAL, "do": "note", "note": "Hi"}], by=SELLER)
    ),
}


@pytest.mark.parametrize("what", STEPS)
def test_nothing_is_written_once_the_log_went_on_elsewhere(what: str, file: Path, log: sqlite3.Connection) -> None:
    n = max(event["n"] for event in events(log) if event["stream"] == "system")

    def moved(event: Event) -> None:
        for key in ("definition", "private", "happened"):
            event.pop(key, None)
        event.update(type="log.moved", data={"to": "elsewhere", "copy": "0" * 32})

    change(log, ("system", n), moved)
    before = log.execute("SELECT count(*), (SELECT count(*) FROM private) FROM event").fetchone()
    store = open_store(f"sqlite:///{file}")
    with pytest.raises(NewerLog, match="goes on elsewhere"):
        STEPS[what](Engine(store))
    store.close()
    assert log.execute("SELECT count(*), (SELECT count(*) FROM private) FROM event").fetchone() == before
