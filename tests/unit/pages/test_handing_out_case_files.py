"""Handing out a case file from a program: what comes back, and what the log then tells of it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from procdef import Actor, Engine, InvalidArgument, StoreBusy, UnknownDeal, load, open_store
from procdef.pages.casefile import hand_out
from procdef.store.memory.store import MemoryStore

PROCESS = """\
procdef: 1
id: short
version: 1
title: {en: Short, fi: Lyhyt}
languages: [en, fi]
calendar: {timezone: Europe/Helsinki}
roles: {seller: {title: Seller}}
fields: {need: {type: text, title: {en: Need, fi: Tarve}}}
stages:
  ask: {title: {en: Ask, fi: Kysy}, start: true, owner: seller, next: end}
  end: {title: End, owner: seller, outcome: won}
"""
MAIJA = Actor("maija", roles={"seller"}, auth="app")
BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Office:
    """A deal of two steps, a day apart, looked at two days after the second."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.store = MemoryStore()
        self.engine = Engine(self.store, clock=lambda: self.now)
        self.engine.publish(load(PROCESS), by=MAIJA)
        self.engine.start("short", "A-1", by=MAIJA)
        self.now += timedelta(days=1)
        self.engine.record("A-1", {"need": "speed"}, by=MAIJA)
        self.now += timedelta(days=2)

    def exports(self) -> list[dict[str, Any]]:
        return [item.event["data"] for item in self.engine.feed() if item.event.type == "log.exported"]


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_page_comes_back_and_the_log_tells_that_it_left(office: Office) -> None:
    handed = hand_out(office.engine, "A-1", by=MAIJA)
    page = handed.content.decode()
    assert page.startswith("<!doctype html>")
    assert "speed" in page
    assert handed.sha256 == sha256(handed.content).hexdigest()
    assert office.exports() == [
        {
            "what": "export casefile", "filter": {"with_personal": True, "deals": [office.engine.deal("A-1").stream]},
            "rows": 2, "sha256": handed.sha256,
        }
    ]  # fmt: skip
    last = list(office.engine.feed())[-1].event
    assert handed.recorded is not None
    assert (handed.recorded.stream, handed.recorded.n) == (last.stream, last.n)


def test_as_json_it_holds_what_the_case_file_does(office: Office) -> None:
    handed = hand_out(office.engine, "A-1", by=MAIJA, form="json")
    assert json.loads(handed.content) == json.loads(json.dumps(handed.file.as_dict()))


def test_it_is_as_of_the_engines_clock_and_in_its_language(office: Office) -> None:
    handed = hand_out(office.engine.in_language("fi"), "A-1", by=MAIJA)
    assert handed.file.as_of == "2026-03-05T08:00:00.000000Z"
    assert '<html lang="fi"' in handed.content.decode()


@pytest.mark.parametrize(
    ("until", "as_of"),
    [
        ("2026-03-02", "2026-03-02T21:59:59.999999Z"),
        (date(2026, 3, 2), "2026-03-02T21:59:59.999999Z"),
        ("2026-03-02T12:00+02:00", "2026-03-02T10:00:00.000000Z"),
        (datetime(2026, 3, 2, 10, tzinfo=UTC), "2026-03-02T10:00:00.000000Z"),
    ],
)
def test_of_an_earlier_time_it_tells_what_was_recorded_by_then(
    until: str | date | datetime, as_of: str, office: Office
) -> None:
    handed = hand_out(office.engine, "A-1", by=MAIJA, until=until)
    assert (handed.file.as_of, len(handed.file.timeline)) == (as_of, 1)
    (told,) = office.exports()
    assert told["filter"]["to"] == as_of


def test_the_content_is_kept_before_the_log_tells_of_it(office: Office) -> None:
    seen: list[tuple[bytes, int]] = []
    handed = hand_out(office.engine, "A-1", by=MAIJA, keep=lambda content: seen.append((content, len(office.exports()))))
    assert seen == [(handed.content, 0)]


def test_what_could_not_be_kept_is_not_on_record(office: Office) -> None:
    def full(_: bytes) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        hand_out(office.engine, "A-1", by=MAIJA, keep=full)
    assert office.exports() == []


def test_a_function_that_kept_the_content_learns_that_it_is_not_on_record(tmp_path: Path) -> None:
    engine = Engine(open_store(f"sqlite:///{tmp_path}/deals.db?busy=0"))
    engine.publish(load(PROCESS), by=MAIJA)
    engine.start("short", "A-1", by=MAIJA)
    kept = tmp_path / "A-1.html"
    with closing(sqlite3.connect(tmp_path / "deals.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            hand_out(engine, "A-1", by=MAIJA, keep=kept.write_bytes)
    assert kept.exists()
    assert [item.event.type for item in engine.feed() if item.event.type == "log.exported"] == []
    engine.store.close()


def test_inside_a_transaction_of_the_application_nothing_is_handed_out(tmp_path: Path) -> None:
    engine, kept = Engine(open_store(tmp_path / "deals.db")), list[bytes]()
    engine.publish(load(PROCESS), by=MAIJA)
    engine.start("short", "A-1", by=MAIJA)
    with closing(sqlite3.connect(tmp_path / "deals.db", isolation_level=None)) as own:
        own.execute("BEGIN IMMEDIATE")
        with pytest.raises(InvalidArgument, match="not handed out inside your own transaction") as refused:
            hand_out(engine.on(own), "A-1", by=MAIJA, keep=kept.append)
        own.execute("COMMIT")
    assert (refused.value.subject, kept, engine.joined) == ("engine", [], False)
    assert [item.event.type for item in engine.feed() if item.event.type == "log.exported"] == []
    engine.store.close()


def test_of_a_log_that_is_only_read_nothing_is_on_record(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryStore, "writable", False)
    assert hand_out(office.engine, "A-1", by=MAIJA).recorded is None
    assert office.exports() == []


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        ({"until": "2999-01-01"}, "until"),
        ({"until": "2001-01-01"}, "until"),
        ({"until": "yesterday"}, "until"),
        ({"until": datetime(2026, 3, 2)}, "until"),
        ({"until": 3}, "until"),
        ({"form": "pdf"}, "form"),
        ({"by": "maija"}, "by"),
        ({"keep": 5}, "keep"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_kept(
    given: dict[str, Any], subject: str, office: Office
) -> None:
    kept: list[bytes] = []
    with pytest.raises(InvalidArgument) as refused:
        hand_out(office.engine, "A-1", **{"by": MAIJA, "keep": kept.append, **given})
    assert refused.value.subject == subject
    assert (kept, office.exports()) == ([], [])


def test_a_deal_that_there_is_not(office: Office) -> None:
    with pytest.raises(UnknownDeal):
        hand_out(office.engine, "A-9", by=MAIJA)
    assert office.exports() == []
