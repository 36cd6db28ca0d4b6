"""The tables of a log in PostgreSQL as somebody may leave them or lock them: what is told, and that nobody waits for ever."""

from __future__ import annotations

import os
import subprocess
import threading
from contextlib import closing

import psycopg
import pytest

from postgresql import differences, schema_of, server
from procdef import StoreError, open_store
from procdef.errors import StoreBusy
from procdef.store import Deals
from procdef.store.postgres.grants import grants_of
from procdef.store.postgres.inspection import layout_differences
from procdef.store.postgres.setup import initialise, upgrade

LAYOUT = "nothing on these tables but what this layout makes"
LEFT = {
    "ALTER TABLE {s}.event SET UNLOGGED": "the unlogged table event",
    "CREATE TABLE {s}.more () INHERITS ({s}.event)": "that inherits from",
    "CREATE POLICY p ON {s}.leaf USING (true)": "the policy leaf.p for all using true",
    "ALTER TABLE {s}.private FORCE ROW LEVEL SECURITY": "the forced row level security private",
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


READ = "the policy event.procdef_read for select using true"
LACKS = (f"{READ}, as `procdef store grants` makes it", "none")
GUARDED = {
    "ALTER TABLE {s}.event DISABLE ROW LEVEL SECURITY": {
        ("the row level security event, as `procdef store grants` makes it", "none"),
    },
    "ALTER TABLE {s}.leaf ENABLE ROW LEVEL SECURITY": {(LAYOUT, "the row level security leaf")},
    "DROP POLICY procdef_read ON {s}.event": {LACKS},
    "ALTER POLICY procdef_read ON {s}.event USING (n < 5)": {LACKS, (LAYOUT, READ.replace("true", "(n < 5)"))},
    "ALTER POLICY procdef_read ON {s}.event TO pg_monitor": {
        LACKS,
        (LAYOUT, READ.replace("select", "select to some roles")),
    },
    "CREATE POLICY more ON {s}.event FOR INSERT WITH CHECK (true)": {
        (LAYOUT, "the policy event.more for insert with check true"),
    },
    "CREATE POLICY less ON {s}.event AS RESTRICTIVE USING (n < 5)": {
        (LAYOUT, "the policy event.less restrictive for all using (n < 5)"),
    },
}


def test_the_policies_of_grants_are_as_they_should_be_until_somebody_changes_one(new_postgres_log: str) -> None:
    schema = schema_of(new_postgres_log)
    script = "\n".join(grants_of(schema, {"reader": "pg_monitor"}))
    server().execute(script, script)
    assert differences(new_postgres_log) == []
    for statement, found in GUARDED.items():
        with psycopg.connect(server().url) as owner:
            owner.execute(statement.format(s=schema))
            assert set(layout_differences(owner, schema)) == found, statement
            owner.rollback()


def test_a_dump_takes_the_policies_along(new_postgres_log: str) -> None:
    here, schema = server(), schema_of(new_postgres_log)
    here.execute("\n".join(grants_of(schema, {"reader": "pg_monitor"})), "CREATE DATABASE restored")
    try:
        found = {**os.environ, **here.environment()}
        dump = [here.program("pg_dump"), "--schema", schema, "postgres"]
        told = subprocess.run(dump, env=found, check=True, capture_output=True).stdout
        restore = [here.program("psql"), "--quiet", "--set", "ON_ERROR_STOP=1", "restored"]
        subprocess.run(restore, env=found, check=True, capture_output=True, input=told)
        restored = new_postgres_log.replace("/postgres?", "/restored?")
        assert differences(restored) == []
        with psycopg.connect(restored.partition("&schema")[0]) as there:
            assert there.execute("SELECT count(*) FROM pg_policies").fetchone() == (2,)
    finally:
        here.execute("DROP DATABASE restored WITH (FORCE)")


def test_what_reads_waits_for_a_locked_table_no_longer_than_busy(new_postgres_log: str) -> None:
    url, tree = f"{new_postgres_log}&busy=0.4", f"{schema_of(new_postgres_log)}.tree"
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
