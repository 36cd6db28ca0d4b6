"""A tree that somebody took away is told, and never made anew over what they forged; one that came late is told too."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from forgery import change, events
from sealed_story import tell_sealed
from story import MANAGER, SELLER

from earlier_layouts import without_a_tree
from procdef import Engine, LogBroken, open_store
from procdef.log.checkpoint import HeldNote, origin
from procdef.log.irregularity import Irregularity
from procdef.log.signed_note import Signer
from procdef.verification import Tally, verify
from procdef.verification.since_note import verify_since
from procdef.verification.tree.assurance import Assurance
from procdef.verification.tree.whole_tree import verify_tree

OLD = Path(__file__).parent / "0.1.0" / "deals.sqlite"


def forge(file: Path, *more: str) -> None:
    """Another loss than was told, all hashes made anew, and no tree that would tell."""
    with closing(sqlite3.connect(file)) as log:
        (stream, n) = log.execute("SELECT stream, n FROM event WHERE type = 'deal.noted' ORDER BY recorded").fetchone()
        change(log, (stream, n), lambda event: event["by"].update(id="somebody"))
        without_a_tree(log)
        for statement in more:
            log.execute(statement)
        log.commit()
        log.execute("PRAGMA journal_mode = DELETE")


def verified(file: Path, *held: HeldNote) -> tuple[list[Irregularity], Tally, Assurance]:
    tally, assurance = Tally(), Assurance()
    with closing(open_store(f"sqlite:///{file}", read_only=True)) as store, store.inspect() as tx:
        return [*verify(tx, tally), *verify_tree(tx, held, assurance)], tally, assurance


@pytest.mark.parametrize(
    "more",
    [
        (), ("PRAGMA user_version = 2",), ("PRAGMA user_version = 2", "PRAGMA application_id = 0"),
    ],
)  # fmt: skip
def test_a_log_that_says_that_it_was_sealed_has_a_tree(more: tuple[str, ...], file: Path) -> None:
    forge(file, *more)
    found, _, assurance = verified(file)
    assert not assurance.tree
    assert "tree-missing" in {wrong.code for wrong in found}
    assert ("layout-differs" in {wrong.code for wrong in found}) is (more == ())
    before = file.read_bytes()
    with pytest.raises(LogBroken, match="somebody took it away"):
        open_store(f"sqlite:///{file}")
    assert file.read_bytes() == before


@pytest.fixture
def keyed(tmp_path: Path) -> Path:
    """The log of an earlier procdef, which said nothing of a tree in its first event, with keys; then without its tree."""
    for name in ("sealed.sqlite", "early.note"):
        shutil.copy(OLD.with_name(name), tmp_path / name)
    forge(tmp_path / "sealed.sqlite", "PRAGMA user_version = 2")
    return tmp_path


def test_a_log_with_a_key_has_a_tree(keyed: Path) -> None:
    found, *_ = verified(keyed / "sealed.sqlite")
    assert "tree-missing" in {wrong.code for wrong in found}
    with pytest.raises(LogBroken, match=r"log\.rekeyed"):
        open_store(f"sqlite:///{keyed / 'sealed.sqlite'}")


def test_a_log_over_which_somebody_holds_a_note_has_a_tree(keyed: Path) -> None:
    note = HeldNote("early", (keyed / "early.note").read_bytes())
    with closing(sqlite3.connect(keyed / "sealed.sqlite")) as log:
        log.execute("DELETE FROM event WHERE type = 'log.rekeyed'")
        log.commit()
    found, *_ = verified(keyed / "sealed.sqlite", note)
    assert ("tree-missing", "a tree, as the note early was made over one") in {(each.code, each.expected) for each in found}
    with closing(open_store(f"sqlite:///{keyed / 'sealed.sqlite'}", read_only=True)) as store, store.inspect() as tx:
        since = list(verify_since(tx, note, (), Tally(), Assurance()))
    assert "tree-missing" in {each.code for each in since}


@pytest.mark.parametrize("number", [0, 2, 3, 7])
def test_another_number_in_the_head_is_a_finding_and_no_later_procdef(number: int, file: Path) -> None:
    with closing(sqlite3.connect(file)) as log:
        log.execute(f"PRAGMA user_version = {number}")
    found, *_ = verified(file)
    assert [(each.code, each.found) for each in found] == [("layout-differs", str(number))]
    with closing(open_store(f"sqlite:///{file}")) as store:
        Engine(store).note("C", "Hello", by=SELLER)


def test_a_table_of_a_later_layout_is_a_finding(tmp_path: Path) -> None:
    file = Path(shutil.copy(OLD, tmp_path / "old.sqlite"))
    with closing(sqlite3.connect(file)) as log, closing(sqlite3.connect(OLD.with_name("sealed.sqlite"))) as sealed:
        (sql,) = sealed.execute("SELECT sql FROM sqlite_master WHERE name = 'note'").fetchone()
        log.execute(sql)
        assert [(each.code, each.found) for each in verified(file)[0]] == [("layout-differs", "the table note")]
        log.execute("DROP TABLE note")
        log.execute("CREATE TABLE note (of_the_application TEXT)")
        assert verified(file)[0] == []


@pytest.fixture
def late(tmp_path: Path) -> Path:
    """The log of an earlier procdef, opened by this one."""
    file = Path(shutil.copy(OLD, tmp_path / "old.sqlite"))
    found, tally, assurance = verified(file)
    assert (found, tally.late, assurance.tree) == ([], None, False)
    open_store(f"sqlite:///{file}").close()
    return file


def test_sealing_an_earlier_log_is_an_event(late: Path) -> None:
    with closing(sqlite3.connect(late)) as log:
        *before, last = events(log)
    assert (last["type"], last["stream"], last["data"]) == ("log.sealed", "system", {"size": len(before)})
    assert last["by"]["auth"] == "os"
    found, tally, assurance = verified(late)
    assert (found, tally.late, assurance.tree) == ([], (len(before), last["at"]), True)
    with closing(open_store(f"sqlite:///{late}")) as store:  # and only once
        engine, key = Engine(store), Signer(origin(store.log), bytes(32))
        engine.rekey(key, by=MANAGER)
        engine.checkpoint(key)
        engine.note("C", "Hello", by=SELLER)
    assert verified(late)[0] == []
    with closing(sqlite3.connect(late)) as log:
        assert [event["type"] for event in events(log)].count("log.sealed") == 1


def test_the_event_tells_how_many_there_were(late: Path) -> None:
    with closing(sqlite3.connect(late)) as log:
        n = events(log)[-1]["n"]
        change(log, ("system", n), lambda event: event["data"].update(size=3))
    assert ("illegal", n) in {(each.code, each.n) for each in verified(late)[0]}


def test_a_log_that_was_sealed_from_its_start_is_not_sealed_again(late: Path) -> None:
    with closing(sqlite3.connect(late)) as log:
        change(log, ("system", 1), lambda event: event["data"].update(sealed=True))
    assert "the sealing of a log that had no tree, and so no key" in {each.expected for each in verified(late)[0]}
    with closing(sqlite3.connect(late)) as log:
        change(log, ("system", 1), lambda event: event["data"].update(sealed=False))
    assert "sealed: true, or nothing" in {each.expected for each in verified(late)[0]}


def test_no_note_is_over_what_had_no_tree(late: Path) -> None:
    with closing(sqlite3.connect(late)) as log:
        log.execute("INSERT INTO note VALUES (5, 'x')")
        log.commit()
    assert "one over 5 events" in {each.found for each in verified(late)[0]}


def test_a_new_log_says_that_it_is_sealed_and_is_never_sealed_late(tmp_path: Path) -> None:
    tell_sealed(tmp_path)
    with closing(sqlite3.connect(tmp_path / "sealed.sqlite")) as log:
        first = json.loads(log.execute("SELECT body FROM event WHERE stream = 'system' AND n = 1").fetchone()[0])
    assert first["data"]["sealed"] is True
    assert verified(tmp_path / "sealed.sqlite")[1].late is None
