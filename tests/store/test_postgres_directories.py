"""A directory of people that is published in PostgreSQL while somebody has a step under way there: the step comes before it,
or is judged by it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from postgresql import server
from procdef import Actor, Engine, StepRefused, load, load_people, open_store
from procdef.engine.event_queue import EventQueue
from procdef.verification import Tally, verify

PROCESS = """
procdef: 1
id: offers
version: 1
title: Offers
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {price: {type: number}}
stages:
  offer: {title: Offer, start: true, owner: seller, next: won}
  won: {title: Won, owner: seller, outcome: won}
"""
BEFORE = "procdef-people: 1\npeople: {maija: {roles: seller}}\n"
AFTER = "procdef-people: 1\npeople: {maija: {roles: manager}}\n"
ROOT, MAIJA = Actor("root", auth="os"), Actor("maija")


@pytest.fixture
def engine(postgres_log: str) -> Iterator[Engine]:
    with closing(open_store(postgres_log)) as store:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=ROOT)
        engine.people.publish(load_people(BEFORE), by=ROOT)
        engine.start("offers", "A", by=MAIJA)
        yield engine
        store.seal()
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []


def test_what_was_judged_by_a_directory_is_stored_before_the_next(
    engine: Engine, postgres_log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush, publishing = EventQueue.flush, []

    def publish() -> None:
        with closing(open_store(postgres_log)) as other:
            Engine(other).people.publish(load_people(AFTER), by=ROOT)

    def later(queue: EventQueue) -> None:
        if not publishing:
            publishing.append(threading.Thread(target=publish))
            publishing[0].start()
            publishing[0].join(0.5)
        flush(queue)

    monkeypatch.setattr(EventQueue, "flush", later)
    engine.record("A", {"price": 1}, by=MAIJA)
    publishing[0].join()
    with pytest.raises(StepRefused):
        engine.record("A", {"price": 2}, by=MAIJA)


def test_a_directory_waits_for_the_step_of_an_application(engine: Engine, postgres_log: str) -> None:
    with psycopg.connect(server().url) as application:
        engine.on(application).record("A", {"price": 1}, by=MAIJA)
        publishing = threading.Thread(target=lambda: engine.people.publish(load_people(AFTER), by=ROOT))
        publishing.start()
        publishing.join(0.5)
        assert publishing.is_alive()
        application.commit()
        publishing.join()
    with pytest.raises(StepRefused):
        engine.record("A", {"price": 2}, by=MAIJA)
