"""Steps inside a transaction of SQLAlchemy over sqlite3: the engine takes its connection or its session as it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import event
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from procdef import Actor, Engine, InvalidArgument, StepRefused, StoreError, load, open_store

PROCESS = Path(__file__).parents[2] / "processes" / "crm-opportunities.yaml"
BY = Actor("maija", frozenset({"seller"}))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(open_store(f"{tmp_path}/deals.db?busy=0.2"))
    engine.publish(load(PROCESS), by=BY)
    yield engine
    engine.store.close()


@pytest.fixture(params=["as it is", "with listeners"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sqlalchemy.Engine]:
    """SQLAlchemy's engine as it leaves sqlite3, and with the listeners of ``docs/frameworks.md``."""
    database = sqlalchemy.create_engine(f"sqlite:///{tmp_path}/deals.db")
    if request.param == "with listeners":

        @event.listens_for(database, "connect")
        def leave_transactions_to_sqlalchemy(connection: Any, _record: Any) -> None:
            connection.isolation_level = None

        @event.listens_for(database, "begin")
        def begin(connection: sqlalchemy.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    yield database
    database.dispose()


def start(engine: Engine, connection: object, deal: str) -> None:
    engine.on(connection).start("crm-opportunities", deal, by=BY)


def deals(engine: Engine) -> list[str]:
    return [deal.name for deal in engine.deals()]


def test_a_connection_commits_and_rolls_back_what_was_done_on_it(engine: Engine, database: sqlalchemy.Engine) -> None:
    with database.begin() as connection:
        start(engine, connection, "A-1")
    with database.connect() as connection:
        start(engine, connection, "A-2")
        connection.commit()
        start(engine, connection, "A-3")
        connection.rollback()
        start(engine, connection, "A-4")
    assert deals(engine) == ["A-1", "A-2"]


def test_so_does_a_session(engine: Engine, database: sqlalchemy.Engine) -> None:
    with Session(database) as session, session.begin():
        start(engine, session, "A-1")
    with Session(database) as session:
        start(engine, session, "A-2")
        session.commit()
        start(engine, session, "A-3")
        session.rollback()
        start(engine, session.connection(), "A-4")
        session.commit()
    scoped = scoped_session(sessionmaker(database))
    start(engine, scoped, "A-5")
    scoped.commit()
    scoped.remove()
    assert deals(engine) == ["A-1", "A-2", "A-4", "A-5"]


def test_the_drivers_own_connection_is_taken_too(engine: Engine, database: sqlalchemy.Engine) -> None:
    for deal, wrapped in (("A-1", False), ("A-2", True)):
        with database.begin() as connection:
            start(engine, connection.connection if wrapped else connection.connection.driver_connection, deal)
    assert deals(engine) == ["A-1", "A-2"]


def test_a_refusal_is_put_on_record_once_the_session_has_rolled_back(engine: Engine, database: sqlalchemy.Engine) -> None:
    engine.start("crm-opportunities", "A-1", by=BY)
    with Session(database) as session:
        with pytest.raises(StepRefused) as refused:
            engine.on(session).advance("A-1", by=BY)
        with pytest.raises(InvalidArgument, match="roll it back first"):
            engine.record_refusal(refused.value)
        session.rollback()
        engine.record_refusal(refused.value)
    assert [each.type for each in engine.events("A-1")] == ["deal.started", "step.refused"]


def test_a_connection_that_was_closed_is_named_as_that(engine: Engine, database: sqlalchemy.Engine) -> None:
    connection = database.connect()
    connection.close()
    with pytest.raises(StoreError, match="cannot be joined: This Connection is closed"):
        start(engine, connection, "A-1")


@pytest.mark.parametrize("connection", [object(), "deals.db", 7])
def test_nothing_else_is_joined(engine: Engine, connection: object) -> None:
    with pytest.raises(InvalidArgument, match=r"sqlite3\.Connection") as refused:
        start(engine, connection, "A-1")
    assert refused.value.subject == "connection"


def test_neither_is_an_engine_of_sqlalchemy_nor_a_connection_of_another_driver(
    engine: Engine, database: sqlalchemy.Engine
) -> None:
    class Other(sqlite3.Cursor):
        in_transaction = True

    for other in (database, Other(sqlite3.connect(":memory:"))):
        with pytest.raises((InvalidArgument, StoreError)):
            start(engine, other, "A-1")
    assert deals(engine) == []
