"""Servers that somebody else runs: one that the tests are pointed at, one that wants TLS, one behind a pool of connections."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from postgresql import PASSWORD, GivenServer, differences, free_port, schema_of, server
from procdef import Actor, Engine, StoreError, load, open_store
from procdef.store.postgres.setup import initialise
from procdef.verification import Tally, verify

PROCESS = Path(__file__).parents[2] / "processes" / "b2b-sales.yaml"
BY = Actor("maija", frozenset({"seller"}))


@pytest.fixture
def guest() -> Iterator[str]:
    """The URL of a database on the server of the tests, for a role that may make schemas there and nothing else."""
    here = server()
    here.execute(f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'", "GRANT CREATE ON DATABASE postgres TO guest")
    yield here.tcp.replace("owner:", "guest:")
    here.execute("DROP OWNED BY guest CASCADE", "DROP ROLE guest")


@pytest.fixture
def pool() -> Iterator[str]:
    """The URL of the database behind PgBouncer, with two connections to it for everybody, each for a transaction at a time."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("there is no pgbouncer here (Debian: apt-get install pgbouncer)")
    here, port, folder = server(), free_port(), server().folder / "pool"
    folder.mkdir()
    (folder / "users").write_text(f'"owner" "{PASSWORD}"\n')
    (folder / "settings").write_text(
        f"[databases]\npostgres = host=127.0.0.1 port={here.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
        f"unix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {folder}/users\npool_mode = transaction\n"
        "default_pool_size = 2\n"
    )
    running = subprocess.Popen([program, "-q", folder / "settings"], stderr=subprocess.DEVNULL, **here.as_user())
    yield here.tcp.replace(str(here.port), str(port))
    running.terminate()
    running.wait(30)


def test_writers_behind_a_pool_of_connections_keep_to_their_transactions(pool: str, new_postgres_log: str) -> None:
    url = f"{pool}?schema={schema_of(new_postgres_log)}"
    with closing(open_store(url)) as store:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=BY)
        for deal in range(4):
            engine.start("b2b-sales", f"D-{deal}", stage="prospecting", by=BY)

    def write(deal: int) -> int:
        with closing(open_store(url)) as store:
            engine = Engine(store)
            return len([engine.note(f"D-{deal}", f"note {k}", by=BY) for k in range(15)])

    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(write, range(4))] == [15] * 4
    with closing(open_store(url)) as store:
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []
        with pytest.raises(StoreError, match="behind a pool of connections, and a purge needs one of its own"):
            store.purge()
    for _ in range(4):  # what others meet on these connections
        assert GivenServer(pool).execute("SELECT current_setting('search_path'), current_setting('lock_timeout')") == [
            ('"$user", public', "0")
        ]


def test_the_tests_leave_nothing_on_a_server_that_they_are_pointed_at(guest: str) -> None:
    given = GivenServer(guest)
    for way in (given.new_log, given.empty_log, given.empty_log):
        with way() as url, closing(open_store(url)) as store:
            Engine(store).publish(load(PROCESS), by=BY)
    owned = "SELECT count(*) FROM pg_namespace WHERE nspowner = 'guest'::regrole"
    assert given.execute(owned) == [(1,)]
    given.remove()
    assert given.execute(owned) == [(0,)]


@pytest.fixture
def only_tls(guest: str, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The same database, where the server lets that role in by TLS alone; and the certificate to trust."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl here")
    here, key, certificate = server(), tmp_path / "server.key", tmp_path / "server.crt"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    make += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(make, check=True, capture_output=True)
    for file in (key, certificate):
        shutil.copy(file, here.data)
        shutil.chown(here.data / file.name, here.data.stat().st_uid, here.data.stat().st_gid)
        (here.data / file.name).chmod(0o600)
    allowed = here.data / "pg_hba.conf"
    before = allowed.read_text()
    allowed.write_text(f"hostnossl all guest all reject\n{before}")
    here.execute("ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()")
    yield guest, certificate
    allowed.write_text(before)
    here.execute("ALTER SYSTEM RESET ssl", "SELECT pg_reload_conf()")


def test_a_server_that_wants_tls_gets_it_and_is_known_by_its_certificate(only_tls: tuple[str, Path]) -> None:
    url, certificate = only_tls
    with pytest.raises(StoreError, match="refused to let this user in"):
        initialise(f"{url}?sslmode=disable")
    trusting = GivenServer(f"{url}?sslmode=verify-full&sslrootcert={certificate}")
    for _ in range(100):
        if trusting.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == [(True,)]:
            break
    with trusting.new_log() as log, closing(open_store(log)) as store:
        assert Engine(store).publish(load(PROCESS), by=BY)
        assert differences(log) == []
