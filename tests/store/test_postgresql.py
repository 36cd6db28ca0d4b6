"""What only a store in PostgreSQL has: an application's own connection, secrets, pages with old rows, and layouts to come."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import psycopg_pool
import pytest
import sqlalchemy
from rows import DEAL, event
from sqlalchemy.orm import Session

from postgresql import PASSWORD, differences, purged_soon, schema_of, server
from procdef import (
    Actor,
    ConcurrentChange,
    Engine,
    InvalidArgument,
    NewerLog,
    StepRefused,
    StoreError,
    UnknownDeal,
    load,
    open_store,
)
from procdef.errors import StoreBusy
from procdef.store import Batch, Deals, Events, PrivateRow
from procdef.store.postgres import setup as postgres_setup
from procdef.store.postgres import tables as postgres_tables
from procdef.store.postgres.address import postgres_address
from procdef.store.postgres.setup import upgrade

PROCESS = Path(__file__).parents[2] / "processes" / "b2b-sales.yaml"
BY = Actor("maija", frozenset({"seller"}))


def engine_on(url: str) -> Engine:
    engine = Engine(open_store(url))
    engine.publish(load(PROCESS), by=BY)
    return engine


def test_a_step_is_part_of_the_applications_own_transaction(postgres_log: str) -> None:
    engine = engine_on(postgres_log)
    with closing(engine.store), psycopg.connect(server().url) as application:
        engine.on(application).start("b2b-sales", "A-1", stage="prospecting", by=BY)
        with pytest.raises(UnknownDeal):
            engine.deal("A-1")
        application.rollback()
        with pytest.raises(UnknownDeal):
            engine.deal("A-1")
        with application.transaction():
            joined = engine.on(application)
            joined.start("b2b-sales", "A-1", stage="prospecting", by=BY)
            joined.note("A-1", "in the same transaction", by=BY)
        assert engine.deal("A-1").stage == "prospecting"
        application.autocommit = True
        with pytest.raises(StoreError, match="no transaction open"):
            engine.on(application).note("A-1", "alone", by=BY)


def test_a_step_joins_the_connection_and_the_session_of_sqlalchemy(postgres_log: str) -> None:
    engine = engine_on(postgres_log)
    place = sqlalchemy.create_engine(server().url.replace("postgresql://", "postgresql+psycopg://"))
    with closing(engine.store):
        with place.begin() as connection:
            connection.execute(sqlalchemy.text("SELECT 1"))
            engine.on(connection).start("b2b-sales", "A-1", stage="prospecting", by=BY)
        with Session(place) as session:
            engine.on(session).note("A-1", "undone", by=BY)
            session.rollback()
            engine.on(session).note("A-1", "kept", by=BY)
            session.commit()
        with place.connect() as connection:
            engine.on(connection).note("A-1", "kept too", by=BY)
            connection.commit()
            engine.on(connection).note("A-1", "never committed", by=BY)
        with engine.store.transaction(write=False) as tx:
            assert [row.n for row in tx.scan(Events(tx.load(["A-1"]).deals["A-1"].stream))] == [1, 2, 3]
    place.dispose()


def test_a_connection_that_takes_no_step_says_why(postgres_log: str) -> None:
    engine = engine_on(postgres_log)
    with closing(engine.store), psycopg.connect(server().url) as application:
        engine.start("b2b-sales", "A-1", stage="prospecting", by=BY)
        with pytest.raises(psycopg.errors.DivisionByZero):
            application.execute("SELECT 1 / 0")
        with pytest.raises(StoreError, match=r"a statement of this transaction failed.*; roll it back and begin again"):
            engine.on(application).note("A-1", "undone", by=BY)
        application.rollback()
        engine.on(application).note("A-1", "kept", by=BY)
        application.commit()
        application.close()
        with pytest.raises(StoreError, match="the connection was closed"):
            engine.on(application).note("A-1", "gone", by=BY)


@pytest.mark.parametrize("connection", [object(), "postgresql://x", 7])
def test_no_other_connection_is_joined(connection: object, postgres_log: str) -> None:
    with closing(open_store(postgres_log)) as store, pytest.raises(InvalidArgument, match="psycopg"):
        store.transaction(write=True, connection=connection)


def test_a_connection_to_another_log_is_refused(postgres_log: str, new_postgres_log: str) -> None:
    server().execute(f"UPDATE {schema_of(new_postgres_log)}.tree SET log = log")
    with closing(open_store(new_postgres_log)) as store, psycopg.connect(server().url) as application:
        application.execute(f"UPDATE {schema_of(new_postgres_log)}.tree SET log = 'another'")
        with (
            pytest.raises(StoreError, match="not to the database"),
            store.transaction(write=True, connection=application),
        ):
            pass


def test_a_password_stands_in_no_message_and_no_repr(postgres_log: str) -> None:
    schema = schema_of(postgres_log)
    url = f"{server().tcp}?schema={schema}"
    with closing(open_store(url)) as store:
        shown = [repr(store), str(store.__dict__.get("subject")), repr(postgres_address(url))]
        assert not any(PASSWORD in text or "owner" in text for text in shown)
    wrong = [
        url.replace(PASSWORD, "Wrong-Word"), url.replace("/postgres?", "/nowhere?"), url.replace(schema, "empty"),
        url.replace(str(server().port), "1") + "&busy=0.1", f"{url}&sslmode={PASSWORD}", f"{url}&schema=No;Name",
        f"{url}&pool=none",
    ]  # fmt: skip
    for each in wrong:
        with pytest.raises((StoreError, InvalidArgument)) as error:
            open_store(each)
        told = f"{error.value!r} {error.value} {error.value.subject} {error.value.__cause__}"
        assert PASSWORD not in told
        assert "Wrong-Word" not in told


def test_a_password_stands_in_no_attribute_that_is_shown(postgres_log: str) -> None:
    with closing(open_store(f"{server().tcp}?schema={schema_of(postgres_log)}")) as store:
        with store.transaction(write=False) as tx:
            list(tx.scan(Deals()))
        assert PASSWORD not in repr(vars(store))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("127.0.0.1:1/d?sslmode=banana", "sslmode has a value that libpq does not know"),
        ("?service=nowhere", "its service is in no service file"),
        ("127.0.0.1/d?keepalives=abc", "the value of keepalives is no number"),
        ("127.0.0.1:99999/d", "its port is no number from 1 to 65535"),
        ("{tcp}?sslmode=require", "sslmode asks for TLS, which the server does not speak"),
        ("u:pa%zz@127.0.0.1/d", "a % itself is written %25"),
    ],
)
def test_settings_that_libpq_does_not_take_are_told_as_such(more: str, told: str) -> None:
    url = f"postgresql://{more}".replace("postgresql://{tcp}", server().tcp)
    with pytest.raises(StoreError, match=re.escape(told)) as error:
        open_store(url)
    assert "server runs" not in str(error.value)
    assert "pa%zz" not in str(error.value)


def test_a_server_that_is_gone_is_not_told_as_connections_in_use(
    postgres_log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(self: Any, timeout: float | None = None) -> Any:
        raise psycopg_pool.PoolTimeout

    with closing(open_store(f"{postgres_log}&busy=0.1&pool=1")) as store:
        with store.transaction(write=False) as tx:
            list(tx.scan(Deals()))
        monkeypatch.setattr(psycopg_pool.ConnectionPool, "getconn", none)
        with pytest.raises(StoreBusy, match="no connection came within"), store.transaction(write=False):
            pass


def test_the_search_path_is_not_trusted(postgres_log: str) -> None:
    """A schema that the role's path names first has tables and functions of the same names."""
    server().execute("CREATE SCHEMA IF NOT EXISTS evil", "CREATE TABLE IF NOT EXISTS evil.event (x int)",
                     "CREATE OR REPLACE FUNCTION evil.count() RETURNS bigint LANGUAGE sql AS 'SELECT 7::bigint'")  # fmt: skip
    with closing(open_store(f"{postgres_log}&options=-csearch_path%3Devil%2Cpg_catalog")) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(1)]))
        with store.transaction(write=False) as tx:
            assert tx.size == 1
            assert tx.waiting.events == 0
            assert len(list(tx.scan(Events()))) == 1


def test_a_step_waits_for_another_one_on_its_deal_and_for_no_other_deal(postgres_log: str) -> None:
    with closing(open_store(f"{postgres_log}&busy=0.3")) as store:
        other = DEAL._replace(stream="deal:2", key="BETA-2")
        with store.transaction(write=True) as tx:
            tx.append(Batch(deals=[(DEAL, 0), (other, 0)]))
        with store.transaction(write=True) as held:
            held.load([DEAL.key])
            done: list[object] = []

            def work(key: str) -> None:
                try:
                    with store.transaction(write=True) as tx:
                        done.append(tx.load([key]).deals[key].key)
                except StoreBusy as busy:
                    done.append(str(busy))

            for key in (other.key, DEAL.key):
                thread = threading.Thread(target=work, args=(key,))
                thread.start()
                thread.join()
        assert done[0] == other.key
        assert "is locked by another program" in str(done[1])


def test_starts_refused_at_once_are_all_refused(postgres_log: str) -> None:
    """All of them are events of the stream ``system``, of which one after the other has the next number."""
    engine = engine_on(postgres_log)

    def begin(number: int) -> str:
        try:
            engine.start("b2b-sales", f"R-{number}", by=BY)
        except (StepRefused, ConcurrentChange) as error:
            return type(error).__name__
        return "started"

    with closing(engine.store), ThreadPoolExecutor(8) as threads:
        assert Counter(threads.map(begin, range(60))) == {"StepRefused": 60}


@pytest.mark.parametrize(
    "made",
    [
        {"row_factory": psycopg.rows.dict_row},
        {"row_factory": psycopg.rows.namedtuple_row},
        {"cursor_factory": psycopg.ClientCursor},
        {"prepare_threshold": None},
    ],
    ids=["dicts", "named tuples", "merged by the client", "never prepared"],
)
def test_a_step_works_on_a_connection_whatever_its_cursors_make_of_rows(
    made: dict[str, Any], postgres_log: str
) -> None:
    engine = engine_on(postgres_log)
    with closing(engine.store), psycopg.connect(server().url, **made) as application:
        joined = engine.on(application)
        joined.start("b2b-sales", "A-1", stage="prospecting", by=BY)
        assert joined.note("A-1", "called", by=BY).deal.stage == "prospecting"
        assert [event.type for event in joined.events("A-1")] == ["deal.started", "deal.noted"]
        assert [row.name for row in joined.deals()] == ["A-1"]
        assert len(list(joined.feed())) > 0


def test_no_old_row_with_a_personal_value_is_left_in_a_page(postgres_log: str) -> None:
    """By ``pageinspect``, which shows the bytes of a page, those of removed rows with them."""
    schema, secret = schema_of(postgres_log), "very-secret@example.com"
    server().execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
    pages = (
        "SELECT bool_or(position(convert_to(%s, 'UTF8') in get_raw_page(%s, p)) > 0) "
        "FROM generate_series(0, pg_relation_size(%s::regclass) / 8192 - 1) p"
    )

    def stands() -> bool:
        with psycopg.connect(server().url) as connection:
            found = [
                connection.execute(pages, (secret, f"{schema}.{table}", f"{schema}.{table}")).fetchone()
                for table in ("private", "deal", "request")
            ]
        return any(row and row[0] for row in found)

    with closing(open_store(postgres_log)) as store:
        row = PrivateRow("deal:1", 1, "/key", b"s" * 32, f'"{secret}"'.encode())
        with store.transaction(write=True) as tx:
            tx.append(Batch(deals=[(DEAL._replace(key=secret), 0)], private=[row]))
        with store.transaction(write=True) as tx:
            tx.append(Batch(deals=[(DEAL._replace(key="erased"), 1)], erased=[row[:3]]))  # type: ignore[list-item]
        assert stands()
        with psycopg.connect(server().url) as reading:
            reading.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            reading.execute(f"SELECT count(*) FROM {schema}.private")
            assert not store.purge()
        assert purged_soon(store)
        assert not stands()


def test_copies_are_found_in_the_applications_tables_too(postgres_log: str) -> None:
    server().execute("CREATE TABLE IF NOT EXISTS public.customer (id int, mail text)",
                     "INSERT INTO public.customer VALUES (1, 'Anna.Virtanen@example.com')")  # fmt: skip
    with closing(open_store(postgres_log)) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(deals=[(DEAL._replace(key="anna.virtanen@example.com"), 0)]))
        found = {(copy.table, copy.columns, copy.own) for copy in store.copies(["ANNA.VIRTANEN@example.com"])}
    assert ("deal", ("key",), True) in found
    assert ("public.customer", ("mail",), False) in found
    server().execute("DROP TABLE public.customer")


def test_a_layout_to_come_is_reached_by_upgrade_alone(new_postgres_log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_store(new_postgres_log)) as store, store.transaction(write=True) as tx:
        tx.append(Batch(deals=[(DEAL, 0)]))
    steps = {**postgres_tables.migrations(), 6: ("CREATE TABLE {schema}.more (x text)",), 7: ("SELECT 1",)}
    with monkeypatch.context() as later:
        later.setattr(postgres_tables, "LATEST", 7)
        later.setattr(postgres_setup, "LATEST", 7)
        later.setattr(postgres_tables, "migrations", lambda: steps)
        with pytest.raises(StoreError, match="layout 5, and this procdef needs those of layout 7") as error:
            open_store(new_postgres_log)
        assert error.value.subject == postgres_tables.OLDER
        made = []
        both = [threading.Thread(target=lambda: made.append(upgrade(new_postgres_log).made)) for _ in range(2)]
        for each in both:
            each.start()
        for each in both:
            each.join()
        assert sorted(made) in ([(), (6, 7)], [(6,), (7,)])
        with closing(open_store(new_postgres_log)) as store, store.transaction(write=False) as tx:
            assert list(tx.scan(Deals())) == [DEAL]
    for use in (open_store, differences, upgrade):
        with pytest.raises(NewerLog, match="written by a later procdef"):
            use(new_postgres_log)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_opens_connections_of_its_own(postgres_log: str) -> None:
    with closing(open_store(postgres_log)) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(1)]))
        child = os.fork()
        if child == 0:
            try:
                with store.transaction(write=True) as tx:
                    tx.append(Batch(events=[event(2)]))
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(3)]))
        with store.transaction(write=False) as tx:
            assert [row.n for row in tx.scan(Events())] == [1, 2, 3]


def test_without_the_driver_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r'pip install "procdef\[postgres\]"'):
        open_store("postgresql://host/deals")
