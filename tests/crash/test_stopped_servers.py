"""Many writers on a server, which stops at once, kills backends, and loses connections in the middle of a commit: what was
acknowledged is there exactly once, the log verifies, and the same writers finish the rest.

``PROCDEF_PG_STOPS`` (2) is how often the server stops; how many write is said in ``server_writers.py``.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import psycopg
import pytest
from server_writers import BY, MANY, STEPS, WRITERS, ended, notes, prepared, ready, write

from postgresql import Server, differences, schema_of
from procdef import Engine, StoreError, open_store
from procdef.engine import event_queue
from procdef.log.event import uuids
from procdef.store import Events

STOPS = int(os.environ.get("PROCDEF_PG_STOPS", "2"))


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that may be stopped."""
    made = Server()
    yield made
    made.remove()


@pytest.fixture
def log(own_server: Server) -> Iterator[str]:
    with own_server.new_log() as url:
        yield url


@pytest.mark.parametrize("deals", [1, MANY], ids=["one deal", "many deals"])
def test_writers_lose_nothing_and_double_nothing(deals: int, log: str) -> None:
    prepared(log, deals)
    told = ended(ready([write(log, f"w{k}", deals, keys=False) for k in range(WRITERS)]))
    assert len(told) == WRITERS * STEPS
    found = notes(log)
    assert len(found) == len(told)
    for k in range(WRITERS):
        assert sum(f'"id":"w{k}"' in body for _, _, body in found) == STEPS


def test_a_server_that_stops_at_once_under_writers_costs_nothing_that_was_acknowledged(own_server: Server, log: str) -> None:
    prepared(log, 5)
    chance = random.Random(5)
    writers = ready([write(f"{log}&busy=60", f"w{k}", 5, keys=k % 2 == 0, steps=STEPS * 3) for k in range(WRITERS)])
    for _ in range(STOPS):
        time.sleep(chance.uniform(0.3, 0.8))
        own_server.stop(signal.SIGQUIT)
        own_server.start()
    told = ended(writers)
    assert len(told) == WRITERS * STEPS * 3
    assert len(notes(log)) == len(told)


def test_a_backend_that_is_killed_costs_nothing_that_was_acknowledged(own_server: Server, log: str) -> None:
    prepared(log, 3)
    writers = ready([write(log, f"w{k}", 3, keys=False, steps=STEPS * 3) for k in range(WRITERS)])
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = %s"
    with psycopg.connect(own_server.url, autocommit=True) as owner:
        for _ in range(STOPS * 2):
            time.sleep(0.3)
            owner.execute(others, ("client backend",))
    assert len(ended(writers)) == len(notes(log)) == WRITERS * STEPS * 3


class Cutting(threading.Thread):
    """A proxy before the server that closes both ends once a COMMIT came by: before it is handed on, or is answered."""

    def __init__(self, port: int, *, handed_on: bool, times: int) -> None:
        super().__init__(daemon=True)
        self._to, self._handed_on, self.left = port, handed_on, times
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]

    def run(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        upstream = socket.create_connection(("127.0.0.1", self._to))
        threading.Thread(target=self._back, args=(upstream, client), daemon=True).start()
        with suppress(OSError):
            while data := client.recv(65536):
                if b"COMMIT\0" in data and self.left > 0:
                    self.left -= 1
                    if self._handed_on:
                        client.shutdown(socket.SHUT_RDWR)  # the answer finds nobody
                        upstream.sendall(data)
                        time.sleep(0.05)
                    break
                upstream.sendall(data)
        for end in (client, upstream):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # the other thread still reads from it
            end.close()

    @staticmethod
    def _back(upstream: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := upstream.recv(65536):
                client.sendall(data)

    def stop(self) -> None:
        self._listening.close()


@pytest.mark.parametrize("handed_on", [True, False], ids=["stored", "not stored"])
def test_a_commit_whose_answer_is_lost_is_looked_up_and_never_doubled(handed_on: bool, own_server: Server, log: str) -> None:
    prepared(log, 1)
    proxy = Cutting(own_server.port, handed_on=handed_on, times=3)
    proxy.start()
    url = f"{own_server.tcp.replace(str(own_server.port), str(proxy.port))}?sslmode=disable&schema={schema_of(log)}"
    with closing(proxy._listening), closing(open_store(url)) as store:
        engine = Engine(store)
        begun = engine.note("D-0", "first", by=BY)
        for k in range(4):
            engine.note("D-0", f"more {k}", by=BY)
        started = engine.start("b2b-sales", "D-new", stage="prospecting", by=BY)
        assert proxy.left == 0
        assert begun.deal.name == "D-0"
        assert started.deal.name == "D-new"
    assert [n for _, n, _ in notes(log)] == [2, 3, 4, 5, 6]


def test_what_is_done_again_is_done_under_the_same_ids(
    own_server: Server, log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(log, 1)
    made: list[str] = []
    monkeypatch.setattr(event_queue, "uuids", lambda *given: [made.append(each) or each for each in uuids(*given)])  # type: ignore[func-returns-value]
    proxy = Cutting(own_server.port, handed_on=False, times=3)
    proxy.start()
    url = f"{own_server.tcp.replace(str(own_server.port), str(proxy.port))}?sslmode=disable&schema={schema_of(log)}"
    with closing(proxy._listening), closing(open_store(url)) as store:
        Engine(store).start("b2b-sales", "D-new", stage="prospecting", by=BY, request="once")
    assert proxy.left == 0
    with closing(open_store(log)) as store, store.transaction(write=False) as tx:
        (event,) = tx.scan(Events(tx.load(["D-new"]).deals["D-new"].stream))
    body = json.loads(event.body)
    assert made == [body["cmd"]["id"], event.id, event.stream.removeprefix("deal:")]


def test_a_server_started_elsewhere_between_two_steps_is_gone_on_with(own_server: Server, log: str) -> None:
    prepared(log, 1)
    with closing(open_store(log)) as store:
        engine = Engine(store)
        engine.note("D-0", "before", by=BY)
        for how in (signal.SIGINT, signal.SIGQUIT):
            own_server.stop(how)
            own_server.start()
            engine.note("D-0", "after", by=BY)
    assert len(notes(log)) == 3


def test_a_server_that_comes_up_is_waited_for_and_one_that_does_not_is_told_of_once(own_server: Server, log: str) -> None:
    prepared(log, 1)
    own_server.stop()
    begun = time.monotonic()
    for use in (open_store, differences):
        with pytest.raises(StoreError, match=r"cannot be reached, tried for 0\.3 s; check that the server runs"):
            use(f"{log}&busy=0.3")
    assert time.monotonic() - begun > 0.5
    later = threading.Timer(0.3, own_server.start)
    later.start()
    with closing(open_store(f"{log}&busy=60")) as store:
        Engine(store).note("D-0", "it came up", by=BY)
    later.join()
    assert len(notes(log)) == 1


def test_a_new_deal_whose_commit_lost_its_answer_is_no_other_one(own_server: Server, log: str) -> None:
    prepared(log, 1)
    proxy = Cutting(own_server.port, handed_on=True, times=1)
    proxy.start()
    url = f"{own_server.tcp.replace(str(own_server.port), str(proxy.port))}?sslmode=disable&schema={schema_of(log)}"
    with closing(proxy._listening), closing(open_store(url)) as store:
        assert Engine(store).start("b2b-sales", "D-new", stage="prospecting", by=BY).deal.name == "D-new"
    assert proxy.left == 0
    with closing(open_store(log)) as store, store.transaction(write=False) as tx:
        assert [row.type for row in tx.scan(Events(tx.load(["D-new"]).deals["D-new"].stream))] == ["deal.started"]
