"""The tables of a log in PostgreSQL as somebody may leave them or lock them: what is told, and that nobody waits for ever."""

from __future__ import annotations

import threading
from contextlib import closing

import psycopg
import pytest

from postgresql import differences, schema_of, server
from procdef import StoreError, open_store
from procdef.errors import StoreBusy
from procdef.store import Deals
from procdef.store.postgres_setup import initialise, upgrade

LEFT = {
    "ALTER TABLE {s}.event SET UNLOGGED": "the unlogged table event",
    "CREATE TABLE {s}.more () INHERITS ({s}.event)": "that inherits from",
    "GRANT SELECT, INSERT ON {s}.private TO PUBLIC": "the right of everybody (PUBLIC) to insert, select private",
}


@pytest.mark.parametrize("statement", LEFT)
def test_what_somebody_did_to_the_tables_is_a_difference(statement: str, new_postgres_log: str) -> None:
    server().execute(statement.format(s=schema_of(new_postgres_log)))
    with closing(open_store(new_postgres_log)) as store, store.inspect() as tx:
        found = [strange for _, strange in tx.layout_differences()]
    assert len(found) == 1
    assert LEFT[statement] in found[0]
    assert [strange for _, strange in differences(new_postgres_log)] == found


def test_what_reads_waits_for_a_locked_table_no_longer_than_busy(new_postgres_log: str) -> None:
    url, tree = f"{new_postgres_log}&busy=0.1", f"{schema_of(new_postgres_log)}.tree"
    with closing(open_store(url)) as store, psycopg.connect(server().url) as other:
        other.execute(f"LOCK TABLE {schema_of(new_postgres_log)}.deal")
        with pytest.raises(StoreBusy, match="locked by another program"), store.transaction(write=False) as tx:
            list(tx.scan(Deals()))
        other.execute(f"LOCK TABLE {tree}")
        for use in (open_store, differences, upgrade, initialise):
            with pytest.raises(StoreBusy, match="locked by another program"):
                use(url)


def test_no_lock_of_somebody_without_rights_holds_up_the_making_of_tables() -> None:
    url = server().fresh_schema()
    schema = schema_of(url)
    with psycopg.connect(server().url) as other:
        other.execute("SELECT pg_advisory_xact_lock(x'70646566'::int, hashtext(%s))", (schema,))
        assert initialise(f"{url}&busy=0.1").made == (5,)
    server().execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.mark.parametrize("there", [False, True], ids=["schema too", "tables alone"])
def test_those_who_make_tables_at_once_make_them_once(there: bool) -> None:
    url = server().fresh_schema()
    if there:
        server().execute(f"CREATE SCHEMA {schema_of(url)}")
    made = []
    each = [threading.Thread(target=lambda: made.append(initialise(url))) for _ in range(4)]
    for thread in each:
        thread.start()
    for thread in each:
        thread.join()
    assert sorted(one.made for one in made) == [(), (), (), (5,)]
    assert len({one.log for one in made}) == 1
    server().execute(f"DROP SCHEMA {schema_of(url)} CASCADE")


def test_tables_that_stand_in_the_way_are_told_of() -> None:
    url = server().fresh_schema()
    server().execute(f"CREATE SCHEMA {schema_of(url)}", f"CREATE TABLE {schema_of(url)}.event (x int)")
    with pytest.raises(StoreError, match="a table of that name is there already"):
        initialise(url)
    server().execute(f"DROP SCHEMA {schema_of(url)} CASCADE")
