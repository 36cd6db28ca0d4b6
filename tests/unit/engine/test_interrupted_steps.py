"""A handler of a signal may raise at any moment, as a limit of time does, or somebody who presses Ctrl-C. Whatever step was
under way then: the log is locked for nobody, also while the exception is still looked at, and nothing of it is half done."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest

import procdef.engine.transactions
import procdef.store
from procdef import Engine, StepRefused, UnknownDeal, open_store
from procdef.verification import Tally, verify

if TYPE_CHECKING:
    from conftest import Desk

OURS = str(Path(procdef.store.__file__).parent), procdef.engine.transactions.__file__
EVERYTHING = 1_000_000


class Interrupted(BaseException):
    """What the handler raises."""


class Interruption:
    """Raises at the ``moment``-th line, call or return of the code of transactions and stores."""

    def __init__(self, moment: int) -> None:
        self.left = moment

    def __call__(self, frame: FrameType, event: str, argument: object) -> Interruption | None:
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        self.left -= 1
        if self.left == 0:
            raise Interrupted
        return self

    def __enter__(self) -> Interruption:
        sys.settrace(self)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)


def refused(step: Callable[[], object], kind: type[Exception]) -> None:
    with pytest.raises(kind):
        step()


STEPS: dict[str, Callable[[Engine, Desk, int], object]] = {
    "a step": lambda engine, desk, k: engine.note("D", f"Note {k}", by=desk.seller),
    "a refused step": lambda engine, desk, k: refused(
        lambda: engine.advance("D", "offer", by=desk.seller), StepRefused
    ),
    "a question": lambda engine, desk, k: engine.options("D"),
    "an unknown deal": lambda engine, desk, k: refused(lambda: engine.note("E", "x", by=desk.seller), UnknownDeal),
}


def free(desk: Desk) -> None:
    """Nobody has the log locked, and nobody reads a former state of it."""
    if desk.store.path is None:
        desk.engine.note("D", "Somebody else", by=desk.seller)
        return
    with closing(sqlite3.connect(desk.store.path, timeout=0, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    with open_store(f"sqlite:///{desk.store.path}?busy=0") as store, store.transaction(write=True):
        pass


@pytest.fixture
def sound(desk: Desk) -> Iterator[None]:
    """Whatever a test did, the log verifies afterwards, and takes another step."""
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    yield
    desk.engine.note("D", "Afterwards", by=desk.seller)
    with desk.store.inspect() as tx:
        assert list(verify(tx, Tally())) == []


def moments(step: Callable[[], object]) -> int:
    """How many there are in a step."""
    with Interruption(EVERYTHING) as counting:
        step()
    return EVERYTHING - counting.left


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("kind", STEPS)
def test_nothing_stays_locked_whenever_it_is_raised(kind: str, desk: Desk) -> None:
    step = STEPS[kind]
    step(desk.engine, desk, 0)
    of = moments(lambda: step(desk.engine, desk, 0))
    raised = 0
    for moment in range(1, of + 1):
        before = len(desk.engine.events("D"))
        try:
            with Interruption(moment):
                step(desk.engine, desk, moment)
        except Interrupted:
            raised += 1
            assert len(desk.engine.events("D")) <= before + 1
            free(desk)
    assert raised > of * 0.9


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # one raised while Python lets go of something
def test_signals_at_random_moments_leave_the_log_to_everybody(desk: Desk) -> None:
    chance = random.Random(7)

    def all_steps(k: int) -> None:
        for kind in STEPS:
            STEPS[kind](desk.engine, desk, k)

    all_steps(0)
    began = monotonic()
    all_steps(0)
    took = monotonic() - began

    def handle(number: int, frame: object) -> None:
        raise Interrupted

    kept: list[BaseException] = []  # as a notebook keeps them, and what they refer to
    former = signal.signal(signal.SIGALRM, handle)
    try:
        for k in range(150):
            try:
                signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.00001, took))
                all_steps(k)
                signal.setitimer(signal.ITIMER_REAL, 0)
            except Interrupted as interrupted:
                kept.append(interrupted)
                free(desk)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
    assert len(kept) > 50


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
def test_the_applications_own_transaction_stays_its_own(desk: Desk) -> None:
    """What is interrupted in it is whole or not there, and it alone commits."""
    with closing(sqlite3.connect(desk.store.path, isolation_level=None)) as theirs:
        theirs.execute("CREATE TABLE invoice (deal TEXT)")
        joined: Any = desk.engine.on(theirs)

        def step(k: int) -> None:
            joined.note("D", f"Note {k}", by=desk.seller)

        theirs.execute("BEGIN IMMEDIATE")
        step(0)
        of = moments(lambda: step(0))
        for moment in range(1, of + 1, 3):
            before = len(joined.events("D"))
            try:
                with Interruption(moment):
                    step(moment)
            except Interrupted:
                assert theirs.in_transaction
                assert len(joined.events("D")) in (before, before + 1)
        theirs.execute("INSERT INTO invoice VALUES ('D')")
        theirs.execute("COMMIT")


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
def test_a_fork_after_interrupted_steps_is_not_held_up_and_the_child_can_write(desk: Desk) -> None:
    kept = []
    for moment in range(1, 60):
        try:
            with Interruption(moment):
                desk.engine.note("D", "Interrupted", by=desk.seller)
        except Interrupted as interrupted:
            kept.append(interrupted)
    begun, before = monotonic(), len(desk.engine.events("D"))
    if (child := os.fork()) == 0:
        try:
            desk.engine.note("D", "From the child", by=desk.seller)
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert kept
    assert monotonic() - begun < 3
    assert len(desk.engine.events("D")) == before + 1
