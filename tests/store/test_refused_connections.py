"""What a server says that lets nobody in, told with what to do about it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from postgresql import Server, server
from procdef import Actor, DealExists, Engine, StoreError, load, open_store
from procdef.store.postgres import store as postgres
from procdef.store.postgres.setup import initialise

PROCESS = Path(__file__).parents[2] / "processes" / "crm-opportunities.yaml"


@pytest.mark.parametrize(
    ("expected", "role", "more"),
    [
        ("refused to let this user in; check the user", "NOLOGIN", ""),
        ("has no connection free; allow more", "LOGIN CONNECTION LIMIT 0", ""),
        ("does not know a setting that it was given; check options=", "LOGIN", "&options=-c%20nosuch%3D1"),
        ("is no server of the kind that target_session_attrs asks for", "LOGIN", "&target_session_attrs=standby"),
    ],
)
def test_it_is_said_why_and_what_to_do(expected: str, role: str, more: str, postgres_log: str) -> None:
    here = server()
    here.execute(f"CREATE ROLE kept_out {role}")
    try:
        with pytest.raises(StoreError, match=expected) as told:
            open_store(postgres_log.replace("owner@", "kept_out@", 1) + f"&busy=0.2{more}")
        assert "kept_out" not in str(told.value)
    finally:
        here.execute("DROP ROLE kept_out")


IN_WORDS = {
    "de": "FATAL:  Passwort-Authentifizierung für Benutzer »owner« fehlgeschlagen",
    "fi": "FATAALI:  salasanatodennus epäonnistui käyttäjälle ”owner”",
    "ru": "ВАЖНО:  пользователь \"owner\" не прошёл проверку подлинности",
    "zh": "致命错误:  用户 \"owner\" Password 认证失败",
}


@pytest.mark.parametrize("language", IN_WORDS)
def test_an_answer_in_another_language_is_told_at_once_as_one_of_a_server_that_runs(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        place = 'connection to server at "127.0.0.1", port 5432 failed'
        raise psycopg.OperationalError(f"connection failed: {place}: {IN_WORDS[language]}")

    monkeypatch.setattr(psycopg, "connect", refused)
    began = time.monotonic()
    with pytest.raises(StoreError, match="in a language that is not read here") as told:
        open_store(f"{server().tcp}?busy=5")
    assert time.monotonic() - began < 2
    assert "owner" not in str(told.value)


def test_one_that_starts_is_waited_for_in_whatever_language(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise psycopg.OperationalError('connection to server at "h", port 1 failed: FATAL:  das Datenbanksystem startet')

    monkeypatch.setattr(psycopg, "connect", refused)
    monkeypatch.setattr(postgres.connected, "_starts", lambda self: True)
    with pytest.raises(StoreError, match=r"is starting or stopping; try again in a moment, tried for 0\.4 s"):
        open_store("postgresql://h/d?busy=0.4")


@pytest.fixture(scope="module")
def german() -> Iterator[Server]:
    """A server that speaks German, where this machine has that locale."""
    if "de_DE.utf8" not in subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout:
        pytest.skip("there is no locale de_DE.utf8 here (localedef -i de_DE -f UTF-8 de_DE.UTF-8)")
    here = Server()
    try:
        here.execute("ALTER SYSTEM SET lc_messages = 'de_DE.UTF-8'")
        here.stop()
        here.start()
        yield here
    finally:
        here.remove()


def test_a_server_that_speaks_german_is_used_as_any(german: Server) -> None:
    by = Actor("maija", frozenset({"seller"}))
    with german.new_log() as url:
        assert initialise(url).made == ()
        with open_store(url) as store:
            engine = Engine(store)
            engine.publish(load(PROCESS), by=by)
            engine.start("crm-opportunities", "D", by=by, values={"product": "GTX Pro"})
            with pytest.raises(DealExists):
                engine.start("crm-opportunities", "D", by=by, values={"product": "GTX Pro"})
        german.stop()
        german.start()
        with open_store(url) as store:
            assert [deal.key for deal in Engine(store).deals()] == ["D"]
    for wrong in (german.tcp.replace("s3cret-Word", "other"), german.tcp.replace("/postgres", "/nowhere")):
        with pytest.raises(StoreError, match="in a language that is not read here"):
            open_store(f"{wrong}?busy=5")
    with pytest.raises(StoreError, match="cannot be reached"):
        open_store("postgresql://127.0.0.1:1/d?busy=0.1")
