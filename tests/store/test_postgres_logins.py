"""What somebody tries who got hold of the login of a role: to read personal values by other ways than a query, to make or
change what is not theirs, and to hold the others up. What PostgreSQL does not prevent is here too, as the manual says it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from postgresql import Server, schema_of, server
from procdef import Actor, Engine, StoreError, load, open_store
from procdef.store import Batch, EventRow, Events
from procdef.store.postgres.grants import grants_of
from procdef.verification import Tally, verify

PROCESS = Path(__file__).parents[2] / "processes" / "b2b-sales.yaml"
BY = Actor("maija", frozenset({"seller"}))
KINDS = ("writer", "reader", "auditor", "eraser")
SECRET = "hidden@example.com"

READS = {
    "a query": "SELECT value FROM {s}.private",
    "all of a row": "SELECT d FROM {s}.deal d",
    "all of a row as JSON": "SELECT to_json(d) FROM {s}.deal d",
    "a condition": "SELECT 1 FROM {s}.deal WHERE key LIKE 'A%'",
    "an order": "SELECT stage FROM {s}.deal ORDER BY state",
    "a join": "SELECT 1 FROM {s}.deal JOIN {s}.deal o USING (key)",
    "a view of its own": "CREATE TEMP VIEW v AS SELECT value FROM {s}.private; SELECT * FROM v",
    "a table of its own": "CREATE TEMP TABLE t AS SELECT value FROM {s}.private",
    "a function of its own": "CREATE FUNCTION pg_temp.f() RETURNS SETOF {s}.private SECURITY DEFINER LANGUAGE sql "
    "AS 'SELECT * FROM {s}.private'; SELECT * FROM pg_temp.f()",
    "a query as XML": "SELECT query_to_xml('SELECT value FROM {s}.private', true, false, '')",
    "COPY to the client": "COPY {s}.private TO STDOUT",
    "a cursor": "DECLARE c CURSOR FOR SELECT value FROM {s}.private",
    "EXPLAIN": "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM {s}.private WHERE value = ''",
    "a cast that fails and shows it": "SELECT convert_from(value, 'UTF8')::int FROM {s}.private",
}
"""Ways to personal values. A reader has none; who takes steps or audits has them all."""

TRIES = {
    "statistics": "SELECT stavalues1 FROM pg_statistic",
    "a program of the server": "COPY (SELECT 1) TO PROGRAM 'cat'",
    "a file of the server": "COPY (SELECT 1) TO '/tmp/stolen'",
    "pages of the tables": "SELECT pg_read_file('base/1/1259')",
    "a large object from a file": "SELECT lo_import('/etc/passwd')",
    "a key that refers to deals": "CREATE TABLE public.t (k text REFERENCES {s}.deal (key))",
    "a table that inherits": "CREATE TEMP TABLE t () INHERITS ({s}.private)",
    "the owner's role": "SET ROLE owner",
    "the owner's session": "SET SESSION AUTHORIZATION owner",
    "a role of the server's": "GRANT pg_read_all_data TO CURRENT_USER",
    "a right": "GRANT SELECT ON {s}.private TO PUBLIC",
    "a default right": "ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT ON TABLES TO PUBLIC",
    "a policy": "CREATE POLICY p ON {s}.event USING (true)",
    "no policy": "ALTER TABLE {s}.event DISABLE ROW LEVEL SECURITY",
    "no policy for itself": "ALTER ROLE CURRENT_USER BYPASSRLS",
    "no policy by a setting": "SET row_security = off; SELECT * FROM {s}.event",
    "no triggers by a setting": "SET session_replication_role = replica",
    "a schema": "CREATE SCHEMA more",
    "a table": "CREATE TABLE {s}.more (x int)",
    "a view": "CREATE VIEW {s}.more AS SELECT 1",
    "a function": "CREATE FUNCTION {s}.count(bigint) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "an operator": "CREATE OPERATOR {s}.= (LEFTARG = text, RIGHTARG = text, FUNCTION = textne)",
    "an index": "CREATE INDEX more ON {s}.event (id)",
    "a trigger": "CREATE TRIGGER t BEFORE INSERT ON {s}.event EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "a rule": "CREATE RULE r AS ON INSERT TO {s}.event DO INSTEAD NOTHING",
    "statistics of its own": "CREATE STATISTICS more ON stream, n FROM {s}.event",
    "an event trigger": "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "a foreign server": "CREATE FOREIGN DATA WRAPPER more",
    "an extension": "CREATE EXTENSION file_fdw SCHEMA {s}",
    "a publication": "CREATE PUBLICATION more FOR TABLE {s}.private",
    "a subscription": "CREATE SUBSCRIPTION more CONNECTION '' PUBLICATION more WITH (connect = false)",
    "a replication slot": "SELECT pg_create_physical_replication_slot('more', true)",
    "another's session": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'owner'",
    "the server's settings": "ALTER SYSTEM SET fsync = off",
    "the database's settings": "ALTER DATABASE postgres SET default_transaction_read_only = on",
    "another's settings": "ALTER ROLE owner SET default_transaction_read_only = on",
    "another's password": "ALTER ROLE owner PASSWORD 'mine'",
    "events all locked": "BEGIN; LOCK TABLE {s}.event IN SHARE MODE",
    "personal values all locked": "BEGIN; LOCK TABLE {s}.definition IN EXCLUSIVE MODE",
}
"""What none of them may do."""

OPEN = {
    "a table of its own that lasts as long as the session": ("CREATE TEMP TABLE event (x int)", KINDS),
    "a message to who listens": ("NOTIFY procdef, 'x'", KINDS),
    "a lock that has a name": ("SELECT pg_advisory_xact_lock(1)", KINDS),
    "a purge held up": ("LOCK TABLE {s}.private IN ACCESS SHARE MODE", ("writer", "auditor", "eraser")),
    "a deal's row locked": ("SELECT n FROM {s}.deal FOR UPDATE", ("writer", "eraser")),
    "the tree's row locked": ("SELECT size FROM {s}.tree FOR UPDATE", ("writer", "eraser")),
    "all deals locked": ("LOCK TABLE {s}.deal IN ACCESS EXCLUSIVE MODE", ("writer", "eraser")),
    "what waits removed": ("DELETE FROM {s}.pending", ("writer", "eraser")),
    "another size of the tree": ("UPDATE {s}.tree SET size = 1000", ("writer", "eraser")),
    "a deal's row changed": ("UPDATE {s}.deal SET stage = 'won'", ("writer", "eraser")),
    "its own password": ("ALTER ROLE CURRENT_USER PASSWORD 'mine'", KINDS),
    "its own settings": ("ALTER ROLE CURRENT_USER SET statement_timeout = 1", KINDS),
}
"""What PostgreSQL leaves open to the roles that are named, as the manual says."""


@pytest.fixture(scope="module")
def here() -> Server:
    return server()


@pytest.fixture(scope="module")
def log(here: Server) -> Iterator[str]:
    """A log with a personal value, and a login for each kind of role."""
    with here.new_log() as url:
        schema = schema_of(url)
        roles = {kind: f"{schema}_{kind}" for kind in KINDS}
        here.execute(*(f"CREATE ROLE {role} LOGIN" for role in roles.values()), "\n".join(grants_of(schema, roles)))
        with closing(open_store(url)) as store:
            engine = Engine(store)
            engine.publish(load(PROCESS), by=BY)
            engine.start("b2b-sales", "A-1", stage="prospecting", by=BY)
            engine.record("A-1", {"contact_email": SECRET}, by=BY)
        here.execute("ANALYZE")
        yield url
        here.execute(*(f"DROP OWNED BY {role}; DROP ROLE {role}" for role in roles.values()))


def of(log: str, kind: str) -> str:
    return log.replace("owner@", f"{schema_of(log)}_{kind}@")


def execute(connection: psycopg.Connection, statement: str) -> None:
    if statement.endswith("TO STDOUT"):
        with connection.cursor().copy(statement) as copy:
            assert list(copy)
    else:
        connection.execute(statement)


def done(log: str, kind: str, statements: dict[str, str], *, alone: bool = False) -> dict[str, str]:
    """What came of the statements, each in a transaction that is undone, or ``alone`` in none: that of those which PostgreSQL
    refuses for want of rights, and of nothing else, is left out."""
    found, ungranted = dict[str, str](), list[str | None]()
    with psycopg.connect(of(log, kind).partition("&schema")[0], autocommit=alone) as connection:
        connection.add_notice_handler(lambda notice: ungranted.append(notice.sqlstate))
        for what, statement in statements.items():
            ungranted.clear()
            try:
                execute(connection, statement.format(s=schema_of(log)))
            except errors.InsufficientPrivilege:
                pass
            except errors.Error as otherwise:
                found[what] = f"{type(otherwise).__name__}: {otherwise}"
            else:
                if ungranted != ["01007"]:  # GRANT grants nothing, and only warns
                    found[what] = "done"
            connection.rollback()
    return found


def test_a_reader_has_no_way_to_personal_values_and_who_needs_them_has(log: str) -> None:
    assert done(log, "reader", READS) == {}
    for kind in ("writer", "auditor", "eraser"):
        assert set(done(log, kind, READS)) == set(READS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_login_may_make_and_change_nothing_of_others(kind: str, log: str) -> None:
    assert done(log, kind, TRIES, alone=True) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_open_to_a_login_is_what_the_manual_says(kind: str, log: str) -> None:
    assert done(log, kind, {what: statement for what, (statement, _) in OPEN.items()}) == {
        what: "done" for what, (_, kinds) in OPEN.items() if kind in kinds
    }


@pytest.mark.parametrize("kind", KINDS)
def test_statistics_of_personal_values_are_nobodys(kind: str, log: str) -> None:
    with psycopg.connect(of(log, kind).partition("&schema")[0]) as connection:
        shown = connection.execute(
            "SELECT tablename, attname FROM pg_stats WHERE schemaname = %s AND attname IN ('key', 'state', 'value')",
            (schema_of(log),),
        ).fetchall()
        assert shown == []
        others = connection.execute("SELECT query FROM pg_stat_activity WHERE usename = 'owner'").fetchall()
        assert {query for (query,) in others} <= {"<insufficient privilege>"}


def test_a_log_cannot_be_closed_with_the_login_of_a_writer_and_large_batches_go_in(log: str) -> None:
    moved = EventRow("system", 2, "forged", "log.moved", "2026", "0" * 64, b'{"data": {"to": "elsewhere", "copy": ""}}')
    many = [EventRow("deal:x", n, f"e{n}", "deal.noted", "2026", f"{n:064x}", bytes(range(256))) for n in range(1, 60)]
    with closing(open_store(of(log, "writer"))) as store:
        for batch in ([moved], [*many, moved]):
            with pytest.raises(StoreError, match="refuses this to the role"), store.transaction(write=True) as tx:
                tx.append(Batch(events=batch))
        Engine(store).note("A-1", "the log goes on here", by=BY)
    with closing(open_store(of(log, "auditor"))) as store, store.inspect() as tx:
        assert list(verify(tx, Tally())) == []
    with closing(open_store(of(log, "writer"))) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=many))
        with store.transaction(write=False) as tx:
            assert list(tx.scan(Events("deal:x"))) == many
