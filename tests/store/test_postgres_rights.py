"""Rights on the tables of a log that somebody gave beyond those of ``procdef store grants``: ``store check`` names the role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from postgresql import schema_of, server
from procdef import open_store
from procdef.cli import run
from procdef.store.postgres.grants import grants_of

KINDS = ("writer", "reader", "auditor", "eraser")
ROLES = (*KINDS, "other")


@pytest.fixture
def log(new_postgres_log: str) -> Iterator[str]:
    """A log with a role of each kind, which has the name of the kind, and one that was given nothing."""
    server().execute(*(f"CREATE ROLE {role} LOGIN" for role in ROLES))
    server().execute("\n".join(grants_of(schema_of(new_postgres_log), {kind: kind for kind in KINDS})))
    yield new_postgres_log
    server().execute(*(f"DROP OWNED BY {role}; DROP ROLE {role}" for role in ROLES))


def besides(log: str) -> list[str]:
    with closing(open_store(log)) as store, store.inspect() as tx:
        return list(tx.besides())


def test_what_grants_gives_is_told_of_nobody(log: str, names_apart_log: str) -> None:
    assert besides(log) == []
    script = grants_of(schema_of(names_apart_log), {kind: kind for kind in KINDS}, distributed=True)
    server().execute("\n".join(script))
    assert besides(names_apart_log) == []


GIVEN = {
    "GRANT DELETE, UPDATE ON {s}.event TO writer": "writer: delete, update on event",
    "GRANT TRUNCATE ON {s}.leaf TO other": "other: truncate on leaf",
    "GRANT TRIGGER, REFERENCES ON {s}.deal TO other": "other: references, trigger on deal",
    "GRANT INSERT, SELECT, UPDATE ON {s}.tree TO other": "other: insert, update on tree",
    "GRANT UPDATE (body, hash) ON {s}.event TO reader": "reader: update (body), update (hash) on event",
    "GRANT UPDATE (log, size) ON {s}.tree TO writer": "writer: update (log) on tree",
    "GRANT CREATE ON SCHEMA {s} TO other": "other: create on the schema",
    "GRANT DELETE ON {s}.note, {s}.node TO other": "other: delete on node; delete on note",
    "GRANT pg_write_all_data TO other": "other: insert, update, delete on every table (pg_write_all_data)",
    "ALTER ROLE writer BYPASSRLS": "writer: insert on event without its policies",
}  # fmt: skip


@pytest.mark.parametrize("statement", GIVEN)
def test_what_was_given_beyond_it_is_told_and_is_no_difference(
    statement: str, log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server().execute(statement.format(s=schema_of(log)))
    try:
        assert run(["store", "check", log, "--format", "json"]) == 0
    finally:
        server().execute("REVOKE pg_write_all_data FROM other")
    told = json.loads(capsys.readouterr().out)
    role, _, rights = GIVEN[statement].partition(": ")
    assert told["besides"] == [f"the role {role} has rights beyond those of `procdef store grants`: {rights}"]
    assert told["differences"] == []


def test_roles_that_write_without_policies_are_told(log: str) -> None:
    event = f"{schema_of(log)}.event"
    server().execute(
        f"ALTER TABLE {event} DISABLE ROW LEVEL SECURITY",
        f"DROP POLICY procdef_read ON {event}",
        f"DROP POLICY procdef_add ON {event}",
    )
    told = "has rights beyond those of `procdef store grants`: insert on event without its policies"
    assert besides(log) == [f"the role eraser {told}", f"the role writer {told}"]


def test_the_owner_and_superusers_are_no_finding(log: str) -> None:
    schema = schema_of(log)
    server().execute(
        "ALTER ROLE other SUPERUSER", "GRANT pg_write_all_data TO other",
        f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO other", f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO owner",
    )  # fmt: skip
    assert besides(log) == []


def test_an_auditor_is_told_too(log: str) -> None:
    server().execute(f"GRANT DELETE ON {schema_of(log)}.event TO writer")
    assert len(besides(log.replace("owner@", "auditor@", 1))) == 1


def test_a_role_with_an_odd_name_is_told_by_it(log: str) -> None:
    server().execute('CREATE ROLE "o;dd na""me"', f'GRANT DELETE ON {schema_of(log)}.event TO "o;dd na""me"')
    try:
        assert besides(log) == ['the role o;dd na"me has rights beyond those of `procdef store grants`: delete on event']
    finally:
        server().execute('DROP OWNED BY "o;dd na""me"; DROP ROLE "o;dd na""me"')
