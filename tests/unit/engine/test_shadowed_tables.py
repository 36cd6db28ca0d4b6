"""An application's connection may have temporary tables, and views, that are called like the log's; they are not the log."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from procdef import StepRefused
from procdef.errors import StoreError
from procdef.log.signed_note import Signer
from procdef.store.sqlite.tables import TABLES
from procdef.verification import Tally, verify

if TYPE_CHECKING:
    from conftest import Desk

pytestmark = pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
OURS = [name for name in TABLES if not name.startswith("sqlite_")]
SHADOWS = {
    "a full copy": "CREATE TEMP TABLE {name} AS SELECT * FROM main.{name}",
    "an empty copy": "CREATE TEMP TABLE {name} AS SELECT * FROM main.{name} WHERE 0",
    "a table of something else": "CREATE TEMP TABLE {name} (customer TEXT)",
    "a view": "CREATE TEMP VIEW {name} AS SELECT * FROM main.{name}",
}


@pytest.mark.parametrize("shadow", SHADOWS)
def test_what_hides_the_tables_of_the_log_is_neither_read_nor_written(shadow: str, desk: Desk) -> None:
    desk.offered()
    signer = Signer.new(desk.engine.origin)
    with closing(sqlite3.connect(desk.store.path, isolation_level=None)) as connection:
        for name in OURS:
            connection.execute(SHADOWS[shadow].format(name=name))
        connection.execute("BEGIN IMMEDIATE")
        joined = desk.engine.on(connection)
        with pytest.raises(StepRefused):
            joined.advance("D", "delivery", by=desk.seller, request="r-1")
        for replayed in (False, True):
            started = {"stage": "offer", "values": {"email": "b@b.example"}, "request": "r-2"}
            assert joined.start("small", "E", by=desk.seller, **started).replayed is replayed
        joined.do("D", "send", by=desk.seller, way="mail", evidence="https://x.example/offer")
        joined.rekey(signer, by=desk.manager)
        joined.checkpoint(signer)
        assert len(joined.erase("E", ["email"], basis="request", by=desk.manager).leaves) == 1
        assert [deal.name for deal in joined.deals()] == ["D", "E"]
        assert joined.prove("D", 1)
        told = [item.event["type"] for item in joined.feed()]
        connection.execute("COMMIT")
    assert told == [item.event["type"] for item in desk.engine.feed()]
    with desk.store.inspect() as tx:
        assert list(verify(tx, Tally())) == []


def test_nothing_is_erased_where_a_temporary_trigger_could_keep_it(desk: Desk) -> None:
    desk.offered()
    with closing(sqlite3.connect(desk.store.path, isolation_level=None)) as connection:
        connection.execute("CREATE TEMP TABLE kept (value BLOB)")
        connection.execute(
            "CREATE TEMP TRIGGER keep BEFORE DELETE ON main.private BEGIN INSERT INTO kept VALUES (old.value); END"
        )
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="the trigger keep on procdef's tables could keep what is erased"):
            desk.engine.on(connection).erase("D", ["email"], basis="request", by=desk.manager)
        connection.execute("ROLLBACK")
