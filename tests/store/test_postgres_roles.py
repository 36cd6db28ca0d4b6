"""What the roles of ``procdef store grants`` may do and may not: each logs in and tries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import sleep

import psycopg
import pytest

from postgresql import PASSWORD, schema_of, server
from procdef import Actor, Engine, StoreError, load, load_people, open_store
from procdef.cli import run
from procdef.store import Batch, Deals, Events, Private, Stays
from procdef.store.port import Interrupted
from procdef.store.postgres.grants import grants_of
from procdef.store.postgres.setup import host_and_database
from procdef.store.queries import DealFacts
from procdef.verification import Tally, verify

PROCESS = Path(__file__).parents[2] / "processes" / "b2b-sales.yaml"
BY = Actor("maija", frozenset({"seller"}))
KINDS = ("writer", "reader", "auditor", "eraser")


@pytest.fixture
def log(new_postgres_log: str) -> Iterator[str]:
    schema = schema_of(new_postgres_log)
    roles = {kind: f"{schema}_{kind}" for kind in KINDS}
    server().execute(*(f"CREATE ROLE {role} LOGIN" for role in roles.values()), "\n".join(grants_of(schema, roles)))
    with closing(open_store(new_postgres_log)) as store:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=BY)
        engine.start("b2b-sales", "A-1", stage="prospecting", by=BY)
        engine.record("A-1", {"contact_email": "a@example.com"}, by=BY)
    yield new_postgres_log
    server().execute(*(f"DROP OWNED BY {role}; DROP ROLE {role}" for role in roles.values()))


def of(log: str, kind: str) -> str:
    """The same log, for one of the roles."""
    return log.replace("owner@", f"{schema_of(log)}_{kind}@")


_EVENT = "INSERT INTO {s}.event SELECT 'system', n + 100, id, '%s', recorded, hash, body FROM {s}.event LIMIT 1"
WRITES = {
    "close the log": _EVENT % "log.moved",
    "open the log": _EVENT % "log.opened",
    "say that the log was sealed late": _EVENT % "log.sealed",
    "name a key": _EVENT % "log.rekeyed",
    "say that values were erased": _EVENT % "privacy.erased",
    "say that their bytes are gone": _EVENT % "privacy.purged",
    "add an event": "INSERT INTO {s}.event SELECT stream, n + 100, id, type, recorded, hash, body FROM {s}.event LIMIT 1",
    "change an event": "UPDATE {s}.event SET body = ''",
    "delete an event": "DELETE FROM {s}.event",
    "change a leaf": "UPDATE {s}.leaf SET hash = ''",
    "delete a leaf": "DELETE FROM {s}.leaf",
    "change a node": "UPDATE {s}.node SET hash = ''",
    "delete a note": "DELETE FROM {s}.note",
    "rename the log": "UPDATE {s}.tree SET log = 'x'",
    "delete the tree": "DELETE FROM {s}.tree",
    "change a personal value": "UPDATE {s}.private SET value = ''",
    "delete a personal value": "DELETE FROM {s}.private",
    "change a definition": "UPDATE {s}.definition SET source = ''",
    "delete a deal": "DELETE FROM {s}.deal",
    "empty a table": "TRUNCATE {s}.gate",
    "add a trigger": "CREATE TRIGGER t BEFORE INSERT ON {s}.event EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "add a table": "CREATE TABLE {s}.more (x int)",
    "drop a table": "DROP TABLE {s}.gate",
    "read a personal value": "SELECT value FROM {s}.private",
    "read a deal's name": "SELECT key FROM {s}.deal",
    "read a deal's fields": "SELECT state FROM {s}.deal",
    "read request keys": "SELECT key FROM {s}.request",
    "read events": "SELECT body FROM {s}.event",
    "read figures": "SELECT stage, outcome FROM {s}.deal",
}
MAY = {
    "writer": {"add an event", "read a personal value", "read a deal's name", "read a deal's fields", "read request keys"},
    "reader": set[str](),
    "auditor": {"read a personal value", "read a deal's name", "read a deal's fields", "read request keys"},
    "eraser": {
        "add an event", "read a personal value", "read a deal's name", "read a deal's fields", "read request keys",
        "delete a personal value", "say that values were erased",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_role_may_do_this_and_nothing_else(kind: str, log: str) -> None:
    url = of(log, kind).partition("&schema")[0]
    done = set()
    for what, statement in WRITES.items():
        with psycopg.connect(url) as connection:
            try:
                connection.execute(statement.format(s=schema_of(log)))
            except psycopg.errors.InsufficientPrivilege:
                pass
            else:
                done.add(what)
            connection.rollback()
    assert done == MAY[kind] | {"read events", "read figures"}


def test_a_writer_takes_every_step_and_an_eraser_erases(log: str) -> None:
    with closing(open_store(of(log, "writer"))) as store:
        engine = Engine(store)
        engine.note("A-1", "called", by=BY)
        engine.start("b2b-sales", "A-2", stage="prospecting", by=BY)
        assert list(engine.tick(by=BY)) == []
        engine.people.publish(load_people("procdef-people: 1\npeople: {maija: {roles: seller}}\n"), by=BY)
        with pytest.raises(StoreError, match="refuses this to the role"):
            engine.erase("A-1", fields=["contact_email"], basis="asked", by=BY)
    with closing(open_store(of(log, "eraser"))) as store:
        erased = Engine(store).erase("A-1", fields=["contact_email"], basis="asked", by=BY)
        assert "owner" in str(erased.pending)
    with closing(open_store(log)) as store, store.inspect() as tx:
        assert list(verify(tx, Tally())) == []


@pytest.mark.parametrize("at", ["ALTER DATABASE postgres", "ALTER ROLE {role}"])
def test_roles_work_where_row_level_security_is_off_by_default(at: str, log: str) -> None:
    of_role = at.format(role=f"{schema_of(log)}_writer")
    server().execute(f"{of_role} SET row_security TO off")
    try:
        with closing(open_store(of(log, "writer"))) as store:
            Engine(store).note("A-1", "called", by=BY)
            with store.inspect() as tx:
                assert list(verify(tx, Tally())) == []
    finally:
        server().execute(f"{of_role} RESET row_security")


def test_an_auditor_verifies_and_a_reader_follows_the_feed(log: str) -> None:
    with closing(open_store(of(log, "auditor"))) as store:
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []
        with pytest.raises(StoreError, match="refuses this to the role"), store.transaction(write=True) as tx:
            tx.append(Batch(deals=[(row, row.n) for row in tx.scan(Deals())]))
    with closing(open_store(of(log, "reader"))) as store:
        assert [item.position for item in Engine(store).feed()] == [0, 1, 2, 3]
        with store.transaction(write=False) as tx:
            assert len(list(tx.scan(Events()))) == 4
            assert len(list(tx.scan(Stays()))) == 1
            assert [row.stage for row in tx.scan(DealFacts("b2b-sales"))] == ["prospecting"]
        for personal in (Private(), Deals(), DealFacts("b2b-sales", ("employees",))):
            with pytest.raises(StoreError, match="refuses this to the role"), store.transaction(write=False) as tx:
                list(tx.scan(personal))


FIGURES = """
procdef: 1
id: figures
version: 1
title: Figures
languages: [en]
roles: {seller: {title: Seller}}
fields: {size: {type: integer, title: Size}}
stages:
  a: {title: A, start: true, owner: seller, required_actions: {call: {title: Call, records: [size]}}, next: b}
  b: {title: B, owner: seller, outcome: won, required_actions: {thank: {title: Thank}}}
"""


def test_a_reader_has_reports_without_names_and_values(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(open_store(log)) as store:
        Engine(store).publish(load(FIGURES), by=BY)
        Engine(store).start("figures", "F-1", by=BY)
    reader = of(log, "reader")
    shown = (["report", "figures"], ["forecast", "figures"], ["diagram", "figures", "--counts"], ["forecast", "b2b-sales"])
    for command in shown:
        assert run([*command, "--db", reader]) == 0, command
    behind = ["report", "figures", "--deals", "stages.a.entered"]
    for refused in (["report", "b2b-sales"], behind, ["deals"], ["status", "F-1"]):
        capsys.readouterr()
        assert run([*refused, "--db", reader]) == 3, refused
        told = capsys.readouterr().err
        assert "the role of an auditor may" in told
        assert told.count("\n") == 1
        assert run([*refused, "--db", of(log, "auditor")]) == 0


REFUSED = {
    "an auditor who notes": ("auditor", ["note", "A-1", "x", "--as", "maija:seller"], "may not write to the log"),
    "an auditor who exports": ("auditor", ["audit", "export", "--format", "csv", "-o", "out"], "?read_only=yes"),
    "an auditor who proves": ("auditor", ["audit", "proof", "A-1", "-o", "out"], "?read_only=yes"),
    "an auditor who makes a case file": ("auditor", ["casefile", "A-1", "-o", "out.html"], "?read_only=yes"),
    "an auditor who exports a person": ("auditor", ["export-person", "maija"], "?read_only=yes"),
    "a writer who erases": (
        "writer", ["erase", "A-1", "--field", "contact_email", "--basis", "asked", "--as", "maija:seller"],
        "may not delete personal values; the role of an eraser may",
    ),
    "a writer who names a key": (
        "writer", ["audit", "key", "new", "log.key", "--as", "maija:seller"], "the owner of the tables names the log's key",
    ),
    "a reader who looks at a deal": ("reader", ["status", "A-1"], "may not read names of deals and values of fields"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_role_is_told_what_it_lacks(
    what: str, log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    kind, command, lacking = REFUSED[what]
    assert run([*command, "--db", of(log, kind)]) == 3
    told = capsys.readouterr().err
    assert lacking in told
    assert told.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} <= {"log.key"}  # which the owner of the tables may name then
    if "read_only" in lacking:
        assert run([*command, "--db", f"{of(log, kind)}&read_only=yes"]) == 0


def test_a_login_without_any_right_is_told_so(log: str) -> None:
    other = f"{schema_of(log)}_other"
    server().execute(f"CREATE ROLE {other} LOGIN")
    try:
        with pytest.raises(StoreError, match="no right to use the log's schema"):
            open_store(log.replace("owner@", f"{other}@"))
    finally:
        server().execute(f"DROP ROLE {other}")


@pytest.mark.parametrize("name", ["public", "PUBLIC", "Public"])
def test_everybody_is_no_role(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["store", "grants", "postgresql:///deals", "--writer", name]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    assert "PUBLIC is everybody" in shown.err


def test_the_script_holds_nobody_up_behind_a_reader(log: str) -> None:
    schema = schema_of(log)
    with psycopg.connect(server().url) as reads:
        reads.execute(f"SELECT count(*) FROM {schema}.event")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            server().execute("\n".join(grants_of(schema, {"reader": f"{schema}_reader"})))
        with closing(open_store(log)) as store:
            Engine(store).note("A-1", "goes on", by=BY)
    server().execute("\n".join(grants_of(schema, {"reader": f"{schema}_reader"})))


def test_what_the_server_ends_for_being_idle_is_told_by_the_setting(log: str) -> None:
    url = f"{log}&options=-cidle_in_transaction_session_timeout%3D200"

    def computes_between_two_questions() -> None:
        with closing(open_store(url)) as store, store.inspect() as tx:
            assert len(list(tx.scan(Stays()))) == 1
            sleep(0.6)
            list(tx.scan(Stays()))

    with pytest.raises((StoreError, Interrupted)) as ended:
        computes_between_two_questions()
    assert "idle_in_transaction_session_timeout" in str(getattr(ended.value, "reason", ended.value))


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_owner_copies_the_log_and_closes_it(kind: str, log: str, tmp_path: Path) -> None:
    with closing(open_store(of(log, kind))) as store, pytest.raises(StoreError, match="the owner of its tables alone"):
        store.refuse_unless_owner()
    assert run(["store", "copy", of(log, kind), str(tmp_path / "stolen.db")]) == 3
    assert list(tmp_path.iterdir()) == []
    with closing(open_store(log)) as store:
        store.refuse_unless_owner()
        Engine(store).note("A-1", "the log goes on here", by=BY)


def test_a_place_of_a_service_file_is_told_as_host_and_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new_postgres_log: str
) -> None:
    services = tmp_path / "services"
    services.write_text(
        f"[deals]\nhost=127.0.0.1\nport={server().port}\ndbname=postgres\nuser=owner\npassword={PASSWORD}\n"
    )
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    schema = schema_of(new_postgres_log)
    told = host_and_database(f"postgresql://?service=deals&schema={schema}")
    assert told == f"postgresql://127.0.0.1:{server().port}/postgres?schema={schema}"
