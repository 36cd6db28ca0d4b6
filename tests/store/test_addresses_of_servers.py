"""What is wrong in the address of a log in PostgreSQL, told before anybody is asked, and without a part of a password."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest

from postgresql import PASSWORD, schema_of, server
from procdef import InvalidArgument, StoreError, open_store
from procdef.cli import run
from procdef.store.postgres.address import postgres_address


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("schema=procdef&bussy=2", 'has an unknown option bussy (did you mean "busy"?)'),
        ("sslmod=require", 'has an unknown option sslmod (did you mean "sslmode"?)'),
        ("bogus=1", "has an unknown option bogus; schema, busy, pool and read_only are procdef's"),
        ("ssl=false", "has an unknown option ssl"),
    ],
)
def test_an_option_that_neither_libpq_nor_procdef_has_is_named(
    options: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["deals", "--db", f"postgresql://127.0.0.1:1/deals?{options}"]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("option", ["sslmode=prefer", "connect_timeout=2", "application_name=x", "ssl=true", "keepalives=1"])
def test_options_of_libpq_go_to_it(option: str) -> None:
    assert postgres_address(f"postgresql://h/d?busy=1&{option}&schema=s").conninfo == f"postgresql://h/d?{option}"


def test_a_driver_that_is_not_there_is_told_of_before_options_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *more: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "psycopg":
            raise ImportError(name)
        return real(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StoreError, match="needs psycopg"):
        open_store("postgresql://h/d?bogus=1")


@pytest.mark.parametrize(
    "place",
    [
        "maija:Zeb@ra@127.0.0.1:1/deals", "maija:Zeb/ra@127.0.0.1:1/deals", "maija:12/ra@127.0.0.1:1/deals",
        "maija:Zeb/ra?x@127.0.0.1:1/deals", "maija:12/ra?x=Zeb@127.0.0.1:1/deals?schema=s", "maija:Zebra/deals", "maija:Zebra",
    ],
)  # fmt: skip
def test_a_password_that_is_not_written_as_an_address_is_not_shown(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("here.db").close()
    for command in (["deals", "--db"], ["store", "grants", "--reader", "r"], ["store", "init"], ["store", "copy", "here.db"]):
        assert run([*command, f"postgresql://{place}"]) == 2, command
        told = capsys.readouterr().err
        assert "%40" in told
        assert not any(part in told for part in ("Zeb", "ra@", "ra?", "12/", "maija"))


@pytest.mark.parametrize(
    "address",
    [
        " postgresql://maija:Zebra@h/d", "'postgresql://maija:Zebra@h/d'", "DB=postgresql://maija:Zebra@h/d",
        "postgresql//maija:Zebra@h/d", "postgresql:/maija:Zebra@h/d", "Postgresql://maija:Zebra@h/d", "//maija:Zebra@h/d",
        "host=h user=maija password=Zebra", "password = Zebra",
    ],
)  # fmt: skip
def test_of_what_is_nearly_the_address_of_a_server_nothing_is_shown(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["--db", address, "deals"]) == 2
    told = capsys.readouterr().err
    assert "postgresql://host/database" in told
    assert not any(part in told for part in ("Zebra", "maija"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("password", ["Zeb#ra", "Zeb?ra", "Zeb:ra", "Zeb+ra", "Zeb%40ra%2F"])
def test_a_password_goes_to_libpq_as_it_is_written(password: str) -> None:
    from psycopg.conninfo import conninfo_to_dict

    meant = password.replace("%40", "@").replace("%2F", "/")
    for url in (f"postgresql://me:{password}@h/d?schema=s&busy=1", f"postgresql://h/d?schema=s&password={password}"):
        place = postgres_address(url)
        assert (place.shown, place.schema) == ("postgresql://h/d?schema=s", "s")
        assert conninfo_to_dict(place.conninfo)["password"] == meant


def test_a_role_whose_password_has_such_characters_logs_in(postgres_log: str) -> None:
    here = server()
    here.execute("CREATE ROLE odd LOGIN SUPERUSER PASSWORD 'Z#e?b@r/a+'")
    try:
        url = here.tcp.replace(f"owner:{PASSWORD}", "odd:Z#e?b%40r%2Fa+", 1)
        open_store(f"{url}?schema={schema_of(postgres_log)}").close()
    finally:
        here.execute("DROP ROLE odd")


def test_hosts_and_ports_are_told_apart() -> None:
    for place in ("one,two/d", "one:1,two:2/d", "[::1]:5432/d", "[::1]/d", ":5432/d", "/d", "%2Ftmp%2Fpg:5432/d", ""):
        assert postgres_address(f"postgresql://{place}").conninfo == f"postgresql://{place}"
    with pytest.raises(InvalidArgument, match="port"):
        postgres_address("postgresql://::1/d")


@pytest.mark.parametrize(
    ("place", "told"),
    [("me:a%00@h/d", "%00"), ("h/d d", "a blank in it is written %20"), ("me:b%2@h/d", "does not begin two digits")],
)
def test_what_libpq_does_not_read_in_an_address_is_told_as_what_it_is(
    place: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["deals", "--db", f"postgresql://{place}"]) == 3
    shown = capsys.readouterr().err
    assert told in shown
    assert ("two digits" in shown) is ("two digits" in told)
