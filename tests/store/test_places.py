"""Where an event stands in the log is found at once, however long the log, and also where rows have other numbers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from procdef import open_store
from procdef.store import Batch, EventPlace, EventRow, PlaceRow, Places
from procdef.store.sql_statements import INSPECTION_STATEMENTS

STREAMS = 400


def written(file: Path) -> Path:
    """A log of two events in each of many streams, the second ones after all the first ones."""
    store = open_store(f"sqlite:///{file}")
    for n in (1, 2):
        events = [
            EventRow(f"deal:{k:03}", n, f"{k}-{n}", "deal.noted", "", f"{k:060}{n:04}", b"{}") for k in range(STREAMS)
        ]
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=events))
    store.close()
    return file


def asked(file: Path, query: EventPlace | Places) -> tuple[list[PlaceRow], int]:
    """The answer, and how many hundreds of SQLite's instructions it took."""
    taken = 0

    def tick() -> int:
        nonlocal taken
        taken += 1
        return 0

    statement = INSPECTION_STATEMENTS[type(query)](query)
    with closing(sqlite3.connect(file)) as connection:
        connection.set_progress_handler(tick, 100)
        rows = connection.execute(statement.sql, statement.parameters).fetchall()
    return [PlaceRow(*row) for row in rows], taken


@pytest.mark.parametrize(
    ("query", "found"), [(Places("deal:007"), [7, STREAMS + 7]), (EventPlace("deal:007", 2), [STREAMS + 7])]
)
def test_the_places_of_a_stream_are_found_without_a_look_at_the_others(
    query: EventPlace | Places, found: list[int], tmp_path: Path
) -> None:
    rows, taken = asked(written(tmp_path / "log.db"), query)
    assert [row.idx for row in rows] == found
    assert taken < 5, "all leaves were looked through"


@pytest.mark.parametrize("query", [Places("deal:007"), EventPlace("deal:007", 2)])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET rowid = rowid + 5000",
        "UPDATE event SET rowid = 5000 - rowid",
        "UPDATE leaf SET idx = -1 - idx",
    ],
)
def test_rows_of_other_numbers_are_found_all_the_same(query: EventPlace | Places, change: str, tmp_path: Path) -> None:
    file = written(tmp_path / "log.db")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(change)
        where = f" AND n = {query.n}" if isinstance(query, EventPlace) else ""
        expected = connection.execute(
            f"SELECT stream, n, idx, hash FROM leaf WHERE stream = 'deal:007'{where} ORDER BY n"
        ).fetchall()
    assert asked(file, query)[0] == expected
    assert expected


def test_a_purge_leaves_the_rows_where_they_are_found_at_once(tmp_path: Path) -> None:
    file = written(tmp_path / "log.db")
    store = open_store(f"sqlite:///{file}")
    assert store.purge()
    store.close()
    assert asked(file, EventPlace("deal:007", 2))[1] < 5
