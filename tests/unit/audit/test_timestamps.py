"""A timestamp is asked for by command or over HTTP, and holds for its note under its authority's certificate only."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socket import create_server
from threading import Thread

import pytest

from authority import Authority, authority
from procdef import AnchorFailed, ExtraMissing, NoteInvalid
from procdef.audit.timestamps import LONGEST, check_stamp, stamp

NOTE = b"a note\n"


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tsa") / "trusted")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tsa") / "stranger", "Stranger")


@pytest.fixture
def url(trusted: Authority) -> Iterator[str]:
    class Clock(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            done = subprocess.run(trusted.command.split(), input=sent, capture_output=True, check=True)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(done.stdout)

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Clock)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_command_gives_a_timestamp_that_holds(trusted: Authority) -> None:
    stamped = check_stamp(NOTE, stamp(NOTE, trusted.command), trusted.root.read_bytes())
    assert stamped.by == "CN=Test TSA"
    assert abs(stamped.at.astimezone(UTC) - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_service_gives_a_timestamp_that_holds(trusted: Authority, url: str) -> None:
    assert check_stamp(NOTE, stamp(NOTE, url), trusted.root.read_bytes()).by == "CN=Test TSA"


def test_a_timestamp_holds_for_its_note_and_its_authority_only(trusted: Authority, stranger: Authority) -> None:
    answer = stamp(NOTE, trusted.command)
    roots = trusted.root.read_bytes()
    for note, given, authorities in (
        (b"another note\n", answer, roots),
        (NOTE, answer, stranger.root.read_bytes()),
        (NOTE, stamp(NOTE, stranger.command), roots),
        (NOTE, answer[:-1], roots),
        (NOTE, answer[:-9] + bytes([answer[-9] ^ 1]) + answer[-8:], roots),
        (NOTE, b"", roots),
        (NOTE, answer, b""),
        (NOTE, answer, b"-----BEGIN CERTIFICATE-----\n"),
    ):
        with pytest.raises(NoteInvalid):
            check_stamp(note, given, authorities)
    assert check_stamp(NOTE, answer, stranger.root.read_bytes() + roots).by == "CN=Test TSA"


@pytest.mark.parametrize(
    ("expected", "command"),
    [
        ("did not answer with a timestamp", "echo no"),
        ("ended with 1", "false"),
        ("gave no answer", "/no/such/program"),
        ("gave no answer", "'"),
        ("larger than", f"{sys.executable} -c \"print('x' * {LONGEST})\""),
        ("cannot be reached", "http://127.0.0.1:1/"),
        ("cannot be reached: nonnumeric port", "http://127.0.0.1:none/"),
        ("cannot be reached: URL can't contain", "http://127.0.0.1/a b"),
    ],
)
def test_a_service_that_gives_none_is_said(expected: str, command: str) -> None:
    with pytest.raises(AnchorFailed, match=expected):
        stamp(NOTE, command)


def test_a_server_that_speaks_no_http_is_said() -> None:
    with create_server(("127.0.0.1", 0)) as server:
        def answer() -> None:
            with server.accept()[0] as connection:
                connection.recv(1 << 16)
                connection.sendall(b"220 mail.example ESMTP\r\n")

        Thread(target=answer, daemon=True).start()
        with pytest.raises(AnchorFailed, match=r"cannot be reached: 220 mail\.example"):
            stamp(NOTE, f"http://127.0.0.1:{server.getsockname()[1]}/")


def test_a_timestamp_of_something_else_is_refused(trusted: Authority, tmp_path: Path) -> None:
    (tmp_path / "old.tsr").write_bytes(stamp(NOTE, trusted.command))
    for note in (NOTE, b"another note\n"):  # the first has another nonce
        with pytest.raises(AnchorFailed, match="something else"):
            stamp(note, f"cat {tmp_path / 'old.tsr'}")


def test_a_refusal_is_said(trusted: Authority, tmp_path: Path) -> None:
    """An authority that takes no SHA-256 does not grant a timestamp."""
    config = trusted.root.with_name("strict.cnf")
    config.write_text(trusted.root.with_name("tsa.cnf").read_text().replace("digests = sha256", "digests = sha512"))
    script = tmp_path / "strict.sh"
    script.write_text(
        f"cat >'{tmp_path}/query' && exec openssl ts -reply -config '{config}' -queryfile '{tmp_path}/query' 2>/dev/null\n"
    )
    with pytest.raises(AnchorFailed, match=r"not granted|not answer"):
        stamp(NOTE, f"sh {script}")


def test_without_the_package_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    for work in (lambda: stamp(NOTE, "true"), lambda: check_stamp(NOTE, b"", b"")):
        with pytest.raises(ExtraMissing, match="timestamp"):
            work()
