"""A log that goes on in another store: every byte as it was, closed here and open there, whatever came between."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from forgery import Event, change, events, findings, rechain
from story import SELLER

from postgresql import schema_of, server
from procdef import Engine, InvalidArgument, LogBroken, NewerLog, StoreError, open_store
from procdef.cli import run
from procdef.engine import moving
from procdef.store import InspectableStore, Leaf, LogOrder, Private
from procdef.store.copying import rows as row_copies
from procdef.store.copying.schemas import CopiedSchema
from procdef.store.postgres.setup import initialise
from procdef.verification import Tally, verify


@pytest.fixture
def source(file: Path) -> Iterator[InspectableStore]:
    with open_store(f"sqlite:///{file}?busy=30") as opened:
        yield opened


def log_of(store: InspectableStore) -> str:
    with store.transaction(write=False) as tx:
        return tx.log


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, source: InspectableStore, tmp_path: Path) -> Iterator[InspectableStore]:
    """An empty log of the source's UUID."""
    log = log_of(source)
    if request.param == "postgresql":
        url = re.sub(r"schema=\w+", r"\g<0>_moved", request.getfixturevalue("new_postgres_log"))
        initialise(url, log=log)
    else:
        url = f"sqlite:///{tmp_path / 'moved.db'}"
    with open_store(url, **({} if request.param == "postgresql" else {"log": log})) as opened:
        yield opened


def move(source: InspectableStore, target: InspectableStore, to: str = "there", copy: str = "0" * 32) -> int:
    return Engine(source).move(Engine(target), to=to, copy=copy, came_from="here", by=SELLER)


def bodies(store: InspectableStore) -> list[tuple[str, bytes]]:
    with store.transaction(write=False) as tx:
        return [(leaf.event.type, leaf.event.body) for leaf in tx.scan(LogOrder())]


def verified(store: InspectableStore) -> bool:
    with store.inspect() as tx:
        return list(verify(tx, Tally())) == []


def test_a_moved_log_has_every_event_as_it_was_and_goes_on(
    source: InspectableStore, target: InspectableStore, tmp_path: Path
) -> None:
    before, deal = bodies(source), next(iter(Engine(source).deals())).key
    size = move(source, target)
    here, there = bodies(source), bodies(target)
    assert here[:-1] == before
    assert there[:-1] == here
    assert [kind for kind, _ in there[-2:]] == ["log.moved", "log.opened"]
    assert (size, log_of(target)) == (len(there), log_of(source))
    assert verified(source)
    assert verified(target)
    with pytest.raises(NewerLog, match=r"goes on elsewhere, in there; nothing was written"):
        Engine(source).note(deal, "Too late", by=SELLER)
    assert bodies(source) == here
    Engine(target).note(deal, "Goes on", by=SELLER)
    assert verified(target)
    assert move(source, target) == size + 1
    with open_store(f"sqlite:///{tmp_path / 'third.db'}", log=log_of(source)) as third:
        move(target, third, to="elsewhere")
        assert bodies(third)[: size + 1] == bodies(target)[:-1]
        assert verified(third)


def test_a_log_goes_on_in_one_place(source: InspectableStore, target: InspectableStore) -> None:
    move(source, target)
    with pytest.raises(InvalidArgument, match="goes on in there already"):
        move(source, target, to="elsewhere")


def test_another_log_is_not_written_over(source: InspectableStore, tmp_path: Path) -> None:
    with open_store(tmp_path / "other.db") as other:
        with pytest.raises(StoreError, match=r"has the log .* which is another one"):
            move(source, other)
        assert bodies(other) == []
    assert bodies(source)[-1][0] != "log.moved"


@pytest.mark.parametrize("target", ["sqlite"], indirect=True)
def test_a_copy_that_somebody_else_wrote_to_is_refused_while_the_log_is_still_open(
    source: InspectableStore, target: InspectableStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_copies, "MOST", 7)
    row_copies.copy_some(source, target)
    with closing(sqlite3.connect(target.path)) as other:  # type: ignore[attr-defined]
        other.execute("UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'm', 'n') AS BLOB) WHERE n = 2")
        other.commit()
    with pytest.raises(LogBroken, match="is not that of the log"):
        move(source, target)
    assert bodies(source)[-1][0] != "log.moved"


@pytest.mark.parametrize("table", ["private", "stay", "gate", "activity", "request", "note"])
def test_a_copy_that_differs_in_any_table_is_not_opened(
    table: str, source: InspectableStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(f"sqlite:///{tmp_path / 'moved.db'}", log=log_of(source)) as target:
        while row_copies.copy_some(source, target):
            pass
        with closing(sqlite3.connect(target.path)) as other:  # type: ignore[attr-defined]
            if table == "note":
                other.execute("INSERT INTO note VALUES (1, 'forged')")
            else:
                other.execute(f"DELETE FROM {table} WHERE stream = (SELECT max(stream) FROM {table})")
            other.commit()
        with pytest.raises(LogBroken, match=rf"differs in a row of {'activit' if table == 'activity' else table}"):
            move(source, target)
        assert bodies(source)[-1][0] != "log.moved"


def test_what_is_erased_while_it_is_copied_is_not_in_the_copy(
    source: InspectableStore, target: InspectableStore
) -> None:
    row_copies.copy_some(source, target)
    with target.transaction(write=False) as tx:
        held = next(iter([*tx.scan(Private())]))
    Engine(source).erase_again([Leaf(*held[:3])], basis="b", by=SELLER)
    move(source, target)
    with target.transaction(write=False) as tx:
        assert held[:3] not in {row[:3] for row in tx.scan(Private())}
    assert verified(target)


def test_what_others_write_meanwhile_is_copied_or_refused(source: InspectableStore, target: InspectableStore) -> None:
    deal = next(iter(Engine(source).deals())).key
    noted: list[int] = []
    told: list[str] = []

    def write() -> None:
        try:
            while True:
                noted.append(Engine(source).note(deal, "Called", by=SELLER).events[-1].n)
        except NewerLog as error:
            told.append(str(error))

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    move(source, target)
    for writer in writers:
        writer.join()
    assert len(told) == 2
    there = {event.n for event in Engine(target).events(deal)}
    assert len(noted) == len({*noted})
    assert {*noted} <= there
    assert verified(target)


def test_the_whole_copy_is_held_against_the_log_while_that_is_open(
    source: InspectableStore, target: InspectableStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = next(iter(Engine(source).deals())).key
    open_then: list[bool] = []

    def then_written_to(here: InspectableStore, there: InspectableStore) -> row_copies.Held:
        open_then.append(bodies(here)[-1][0] != "log.moved")
        Engine(here).note(deal, "before it is held", by=SELLER)
        held = row_copies.hold(here, there)
        Engine(here).note(deal, "and after it", by=SELLER)
        return held

    monkeypatch.setattr(moving, "hold", then_written_to)
    move(source, target)
    assert open_then == [True]
    assert bodies(target)[:-1] == bodies(source)
    assert bodies(target)[-4:-2] == bodies(source)[-3:-1]
    assert verified(target)


AFTER = {
    "an event": "UPDATE event SET body = CAST(body AS TEXT) || ' ' WHERE rowid = (SELECT max(rowid) FROM event)",
    "a visit": "UPDATE stay SET stage = 'x'",
    "a deal": "UPDATE deal SET outcome = 'x'",
    "an activity": "DELETE FROM activity",
    "a note": "INSERT INTO note VALUES (1, 'forged')",
}


@pytest.mark.parametrize("target", ["sqlite"], indirect=True)
@pytest.mark.parametrize("forgery", AFTER.values(), ids=AFTER)
def test_what_came_after_that_is_held_against_the_closed_log(
    forgery: str, source: InspectableStore, target: InspectableStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = next(iter(Engine(source).deals())).key

    def then_forged(here: InspectableStore, there: InspectableStore, streams: tuple[str | None, ...] = (None,)) -> None:
        row_copies.settle(here, there, streams)
        if bodies(here)[-1][0] != "log.moved":
            Engine(here).note(deal, "after it was copied", by=SELLER)
            return
        with closing(sqlite3.connect(target.path)) as other:  # type: ignore[attr-defined]
            other.execute(forgery)
            other.commit()

    monkeypatch.setattr(moving, "settle", then_forged)
    with pytest.raises(LogBroken):
        move(source, target)
    assert bodies(target)[-1][0] == "log.moved"


def _never_moved(log: sqlite3.Connection) -> None:
    def edit(event: Event) -> None:
        exported = {"what": "proof", "filter": {"with_personal": False}, "rows": 1, "sha256": "ab" * 32}
        event.update(type="log.exported", data=exported)

    n = max(event["n"] for event in events(log) if event["type"] == "log.moved")
    change(log, ("system", n), edit)
    rechain(log, "system")


def test_a_log_that_goes_on_here_came_from_elsewhere(source: InspectableStore, tmp_path: Path) -> None:
    file = tmp_path / "moved.db"
    with open_store(f"sqlite:///{file}", log=log_of(source)) as target:
        move(source, target)
    with closing(sqlite3.connect(file)) as log:
        _never_moved(log)
        log.commit()
    assert "log.moved right before" in [wrong.expected for wrong in findings(file)]


def test_the_command_moves_a_log_into_a_schema_once(
    source: InspectableStore, new_postgres_log: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = re.sub(r"schema=\w+", r"\g<0>_told", new_postgres_log)
    for told in ("goes on here with", "is there already, and the log goes on in it"):
        assert run(["store", "copy", str(file), url]) == 0
        assert told in capsys.readouterr().out
    with open_store(url) as there:
        assert verified(there)
        assert [kind for kind, _ in bodies(there)[-2:]] == ["log.moved", "log.opened"]


def test_a_schema_is_taken_for_no_log_before_the_copy_is_complete(
    source: InspectableStore, new_postgres_log: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = re.sub(r"schema=\w+", r"\g<0>_begun", new_postgres_log)
    place = CopiedSchema(url)
    with place.held():
        place.hide()
        initialise(url, log=log_of(source))  # as far as a copy comes that is interrupted then
    with pytest.raises(StoreError, match="a copy that is not complete; copy the log there again"):
        open_store(url)
    for command in (["store", "init", url], ["store", "check", url], ["audit", "verify", "--db", url]):
        assert run(command) == 3
        assert "a copy that is not complete" in capsys.readouterr().err
    assert run(["store", "copy", str(file), url]) == 0
    with open_store(url) as there:
        assert verified(there)


def test_no_copy_is_written_over_a_log_that_goes_on(
    source: InspectableStore, new_postgres_log: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, earlier = re.sub(r"schema=\w+", r"\g<0>_live", new_postgres_log), tmp_path / "earlier.db"
    source.backup(earlier)
    assert run(["store", "copy", str(file), url]) == 0
    with open_store(url) as there:
        deal = next(each.name for each in Engine(there).deals() if each.mode == "open")
        Engine(there).note(deal, "Went on", by=SELLER)
        before = bodies(there)
        for other in (str(earlier), url, f"{url}&busy=3"):
            assert run(["store", "copy", other, url]) == 2
            assert "holds a log already, which no copy is written over" in capsys.readouterr().err
        assert bodies(there) == before
        Engine(there).note(deal, "Goes on", by=SELLER)
        assert verified(there)
    assert run(["store", "copy", str(earlier), new_postgres_log]) == 2  # where store init made a log
    with open_store(new_postgres_log) as begun:
        assert bodies(begun) == []


def test_a_copy_leaves_nothing_beside_tables_of_somebody_else(
    source: InspectableStore, new_postgres_log: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = re.sub(r"schema=\w+", r"\g<0>_shop", new_postgres_log)
    shop = schema_of(url)
    server().execute(f"CREATE SCHEMA {shop}")
    server().execute(f"CREATE TABLE {shop}.event (ticket text)")
    assert run(["store", "copy", str(file), url]) == 3
    assert "has a table event that is none of a log's; name another schema" in capsys.readouterr().err
    assert server().execute(f"SELECT to_regclass('{shop}.procdef_copy')") == [(None,)]
