"""Tables that are laid out for several servers: on one that has all of that but the others, and on Citus where there is one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from rows import DEAL, digest, event

from distributed import execute, keep_names_apart, new_distributed_log
from postgresql import differences, schema_of, server
from procdef import Actor, DealExists, Engine, load, open_store
from procdef.cli import run
from procdef.errors import StoreBusy, StoreError
from procdef.store import Batch, Deals, EventPlace, EventRow, InspectableStore, LogOrder, Places, PrivateRow
from procdef.store.port import Conflict, Waiting
from procdef.store.postgres.address import postgres_address
from procdef.store.postgres.distributing import SHARDS, statements
from procdef.store.postgres.errors import translated
from procdef.store.postgres.setup import distribute
from procdef.verification import Tally, verify

PROCESS = Path(__file__).parents[2] / "processes" / "b2b-sales.yaml"
BY = Actor("maija", frozenset({"seller"}))


@pytest.fixture(params=["names_apart_log", "citus_log"])
def log(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def store(log: str) -> Iterator[InspectableStore]:
    with closing(open_store(log)) as opened:
        yield opened


def append(store: InspectableStore, *events: EventRow, batch: Batch | None = None) -> None:
    with store.transaction(write=True) as tx:
        tx.append(batch or Batch(events=events))


def pending(log: str) -> list[tuple[object, ...]]:
    return execute(log, f"SELECT stream, n FROM {schema_of(log)}.pending ORDER BY seq")


def keys(log: str) -> list[tuple[object, ...]]:
    return execute(log, f"SELECT key, stream FROM {schema_of(log)}.deal_key ORDER BY key")


def test_of_two_deals_that_start_under_one_name_at_once_one_is_there(log: str) -> None:
    with closing(open_store(log)) as store:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=BY)
        for round_ in range(5):
            at_once, told = threading.Barrier(4), []

            def start(name: str, at_once: threading.Barrier = at_once, told: list[str] = told) -> None:
                at_once.wait()
                try:
                    engine.start("b2b-sales", name, stage="prospecting", by=BY)
                    told.append("begun")
                except DealExists:
                    told.append("exists")

            threads = [threading.Thread(target=start, args=(f"A-{round_}",)) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            assert sorted(told) == ["begun", "exists", "exists", "exists"]
        with pytest.raises(DealExists):
            engine.start("b2b-sales", "A-0", stage="prospecting", by=BY)
        store.seal()
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []


def test_a_name_is_free_for_another_deal_once_it_was_erased(log: str, store: InspectableStore) -> None:
    append(store, batch=Batch(deals=[(DEAL, 0)]))
    assert keys(log) == [("ACME-1", "deal:1")]
    append(store, batch=Batch(deals=[(DEAL._replace(key="deal:1", n=2), 1)]))
    assert keys(log) == []  # a deal without a name has its stream for one, which nobody else can have
    append(store, batch=Batch(deals=[(DEAL._replace(stream="deal:2"), 0)]))
    assert keys(log) == [("ACME-1", "deal:2")]


def test_what_did_not_come_about_takes_no_name(log: str, store: InspectableStore) -> None:
    append(store, event(1), batch=None)
    with store.transaction(write=True) as tx:
        tx.append(Batch(deals=[(DEAL, 0)]))
        with pytest.raises(Conflict, match="a row of pending is there already"):
            tx.append(Batch(events=[event(1)], deals=[(DEAL._replace(stream="deal:2", key="BETA-2"), 0)]))
    assert keys(log) == [("ACME-1", "deal:1")]


def test_what_was_sealed_leaves_the_table_of_what_waits_with_the_next_sealing(
    log: str, store: InspectableStore
) -> None:
    append(store, event(1), event(1, "deal:2"))  # sealed in passing
    append(store, event(2))
    with store.transaction(write=False) as tx:
        assert (tx.size, tx.waiting) == (2, Waiting(1, "2026-01-01"))
    assert pending(log) == [("deal:1", 1), ("deal:2", 1), ("deal:1", 2)]
    with store.inspect() as inspection:
        places = [(row.stream, row.n, row.idx) for row in inspection.scan(Places())]
        assert places == [("deal:1", 1, 0), ("deal:1", 2, 2), ("deal:2", 1, 1)]
        assert [row.idx for row in inspection.scan(EventPlace("deal:1", 2))] == [2]
        assert list(inspection.layout_differences()) == []
    assert store.seal() == 1
    assert pending(log) == [("deal:1", 2)]
    assert store.seal() == 0
    assert pending(log) == []


def test_what_waits_beyond_one_batch_is_sealed_in_order_past_what_was_sealed(log: str, store: InspectableStore) -> None:
    append(store, event(1))  # sealed in passing, and still in pending
    append(store, *(event(n) for n in range(2, 31)))
    assert store.seal(7) == 7
    assert store.seal(7) == 7
    assert store.seal() == 15
    with store.transaction(write=False) as tx:
        assert [leaf.event.n for leaf in tx.scan(LogOrder())] == list(range(1, 31))


def test_nothing_is_sealed_that_cannot_be_read_yet(log: str, store: InspectableStore) -> None:
    """As when the server that has the event is behind the one that has its row of pending."""
    waits = f"INSERT INTO {schema_of(log)}.pending (stream, n, hash, recorded) VALUES ('deal:7', 1, '{digest()}', '2026')"
    execute(log, waits)
    append(store, event(1))
    store.seal()
    with store.transaction(write=False) as tx:
        assert [leaf.event.stream for leaf in tx.scan(LogOrder())] == ["deal:1"]
    assert differences(log) == [
        (
            "in pending nothing but events that wait to be sealed",
            "event 1 of deal:7, which is not stored with that hash",
        )
    ]


def test_many_threads_leave_nothing_out_of_order(log: str) -> None:
    with closing(open_store(f"{log}&pool=9")) as store:

        def work(k: int) -> None:
            for n in range(1, 11):
                append(store, event(n, f"deal:{k}"))
                store.seal(3)

        threads = [threading.Thread(target=work, args=(k,)) for k in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        store.seal()
        with store.transaction(write=False) as tx:
            order = [(leaf.event.stream, leaf.event.n) for leaf in tx.scan(LogOrder())]
    assert len(order) == 60
    for k in range(6):
        assert [n for stream, n in order if stream == f"deal:{k}"] == list(range(1, 11))


def test_a_step_waits_for_another_one_on_its_deal_no_longer_than_busy(log: str, store: InspectableStore) -> None:
    append(store, batch=Batch(deals=[(DEAL, 0)]))
    with closing(open_store(f"{log}&busy=0.2")) as hasty, store.transaction(write=True) as tx:
        assert tx.load(["ACME-1"]).deals
        began = time.monotonic()
        with pytest.raises(StoreBusy, match="locked by another"), hasty.transaction(write=True) as other:
            other.load(["ACME-1"])
        assert time.monotonic() - began < 5


def test_a_step_is_part_of_the_applications_own_transaction(log: str) -> None:
    with closing(open_store(log)) as store, psycopg.connect(postgres_address(log).conninfo) as application:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=BY)
        engine.on(application).start("b2b-sales", "A-1", stage="prospecting", by=BY)
        application.rollback()
        engine.on(application).start("b2b-sales", "A-1", stage="prospecting", by=BY)
        engine.on(application).note("A-1", "called", by=BY)
        application.commit()
        assert engine.deal("A-1").key == "A-1"


def test_nothing_of_what_was_erased_is_left_once_it_is_purged(log: str) -> None:
    row = PrivateRow("deal:1", 1, "/mail", b"s" * 32, b'"gone@example.com"')
    with closing(open_store(log)) as store:
        append(store, batch=Batch(deals=[(DEAL._replace(key="gone@example.com"), 0)], private=[row]))
        assert {copy.table for copy in store.copies(["gone@example.com"])} == {"deal", "deal_key", "private"}
        erased = Batch(deals=[(DEAL._replace(key="deal:1", n=2), 1)], erased=[row[:3]])  # type: ignore[list-item]
        append(store, batch=erased)
        assert store.copies(["gone@example.com"]) == []
        for _ in range(50):
            if store.purge():
                break
            time.sleep(0.2)
        else:
            raise AssertionError("it is not purged")


@pytest.fixture(params=["one server", "citus"])
def new_log(request: pytest.FixtureRequest) -> Iterator[str]:
    """A log whose tables somebody changes."""
    from distributed import citus

    with new_distributed_log(server().url if request.param == "one server" else citus()) as url:
        yield url


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("DROP TABLE {s}.deal_key", "the constraint deal_key.deal_key_pkey"),
        ("DROP INDEX {s}.deal_named", "the index deal.deal_named"),
        ("ALTER TABLE {s}.deal_key DROP CONSTRAINT deal_key_pkey", "the constraint deal_key.deal_key_pkey"),
        ("CREATE INDEX sneaky ON {s}.event (recorded)", "the index event.sneaky"),
        ("GRANT SELECT ON {s}.deal_key TO PUBLIC", "the right of everybody (PUBLIC) to select deal_key"),
    ],
)
def test_what_somebody_changed_of_the_tables_is_found(change: str, found: str, new_log: str) -> None:
    execute(new_log, change.format(s=schema_of(new_log)))
    assert found in str(differences(new_log))


def test_a_table_that_is_not_distributed_as_the_others_is_found() -> None:
    from distributed import citus

    with new_distributed_log(citus()) as url:
        execute(url, f"SELECT undistribute_table('{schema_of(url)}.gate')")
        assert differences(url) == [("the table gate distributed by stream", "to no other server")]


def test_a_log_with_deals_is_distributed_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from distributed import citus

    base = citus()
    url = f"{base}{'&' if '?' in base else '?'}schema=grown_{time.time_ns()}"
    here = f"sqlite:///{tmp_path / 'here.db'}"
    with closing(open_store(here)) as store:
        _some_steps(Engine(store))
    try:
        assert run(["store", "copy", str(tmp_path / "here.db"), url]) == 0
        with closing(open_store(url)) as stale:
            assert run(["store", "distribute", url, "--shards", "4"]) == 0
            with pytest.raises(StoreError, match="open it again"):
                Engine(stale).note("A-1", "by statements for one server", by=BY)
        assert run(["store", "distribute", url]) == 0
        assert "are distributed already" in capsys.readouterr().out
        _is_whole_and_goes_on(url)
        assert run(["store", "copy", url, str(tmp_path / "back.db")]) == 0
    finally:
        execute(url, f"DROP SCHEMA {schema_of(url)} CASCADE")
    _is_whole_and_goes_on(f"sqlite:///{tmp_path / 'back.db'}")


def test_a_log_with_deals_gets_a_table_of_their_names_and_goes_on(new_postgres_log: str, tmp_path: Path) -> None:
    with closing(open_store(new_postgres_log)) as store:
        _some_steps(Engine(store))
    with psycopg.connect(server().url) as connection:
        keep_names_apart(connection, schema_of(new_postgres_log))
    assert [key for key, _ in keys(new_postgres_log)] == ["A-1", "A-2"]
    _is_whole_and_goes_on(new_postgres_log)
    assert run(["store", "copy", new_postgres_log, str(tmp_path / "back.db")]) == 0
    _is_whole_and_goes_on(f"sqlite:///{tmp_path / 'back.db'}")


def _some_steps(engine: Engine) -> None:
    engine.publish(load(PROCESS), by=BY)
    for name in ("A-1", "A-2"):
        engine.start("b2b-sales", name, stage="prospecting", by=BY)
    engine.record("A-1", {"contact_email": "a@example.com"}, by=BY)


def _is_whole_and_goes_on(url: str) -> None:
    with closing(open_store(url)) as store:
        engine = Engine(store)
        with pytest.raises(DealExists):
            engine.start("b2b-sales", "A-1", stage="prospecting", by=BY)
        engine.note("A-1", "goes on", by=BY)
        store.seal()
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []
            assert list(tx.layout_differences()) == []
        with store.transaction(write=False) as reading:
            assert len(list(reading.scan(Deals()))) == 2


def test_a_row_that_is_there_on_another_server_is_a_conflict(postgres_log: str) -> None:
    """Citus hands on the text of the other server's error, with the number of the part, and not the constraint's name."""
    raised = """DO $$ BEGIN RAISE unique_violation USING MESSAGE =
        'duplicate key value violates unique constraint "deal_key_pkey_102668"'; END $$"""
    with psycopg.connect(server().url) as connection, pytest.raises(Conflict, match="a row of deal is"), translated("it"):
        connection.execute(raised)


def test_a_step_whose_commit_failed_on_another_server_is_looked_up_and_done_again(new_postgres_log: str) -> None:
    """Citus then says that it has an internal error; the step may be stored there or not."""
    schema = schema_of(new_postgres_log)
    with closing(open_store(new_postgres_log)) as store:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=BY)
        engine.start("b2b-sales", "A-1", stage="prospecting", by=BY)
        server().execute(
            f"CREATE SEQUENCE {schema}.tries",
            f"CREATE FUNCTION {schema}.fail_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF nextval('{schema}.tries') = 1 THEN RAISE EXCEPTION 'could not commit' USING ERRCODE = 'XX000'; END IF; "
            "RETURN NULL; END $$",
            f"CREATE CONSTRAINT TRIGGER once AFTER INSERT ON {schema}.event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            f"EXECUTE FUNCTION {schema}.fail_once()",
        )
        engine.note("A-1", "called", by=BY)
        assert server().execute(f"SELECT last_value FROM {schema}.tries") == [(2,)]
        assert [event.n for event in engine.events("A-1")] == [1, 2]


def test_the_manual_shows_the_statements_that_are_executed() -> None:
    shown = (PROCESS.parents[1] / "docs" / "scaling.md").read_text("utf-8").split("```sql\n")[1].split("```")[0]
    assert shown.splitlines() == [f"{text.replace('main.', '')};" for text in statements(SHARDS)]


def test_who_has_no_citus_is_told(new_postgres_log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StoreError, match="has no extension citus, which distributes tables; a log on one server needs none"):
        distribute(new_postgres_log)
    with pytest.raises(StoreError, match="holds no log yet"):
        distribute(server().fresh_schema())
    assert run(["store", "distribute", str(tmp_path / "here.db")]) == 2
    assert "a SQLite file stays on one machine" in capsys.readouterr().err
    assert differences(new_postgres_log) == []


def test_roles_do_their_work_there_and_nothing_more(new_log: str, capsys: pytest.CaptureFixture[str]) -> None:
    schema = schema_of(new_log)
    roles = {kind: f"{schema}_{kind}" for kind in ("writer", "reader", "auditor", "eraser")}
    wanted = [part for kind, role in roles.items() for part in (f"--{kind}", role)]
    assert run(["store", "grants", new_log, "--distributed", *wanted]) == 0
    execute(new_log, *(f"CREATE ROLE {role} LOGIN" for role in roles.values()), *_statements(capsys.readouterr().out))
    try:
        _everybody_works(new_log, roles)
    finally:
        execute(new_log, *(f"DROP OWNED BY {role}" for role in roles.values()))
        execute(new_log, *(f"DROP ROLE {role}" for role in roles.values()))


def _statements(script: str) -> list[str]:
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    return [line for line in lines if line not in ("BEGIN;", "COMMIT;")]


def _everybody_works(log: str, roles: dict[str, str]) -> None:
    def of(kind: str) -> str:
        return log.replace("owner@", f"{roles[kind]}@")

    with closing(open_store(log)) as store:
        Engine(store).publish(load(PROCESS), by=BY)
    with closing(open_store(of("writer"))) as store:
        engine = Engine(store)
        for name in ("A-1", "A-2"):
            engine.start("b2b-sales", name, stage="prospecting", by=BY)
        engine.record("A-1", {"contact_email": "a@example.com"}, by=BY)
        append(store, *(event(n, "deal:many") for n in range(1, 40)))
        store.seal()
    for kind in ("writer", "auditor", "reader"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            execute(of(kind), f"DELETE FROM {schema_of(log)}.deal_key")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        execute(of("reader"), f"SELECT key FROM {schema_of(log)}.deal_key")
    with closing(open_store(of("eraser"))) as store:
        Engine(store).erase("A-1", fields=["contact_email"], basis="asked", by=BY)
    with closing(open_store(f"{of('auditor')}&read_only=yes")) as store, store.inspect() as tx:
        assert {row.stream for row in tx.scan(Places())} >= {"deal:many"}
        assert list(tx.layout_differences()) == []
        assert {each.stream for each in verify(tx, Tally())} == {"deal:many"}  # whose events are none of procdef's
