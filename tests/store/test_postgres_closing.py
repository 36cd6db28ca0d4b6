"""A log in PostgreSQL that is moved while somebody has a step under way there: the step comes before the end of the log, and is
moved with it, or it is told where the log went on."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from postgresql import server
from procdef import Actor, Engine, NewerLog, StoreError, load, open_store
from procdef.store import InspectableStore, LogOrder

PROCESS = Path(__file__).parents[2] / "processes" / "b2b-sales.yaml"
BY = Actor("maija", frozenset({"seller"}))


def begun(url: str) -> Engine:
    engine = Engine(open_store(url))
    engine.publish(load(PROCESS), by=BY)
    engine.start("b2b-sales", "A-1", stage="prospecting", by=BY)
    return engine


def types(store: InspectableStore) -> list[str]:
    store.seal()
    with store.transaction(write=False) as tx:
        return [leaf.event.type for leaf in tx.scan(LogOrder())]


def move(engine: Engine, target: InspectableStore) -> None:
    engine.move(Engine(target), to="there", copy="0" * 32, came_from="here", by=BY)


def until_somebody_waits() -> None:
    until = time.monotonic() + 10
    while not server().execute("SELECT 1 FROM pg_locks WHERE NOT granted"):
        assert time.monotonic() < until, "nobody waits"


def test_a_step_under_way_is_moved_with_the_log(postgres_log: str, tmp_path: Path) -> None:
    engine = begun(postgres_log)
    with closing(engine.store), open_store(f"sqlite:///{tmp_path / 'moved.db'}", log=engine.store.log) as target:
        with psycopg.connect(server().url) as application:
            engine.on(application).note("A-1", "under way", by=BY)
            moving = threading.Thread(target=move, args=(engine, target))
            moving.start()
            until_somebody_waits()
            application.commit()
            moving.join()
        assert types(engine.store)[-2:] == ["deal.noted", "log.moved"]
        assert types(target)[-3:] == ["deal.noted", "log.moved", "log.opened"]


def test_a_step_that_does_not_end_is_not_left_behind(postgres_log: str, tmp_path: Path) -> None:
    engine = begun(f"{postgres_log}&busy=0.3")
    with closing(engine.store), open_store(f"sqlite:///{tmp_path / 'moved.db'}", log=engine.store.log) as target:
        with psycopg.connect(server().url) as application:
            engine.on(application).note("A-1", "under way", by=BY)
            with pytest.raises(StoreError, match="locked by another program"):
                move(engine, target)
            application.commit()
        move(engine, target)
        assert types(target)[-3:] == ["deal.noted", "log.moved", "log.opened"]


@pytest.mark.parametrize("before", [0, 8], ids=["a first step", "steps whose statements are prepared"])
@pytest.mark.parametrize("notes", [1, 30], ids=["one", "many at once"])
def test_a_step_that_waited_for_the_end_of_the_log_is_told_so(before: int, notes: int, postgres_log: str) -> None:
    engine = begun(f"{postgres_log}&pool=1")
    with closing(engine.store), closing(open_store(postgres_log)) as mover:
        for _ in range(before):
            list(engine.run(load(PROCESS), noted(notes), by=BY))
        found: list[BaseException] = []
        stored = len(types(mover))

        def step() -> None:
            try:
                list(engine.run(load(PROCESS), noted(notes), by=BY))
            except NewerLog as error:
                found.append(error)

        waiting = threading.Thread(target=step)

        def then_wait(*_: object) -> None:
            waiting.start()
            until_somebody_waits()

        mover_engine = Engine(mover)
        mover_engine._transact(lambda unit: (mover_engine._close(unit, "there", "0" * 32, BY), then_wait()))
        waiting.join()
        assert [str(error) for error in found] == [
            "this log goes on elsewhere, in there; nothing was written, write to that one"
        ]
        assert types(mover)[stored:] == ["log.moved"]


def noted(notes: int) -> list[dict[str, object]]:
    who = {"by": "maija", "roles": ["seller"], "deal": "A-1", "do": "note"}
    return [{**who, "note": "called"}] * notes
