"""A log that some version wrote is verified and read by every later one."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from forgery import events, findings
from sealed_story import ERASED, tell_sealed

from procdef import Engine, open_store
from procdef.events.types import EVENT_TYPES
from procdef.log.checkpoint import HeldNote
from procdef.verification import Tally, verify
from procdef.verification.since_note import verify_since
from procdef.verification.tree.assurance import Assurance
from procdef.verification.tree.whole_tree import verify_tree

WRITTEN = sorted(Path(__file__).parent.glob("*/deals.sqlite"))
TYPES = {
    "0.1.0": {
        "action.completed", "action.voided", "criterion.waived", "deal.assigned", "deal.corrected", "deal.finished",
        "deal.lost", "deal.noted", "deal.recorded", "deal.reopened", "deal.started", "deal.won", "definition.published",
        "log.created", "stage.advanced", "stage.returned", "step.refused",
    },
}  # fmt: skip
"""The types of events that a version wrote by way of steps."""
SEALED_TYPES = {"privacy.erased", "privacy.purged", "log.exported", "log.rekeyed"}
"""Those that came of all else."""


@pytest.fixture(params=WRITTEN, ids=[file.parent.name for file in WRITTEN])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copy(request.param, tmp_path / "deals.sqlite"))


def test_there_is_a_log_of_the_first_version() -> None:
    assert "0.1.0" in [file.parent.name for file in WRITTEN]


def test_a_written_log_verifies(written: Path) -> None:
    assert findings(written) == []


def test_a_written_log_has_every_type_of_event_that_its_version_wrote(
    written: Path, request: pytest.FixtureRequest
) -> None:
    with closing(sqlite3.connect(written)) as log:
        assert {event["type"] for event in events(log)} == TYPES[request.node.callspec.id]


def test_the_deals_of_a_written_log_stand_where_they_stood(written: Path) -> None:
    store = open_store(f"sqlite:///{written}")
    engine = Engine(store)
    rows = {row.name: (row.stage, row.mode, row.outcome, row.owner, row.n) for row in engine.deals()}
    again = {name: engine.deal(name) for name in rows}
    store.close()
    assert rows == {
        "Anna Virtanen, Öljy": ("ring", "done", "won", "tero", 41),
        "B": ("lead", "lost", "lost", "matti", 20),
        "C": ("offer", "open", "open", "maija", 43),
        "D": ("shelf", "lost", "lost", "maija", 9),
        "I": ("offer", "open", "open", "maija", 6),
    }
    assert {name: (d.stage, d.mode, d.outcome, d.owner, d.n) for name, d in again.items()} == rows


SEALED = sorted(Path(__file__).parent.glob("*/sealed.sqlite"))


@pytest.fixture(params=[*SEALED, None], ids=[*(file.parent.name for file in SEALED), "as it is written now"])
def sealed(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with the log and the notes over it."""
    if request.param is None:
        tell_sealed(tmp_path)
    else:
        for name in ("sealed.sqlite", "early.note", "late.note"):
            shutil.copy(request.param.with_name(name), tmp_path / name)
    return tmp_path


def test_there_is_a_sealed_log_of_the_first_version() -> None:
    assert "0.1.0" in [file.parent.name for file in SEALED]


def test_a_sealed_log_holds_with_the_notes_over_it(sealed: Path) -> None:
    early, late = (HeldNote(name, (sealed / f"{name}.note").read_bytes()) for name in ("early", "late"))
    store, assurance = open_store(f"sqlite:///{sealed / 'sealed.sqlite'}", read_only=True), Assurance()
    with closing(store), store.inspect() as tx:
        assert [*verify(tx, Tally()), *verify_tree(tx, (early, late), assurance)] == []
        for note in (early, late):
            assert list(verify_since(tx, note, (), Tally(), Assurance())) == []
    assert assurance.by == ["late"]
    assert assurance.size == assurance.total - 1


def types_in(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "sealed.sqlite")) as log:
        return {event["type"] for event in events(log)}


@pytest.mark.parametrize("sealed", SEALED, indirect=True, ids=lambda file: file.parent.name)
def test_a_sealed_log_has_every_type_of_event_that_its_version_wrote(sealed: Path, request: pytest.FixtureRequest) -> None:
    version = request.node.callspec.id
    assert types_in(sealed) == TYPES[version] | SEALED_TYPES


@pytest.mark.parametrize("sealed", [None], indirect=True)
def test_a_sealed_log_as_it_is_written_now_has_every_type_of_event(sealed: Path) -> None:
    """But for the two of a log that moved, which ``test_moved_logs.py`` moves."""
    written = {kind.name for kind in EVENT_TYPES if kind.written}
    assert types_in(sealed) == written - {"log.sealed", "log.moved", "log.opened"}


def test_a_log_from_before_the_tree_gets_the_event_that_says_so(written: Path) -> None:
    open_store(f"sqlite:///{written}").close()
    with closing(sqlite3.connect(written)) as log:
        assert events(log)[-1]["type"] == "log.sealed"
    assert findings(written) == []


def test_a_sealed_log_tells_what_was_erased_and_reads_so(sealed: Path) -> None:
    with closing(open_store(f"sqlite:///{sealed / 'sealed.sqlite'}")) as store:
        engine = Engine(store)
        assert [(erasure.basis, erasure.purged) for erasure in engine.erasures()] == [("ticket/88", True), ("art-17", True)]
        assert engine.deal(ERASED).erased == ("email",)
        *named, erased = sorted(row.name for row in engine.deals())
        assert named[:4] == [ERASED, "C", "D", "I"]
        assert erased.startswith("deal:")
