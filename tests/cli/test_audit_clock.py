"""A clock that was ahead when something was recorded: what is held up, what is not, and the way on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from procdef import Actor, Engine, StepRefused, open_store

if TYPE_CHECKING:
    from conftest import Procdef

WRONG = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def poisoned(office: Procdef) -> Procdef:
    """The office after a start was refused while the clock said 2099."""
    store = open_store("sqlite:///procdef.db")
    with pytest.raises(StepRefused):
        Engine(store, clock=lambda: WRONG).start("office", "VIRTANEN-1", by=Actor("nobody"))
    store.close()
    return office


def test_what_was_erased_is_purged_and_never_said_not_to_be_written(poisoned: Procdef) -> None:
    code, told, complaint = poisoned("erase", "--person", "virtanen", "--basis", "art-17")
    assert (code, complaint) == (0, "")
    assert "no byte of it is left" in told
    assert poisoned("audit", "purge")[0] == 0


def test_exports_wait_for_the_clock_or_for_the_word_that_it_was_wrong(poisoned: Procdef) -> None:
    export = ("audit", "export", "--format", "csv", "-o", "events.csv")
    code, _, complaint = poisoned(*export)
    assert (code, "`procdef audit clock --was-wrong`" in complaint) == (3, True)
    told = json.loads(poisoned("audit", "clock", "--format", "json")[1])
    assert (told["latest"][:4], told["events"], told["stream"], told["recorded"]) == ("2099", 1, "system", False)
    assert "1 event is of a later time, up to 2099-01-01T00:00:00.000000Z" in poisoned("audit", "clock")[1]
    assert poisoned(*export)[0] == 3
    code, told_then, _ = poisoned("audit", "clock", "--was-wrong")
    assert (code, "it is on record" in told_then) == (0, True)
    assert poisoned(*export)[0] == 0
    code, verified, _ = poisoned("audit", "verify")
    assert (code, "0 findings" in verified) == (0, True)
    assert "warning: event 4 of system is of 2099-01-01T00:00:00.000000Z" in verified
    ahead = json.loads(poisoned("audit", "verify", "--format", "json")[1].splitlines()[-1])["ahead_of_clock"]
    assert (ahead["at"][:4], ahead["stream"]) == ("2099", "system")


def test_without_such_a_time_there_is_nothing_to_put_on_record(office: Procdef) -> None:
    assert "no event is of a later time" in office("audit", "clock")[1]
    code, _, complaint = office("audit", "clock", "--was-wrong")
    assert (code, "no event is of a time after" in complaint) == (2, True)
    assert "warning" not in office("audit", "verify")[1]
