"""A PostgreSQL server of the test run's own: made from nothing in a temporary folder, with every commit on disk (fsync).

``PROCDEF_PG_BIN`` names the folder of its programs; else the usual places are looked at. Each process of the run has one. What
every store is to do can be tried on another server, which ``PROCDEF_PG_DSN`` names.
"""

from __future__ import annotations

import atexit
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest

from procdef.store import open_store
from procdef.store.inspection_port import InspectableStore
from procdef.store.postgres.setup import initialise
from procdef.store.postgres.tables import TABLES

PASSWORD = "s3cret-Word"
_RUN = uuid4().hex[:8]
_numbers = count(1)


class GivenServer:
    """A server that somebody runs, on which tests make logs in schemas of their own. ``url`` reaches a database there as a role
    that may make schemas in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._free: list[str] = []

    def remove(self) -> None:
        """Leave nothing there."""
        while self._free:
            self.execute(f"DROP SCHEMA {schema_of(self._free.pop())} CASCADE")

    @property
    def version(self) -> int:
        """Of which PostgreSQL it is, such as 18."""
        with psycopg.connect(self.url) as connection:
            return connection.info.server_version // 10000

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Execute statements as the owner; the rows of the last one."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def fresh_schema(self) -> str:
        """The URL of a schema without a log."""
        mark = "&" if "?" in self.url else "?"
        return f"{self.url}{mark}schema=log_{_RUN}_{next(_numbers)}"

    @contextmanager
    def new_log(self) -> Iterator[str]:
        """The URL of an empty log, in a schema that is dropped afterwards."""
        url = self.fresh_schema()
        initialise(url)
        try:
            yield url
        finally:
            self.execute(f"DROP SCHEMA {schema_of(url)} CASCADE")

    @contextmanager
    def empty_log(self) -> Iterator[str]:
        """The URL of an empty log, in a schema that is emptied afterwards, as that is quicker than to make one."""
        if self._free:
            url = self._free.pop()
        else:
            initialise(url := self.fresh_schema())
        yield url
        schema = schema_of(url)
        emptied = (f"DELETE FROM {schema}.{table}" for table in TABLES if table != "tree")
        self.execute("; ".join((*emptied, f"UPDATE {schema}.tree SET log = '{uuid4()}', size = 0, frontier = ''")))
        self._free.append(url)


class Server(GivenServer):
    """A server with one database. ``url`` reaches it by its socket, as its owner; ``tcp`` by the loopback, with a password."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self.port = free_port()
        self._user = _unprivileged()
        if self._user is not None:
            shutil.chown(self.folder, self._user.pw_name)
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        if self._user is not None:
            shutil.chown(secret, self._user.pw_name)
        self._run(
            "initdb", "-D", self.data, "-U", "owner", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--pwfile", secret,
            "--auth-local=trust", "--auth-host=scram-sha-256",
        )  # fmt: skip
        with (self.data / "postgresql.conf").open("a") as more:
            more.write(
                f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = '{self.folder}'\n"
            )
            more.write(
                "fsync = on\nmax_connections = 120\nshared_buffers = 64MB\nlog_min_messages = fatal\njit = off\n"
            )
            more.write("max_prepared_transactions = 2\n")
        self.process: subprocess.Popen[bytes] | None = None
        super().__init__(f"postgresql://owner@/postgres?host={quote(str(self.folder), safe='')}&port={self.port}")
        self.start()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def tcp(self) -> str:
        return f"postgresql://owner:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def environment(self) -> dict[str, str]:
        """What programs of PostgreSQL find this server by, and a shell these programs."""
        path = (str(Path(_program("postgres")).parent), os.environ["PATH"], str(Path(_program("createdb")).parent))
        found = {"PGHOST": str(self.folder), "PGPORT": str(self.port), "PGUSER": "owner"}
        return {**found, "PATH": os.pathsep.join(path)}

    def program(self, name: str) -> str:
        """A program that asks the server, such as ``pg_dump``. Where it is of an older PostgreSQL than the server, it refuses
        to work, and the test is passed over: name a folder with both in ``PROCDEF_PG_BIN``."""
        found = _program(name)
        told = subprocess.run([found, "--version"], check=True, capture_output=True, text=True).stdout
        if int(re.findall(r"\d+", told)[0]) < self.version:
            pytest.skip(f"{told.strip()} does not work on PostgreSQL {self.version}, and there is no other {name}")
        return found

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = subprocess.Popen(
            [_program("postgres"), "-D", self.data], stderr=subprocess.DEVNULL, **self.as_user()
        )
        for _ in range(600):
            try:
                psycopg.connect(self.url).close()
            except psycopg.OperationalError:
                assert self.process.poll() is None, "the server did not start"
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server did not answer")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: ``SIGINT`` is fast, ``SIGQUIT`` at once, as if the power had failed."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None

    def remove(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def as_user(self) -> dict[str, Any]:
        """How ``subprocess`` runs a program as the user whom the server's files belong to."""
        return {} if self._user is None else {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [_program(program), *map(str, arguments)], check=True, capture_output=True, cwd="/", **self.as_user()
        )


@cache
def server() -> Server:
    """The server of this process, started when it is first asked for."""
    made = Server()
    atexit.register(made.remove)
    return made


@cache
def contract_server() -> GivenServer:
    """The server of the tests that hold for every store: the one that ``PROCDEF_PG_DSN`` names, or that of this process."""
    if (url := os.environ.get("PROCDEF_PG_DSN")) is None:
        return server()
    given = GivenServer(url)
    atexit.register(given.remove)
    return given


def schema_of(url: str) -> str:
    """The schema that a URL of ``fresh_schema`` names."""
    return url.rpartition("=")[2]


def _program(name: str) -> str:
    places = [
        os.environ.get("PROCDEF_PG_BIN"),
        *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True),
    ]
    places += ["/usr/pgsql/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql/bin", "/usr/local/bin"]
    for place in filter(None, places):
        if (found := Path(place) / name).exists():
            return str(found)
    found_in_path = shutil.which(name)
    assert found_in_path, (
        f"there is no {name}: install PostgreSQL (Debian: apt-get install postgresql), or set PROCDEF_PG_BIN"
    )
    return found_in_path


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError("there is nobody whom the server could run as")


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def purged_soon(store: InspectableStore) -> bool:
    """Whether a purge is complete within 30 seconds: the server's own work, as an autovacuum, may hold rows for a moment."""
    until = time.monotonic() + 30
    while not store.purge():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def differences(url: str) -> list[tuple[str, str]]:
    """What of the tables of a log is not as it was made: what was expected, and what was found."""
    with open_store(url, read_only=True) as store, store.inspect() as tx:
        return list(tx.layout_differences())
