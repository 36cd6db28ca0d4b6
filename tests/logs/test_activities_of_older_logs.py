"""What figures ask of many deals stands in rows of its own: the same whether it was told then or filled in later."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from forgery import findings
from story import MANAGER, SELLER

from earlier_layouts import without_activities, without_deadlines
from procdef import Engine, StoreError, open_store
from procdef.store import Activities, Deals, Directories, Stays, Waking

OLD = Path(__file__).parent / "0.1.0" / "deals.sqlite"
ASKED = (
    "SELECT * FROM activity ORDER BY stream, n, k",
    "SELECT stream, active FROM deal ORDER BY stream",
    "SELECT stream, k, due FROM stay ORDER BY stream, k",
)


def stored(file: Path) -> list[list[Any]]:
    with closing(sqlite3.connect(file)) as log:
        return [log.execute(each).fetchall() for each in ASKED]


def other_findings(file: Path) -> list[Any]:
    """Everything wrong with the log, but that the directory of people which it tells of went with the tables of layout 5."""
    return [wrong for wrong in findings(file) if wrong.code != "directory-missing"]


def make_earlier(file: Path) -> None:
    """As the procdef of layout 3 left it."""
    with closing(sqlite3.connect(file)) as log:
        without_activities(log)
        log.execute("PRAGMA user_version = 3")
        log.commit()


def test_every_kind_of_activity_is_in_the_story(file: Path) -> None:
    rows = stored(file)[0]
    assert {row[7] for row in rows} == {"value", "close", "done", "note", "lost", "waived", "assigned", "late"}
    assert any(due for _, _, due in stored(file)[2])


def test_an_earlier_log_is_filled_in_as_if_it_had_been_told_then(file: Path) -> None:
    told = stored(file)
    make_earlier(file)
    open_store(f"sqlite:///{file}").close()
    assert stored(file) == told
    assert other_findings(file) == []


def test_a_log_of_the_first_version_is_filled_in(tmp_path: Path) -> None:
    file = Path(shutil.copy(OLD, tmp_path / "old.sqlite"))
    open_store(f"sqlite:///{file}").close()
    assert all(stored(file))
    assert findings(file) == []


def test_an_earlier_log_that_may_only_be_read_has_no_activities(file: Path) -> None:
    make_earlier(file)
    with closing(open_store(f"sqlite:///{file}", read_only=True)) as store, store.transaction(write=False) as tx:
        assert not tx.has_activities
        with pytest.raises(StoreError, match="no activities yet; open it once"):
            list(tx.scan(Activities()))
        assert {row.active for row in tx.scan(Deals())} == {""}
        assert {row.due for row in tx.scan(Stays())} == {None}
        assert tx.load([row.key for row in tx.scan(Deals())]).deals
    assert other_findings(file) == []


DAMAGED = {
    "no JSON": b"{",
    "no object": b"[]",
    "no data": b'{"type":"deal.noted","at":"x","by":{"id":"x"},"via":"cli","cmd":{"i":1}}',
    "a list as action": b'{"type":"action.completed","at":"x","by":{"id":"x"},"via":"cli","cmd":{"i":1},"data":{"action":[]}}',
    "a number as time": b'{"type":"deal.lost","at":5,"by":{"id":"x"},"via":"cli","cmd":{"i":1},"data":{"reason":"x"}}',
}


@pytest.mark.parametrize("body", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_event_keeps_no_log_from_being_filled_in(body: bytes, file: Path, log: sqlite3.Connection) -> None:
    told = stored(file)[0]
    (stream,) = log.execute("SELECT stream FROM deal WHERE key = 'C'").fetchone()
    log.execute("UPDATE event SET body = ? WHERE stream = ? AND n = 3", (body, stream))
    log.commit()
    make_earlier(file)
    open_store(f"sqlite:///{file}").close()
    assert [row for row in told if (row[0], row[1]) != (stream, 3)] == stored(file)[0]


def test_nothing_personal_gets_in_and_an_erasure_changes_nothing(file: Path) -> None:
    told = stored(file)
    with closing(open_store(f"sqlite:///{file}")) as store:
        Engine(store).erase("C", ["deal"], basis="art-17", by=MANAGER)
    assert stored(file)[0] == told[0]
    with closing(sqlite3.connect(file)) as log:
        said = {value.decode() for (value,) in log.execute("SELECT value FROM private")}
    assert not {cell for row in told[0] for cell in row if f'"{cell}"' in said}


def test_an_activity_of_a_stream_that_is_no_deal_is_a_finding(file: Path, log: sqlite3.Connection) -> None:
    log.execute("INSERT INTO activity VALUES ('system', 1, 1, 'p', 1, 's', '2026', 'done', 'x', NULL)")
    log.commit()
    assert [(wrong.code, wrong.stream, wrong.n) for wrong in findings(file)] == [("activity-differs", "system", 1)]


def test_a_step_of_an_earlier_time_is_late_and_an_imported_one_is_not(file: Path) -> None:
    with closing(open_store(f"sqlite:///{file}")) as store:
        engine = Engine(store)
        began = engine.deal("C").started
        engine.note("C", "They called", by=SELLER, happened=began)
        with store.transaction(write=False) as tx:
            rows = list(tx.scan(Activities(kinds=("late", "note"))))
    (note,) = [row for row in rows if (row.kind, row.occurred) == ("note", began)]
    (late,) = [row for row in rows if (row.kind, row.stream, row.n) == ("late", note.stream, note.n)]
    assert late.item > late.occurred == began


def test_a_log_from_before_deadlines_tells_of_them_once_it_is_opened(file: Path) -> None:
    with closing(sqlite3.connect(file)) as log:
        open_deals = log.execute("SELECT count(*) FROM deal WHERE due IS NOT NULL").fetchone()
        without_deadlines(log)
        log.execute("PRAGMA user_version = 4")
        log.commit()
    with closing(open_store(f"sqlite:///{file}", read_only=True)) as store, store.transaction(write=False) as tx:
        assert tx.has_activities
        assert not tx.has_deadlines
        assert {(row.wake, row.deadline == row.due) for row in tx.scan(Deals())} == {(None, True)}
        assert len([*tx.scan(Deals(due_before="2099"))]) == open_deals[0]
        for query in (Waking("2099"), Directories()):
            with pytest.raises(StoreError, match="does not tell of deadlines or people yet; open it once"):
                list(tx.scan(query))
    assert other_findings(file) == []
    with closing(open_store(f"sqlite:///{file}")) as store:
        assert other_findings(file) == []
        with store.transaction(write=False) as tx:
            assert len([*tx.scan(Waking("2099"))]) == open_deals[0] > 0
        told = {each.kind for each in Engine(store).tick(by=SELLER)}
        assert told >= {"overdue"}
        assert [*Engine(store).tick(by=SELLER)] == []
    assert other_findings(file) == []
