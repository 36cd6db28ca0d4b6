"""What only the log as a whole tells: how it begins, what its streams are called, and what came before what."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forgery import Event, change, events, findings, rechain
from story import SELLER

from procdef import Engine, InvalidArgument, open_store


def published_late(log: sqlite3.Connection) -> None:
    """The leaf of the publishing becomes the last one."""
    (idx, last) = log.execute(
        "SELECT idx, (SELECT max(idx) FROM leaf) FROM leaf WHERE stream = 'definition:every-kind'"
    ).fetchone()
    log.execute("UPDATE leaf SET idx = -1 WHERE idx = ?", (idx,))
    for k in range(idx + 1, last + 1):
        log.execute("UPDATE leaf SET idx = ? WHERE idx = ?", (k - 1, k))
    log.execute("UPDATE leaf SET idx = ? WHERE idx = -1", (last,))


def begun_by_another(log: sqlite3.Connection) -> None:
    change(log, ("system", 1), lambda event: event.update(type="log.moved", data={"to": "x", "copy": "0" * 32}))


def begun_twice(log: sqlite3.Connection) -> None:
    def edit(event: Event) -> None:
        event.update(type="log.created", data={"software": "x"})
        del event["private"], event["definition"]

    change(log, ("system", 2), edit)
    for table in ("private", "gate", "activity"):
        log.execute(f"DELETE FROM {table} WHERE stream = 'system' AND n = 2")


def without_a_beginning(log: sqlite3.Connection) -> None:
    for table in ("event", "leaf", "private", "gate", "activity"):
        log.execute(f"DELETE FROM {table} WHERE stream = 'system'")
    for k, (stream, n) in enumerate(log.execute("SELECT stream, n FROM leaf ORDER BY idx").fetchall()):
        log.execute("UPDATE leaf SET idx = ? WHERE stream = ? AND n = ?", (k, stream, n))
    log.execute("UPDATE tree SET size = (SELECT count(*) FROM leaf)")


def another_name(log: sqlite3.Connection) -> None:
    for table in ("event", "leaf"):
        log.execute(f"UPDATE {table} SET stream = 'banana' WHERE stream = 'definition:every-kind'")
    (n,) = log.execute("SELECT n FROM event WHERE stream = 'banana'").fetchone()
    change(log, ("banana", n), lambda event: event.update(stream="banana"))
    rechain(log, "banana")


def grown_from_nothing(log: sqlite3.Connection) -> None:
    stream, n = next((e["stream"], e["n"]) for e in events(log) if e["data"].get("from", "").startswith("deal:"))
    gone = "deal:01a21570-adfa-796d-8223-000000000000"
    change(log, (stream, n), lambda event: event["data"].update({"from": gone}))


FORGED: dict[str, tuple[Callable[[sqlite3.Connection], None], str, str]] = {
    "a definition published after its deals": (published_late, "leaf-order", ""),
    "a log begun by another event": (begun_by_another, "illegal", "log.created as the first event"),
    "a log begun twice": (begun_twice, "illegal", "log.created as the first event"),
    "a log that never began": (without_a_beginning, "events-missing", "log.created"),
    "a stream of another name": (another_name, "illegal", "deal:<uuid>"),
    "a deal that grew from none": (grown_from_nothing, "illegal", "the stream of another deal as from"),
}


@pytest.mark.parametrize("cheat", FORGED)
def test_a_forged_order_is_found(cheat: str, file: Path, log: sqlite3.Connection) -> None:
    forge, code, expected = FORGED[cheat]
    forge(log)
    log.commit()
    found = findings(file)
    assert [wrong for wrong in found if wrong.code == code and wrong.expected.startswith(expected)], found


def test_one_command_told_as_two(file: Path, log: sqlite3.Connection) -> None:
    story = [e for e in events(log) if e["stream"].startswith("deal:")]
    second = next(e for e in story if e["n"] == 2 and e["cmd"]["of"] == 1)
    first = next(e for e in story if e["stream"] == second["stream"] and e["n"] == 1)
    change(log, (second["stream"], 2), lambda event: event["cmd"].update(id=first["cmd"]["id"]))
    assert ("command-torn", second["stream"], 2) in [(wrong.code, wrong.stream, wrong.n) for wrong in findings(file)]


def deals_by_place(log: sqlite3.Connection) -> list[str]:
    rows = log.execute("SELECT stream FROM leaf WHERE n = 1 AND stream LIKE 'deal:%' ORDER BY idx")
    return [stream for (stream,) in rows]


def test_a_deal_grows_from_none_that_began_later(file: Path, log: sqlite3.Connection) -> None:
    first, second, *_, last = deals_by_place(log)
    change(log, (second, 1), lambda event: event["data"].update({"from": first}))
    assert [wrong for wrong in findings(file) if wrong.expected.startswith("the stream of another deal as from")] == []
    for origin, found in ((last, f"{last}, which began later"), (second, second), ("system", "system"), ("deal:x", "deal:x")):
        change(log, (second, 1), lambda event, origin=origin: event["data"].update({"from": origin}))
        told = [wrong.found for wrong in findings(file) if wrong.expected.startswith("the stream of another deal as from")]
        assert told == [found]


def test_a_refused_start_grows_from_a_deal_that_there_was(file: Path, log: sqlite3.Connection) -> None:
    n = next(event["n"] for event in events(log) if (event["stream"], event["type"]) == ("system", "step.refused"))
    last = deals_by_place(log)[-1]
    change(log, ("system", n), lambda event: event["data"]["arguments"].update({"from": last}))
    told = [wrong for wrong in findings(file) if wrong.expected.startswith("the stream of another deal as from")]
    assert [(wrong.stream, wrong.n, wrong.found) for wrong in told] == [("system", n, f"{last}, which began later")]


def test_nothing_comes_after_the_log_went_on_elsewhere(file: Path, log: sqlite3.Connection) -> None:
    last = events(log)[-1]
    places = [(event["stream"], event["n"]) for event in events(log)]
    n = max(n for stream, n in places if stream == "system")
    assert (last["stream"], last["n"]) != ("system", n)

    def moved(event: Event) -> None:
        for key in ("definition", "private", "happened"):
            event.pop(key, None)
        event.update(type="log.moved", data={"to": "elsewhere", "copy": "0" * 32})

    for table in ("private", "gate", "activity"):
        log.execute(f"DELETE FROM {table} WHERE stream = 'system' AND n = ?", (n,))
    change(log, ("system", n), moved)
    assert [wrong.expected for wrong in findings(file) if wrong.n == n].count("nothing after the log went on elsewhere") == 1


@pytest.mark.parametrize("ahead", ["2999-01-01T00:00:00.000000Z", "before the latest"])
def test_a_clock_is_put_on_record_as_wrong_up_to_the_latest_time_that_there_was(
    ahead: str, file: Path, log: sqlite3.Connection
) -> None:
    with closing(open_store(f"sqlite:///{file}")) as store:
        told = Engine(store, clock=lambda: datetime(2026, 1, 5, tzinfo=UTC)).clock_was_wrong(by=SELLER)
    assert findings(file) == []
    n = next(event["n"] for event in events(log) if event["type"] == "log.retimed")
    if ahead == "before the latest":
        ahead = max(event["at"] for event in events(log) if event["at"] < told.latest)
    change(log, ("system", n), lambda event: event["data"].update(ahead=ahead))
    wrong = [(wrong.code, wrong.stream, wrong.n, wrong.found) for wrong in findings(file)]
    assert wrong == [("illegal", "system", n, ahead)]


@pytest.mark.parametrize("what", ["Anna Virtanen's deals", "export", "export CSV", "export anna virtanen", "proofs"])
def test_what_was_exported_is_no_free_text(what: str, file: Path, log: sqlite3.Connection) -> None:
    with closing(open_store(f"sqlite:///{file}")) as store:
        engine = Engine(store)
        with pytest.raises(InvalidArgument, match="no free text"):
            engine.exported(what, {"with_personal": False}, 1, "ab" * 32, by=SELLER)
        n = engine.exported("export mine", {"with_personal": False}, 1, "ab" * 32, by=SELLER).n
    assert findings(file) == []
    change(log, ("system", n), lambda event: event["data"].update(what=what))
    assert ("illegal", "system", n) in {(wrong.code, wrong.stream, wrong.n) for wrong in findings(file)}
