"""The log tells what left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procdef import Engine, open_store
from procdef.store.queries import Events
from procdef.verification import Tally, verify

if TYPE_CHECKING:
    from conftest import Desk

GONE = {"what": "export csv", "scope": {"with_personal": False}, "rows": 3, "digest": "ab" * 32}


def test_an_export_is_an_event_of_the_system_stream(desk: Desk) -> None:
    written = desk.engine.exported(**GONE, by=desk.manager)
    (last,) = [item.event for item in desk.engine.feed() if item.event["type"] == "log.exported"]
    expected = {"what": "export csv", "filter": {"with_personal": False}, "rows": 3, "sha256": "ab" * 32}
    assert (last["stream"], last["data"], last["by"]["id"]) == ("system", expected, "jaana")
    assert (written.stream, written.n) == ("system", last["n"])
    with desk.store.inspect() as tx:
        assert list(verify(tx, Tally())) == []


def test_a_log_begins_as_ever_where_an_export_is_the_first_that_happens(desk: Desk) -> None:
    store = open_store("memory:")
    Engine(store).exported(**GONE, by=desk.manager)
    with store.inspect() as tx:
        assert [row.type for row in tx.scan(Events("system"))] == ["log.created", "log.exported"]
        assert list(verify(tx, Tally())) == []
