"""A writer's login put a row where a step is to write its own: the step says in which table, and a verification which."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from postgresql import schema_of, server
from procdef import Actor, ConcurrentChange, Engine, load, open_store
from procdef.cli import run
from procdef.store.port import RowThere
from procdef.verification import Tally, verify

PROCESS = Path(__file__).parents[2] / "processes" / "b2b-sales.yaml"
BY = Actor("maija", frozenset({"seller"}))
TABLES = {
    "activity": "stream, n, k, process, version, stage, occurred, kind, item, detail",
    "private": "stream, n, path, salt, value",
    "event": "stream, n, id, type, recorded, hash, body",
}
"""Tables to which each note adds a row, and their columns."""


@pytest.fixture(params=["new_postgres_log", "names_apart_log"])
def log(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(request.param)
    with closing(open_store(url)) as store:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=BY)
        engine.start("b2b-sales", "A-1", stage="prospecting", by=BY)
        engine.note("A-1", "called", by=BY)
    return url


@pytest.mark.parametrize("table", TABLES)
def test_a_row_that_no_step_wrote_is_told_by_its_table(table: str, log: str, capsys: pytest.CaptureFixture[str]) -> None:
    schema, columns = schema_of(log), TABLES[table]
    server().execute(
        f"INSERT INTO {schema}.{table} ({columns}) SELECT {columns.replace(' n,', ' n + 1,')} FROM {schema}.{table} "
        f"WHERE stream LIKE 'deal:%' AND n = (SELECT n FROM {schema}.deal)"
    )
    assert run(["note", "A-1", "next", "--as", "maija:seller", "--db", log]) == 1
    told = capsys.readouterr().err
    assert f"a row of the table {table}" in told
    assert told.count("audit verify") == 1
    with closing(open_store(log)) as store, store.inspect() as tx:
        assert [(found.stream, found.n) for found in verify(tx, Tally()) if found.n == 3]
    server().execute(f"DELETE FROM {schema}.{table} WHERE stream LIKE 'deal:%' AND n = 3")
    assert run(["note", "A-1", "next", "--as", "maija:seller", "--db", log]) == 0
    with closing(open_store(log)) as store, store.inspect() as tx:
        assert list(verify(tx, Tally())) == []


def test_a_deal_that_others_move_on_each_time_is_no_damage(
    new_postgres_log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def behind(*_: object, **__: object) -> None:
        raise RowThere("deal")

    with closing(open_store(new_postgres_log)) as store:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=BY)
        monkeypatch.setattr("procdef.store.postgres.transaction.PostgresTx.append", behind)
        with pytest.raises(ConcurrentChange):
            engine.start("b2b-sales", "A-1", stage="prospecting", by=BY)
