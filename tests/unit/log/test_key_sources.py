"""A private key comes from a file of its owner's, a variable or a command, and nothing tells of it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from procdef import InvalidArgument
from procdef.audit.anchors import read_note
from procdef.log.key_sources import find_key, read_key, write_key
from procdef.log.signed_note import Signer

KEY = Signer("procdef.log/0", bytes(range(32)))


def printing(text: str, code: int = 0) -> str:
    return f"{sys.executable} -c \"print('{text}'); raise SystemExit({code})\""


def test_a_key_file_is_for_its_owner_only_and_reads_back(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_key(tmp_path / "log.key", KEY)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "log.key").stat().st_mode) == 0o600
    assert read_key(tmp_path / "log.key") == KEY


def test_a_key_is_never_written_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "other").symlink_to(tmp_path / "nowhere")
    (tmp_path / "log.key").write_text("mine")
    for name in ("log.key", "other"):
        with pytest.raises(InvalidArgument, match="already"):
            write_key(tmp_path / name, KEY)
    assert (tmp_path / "log.key").read_text() == "mine"
    with pytest.raises(InvalidArgument, match="cannot be made"):
        write_key(tmp_path / "no" / "log.key", KEY)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    write_key(tmp_path / "log.key", KEY)
    (tmp_path / "log.key").chmod(mode)
    with pytest.raises(InvalidArgument, match="chmod 600"):
        read_key(tmp_path / "log.key")


def test_the_file_comes_before_the_variable_and_that_before_the_command(tmp_path: Path) -> None:
    others = [Signer("procdef.log/0", bytes([byte] * 32)) for byte in (1, 2)]
    write_key(tmp_path / "log.key", KEY)
    environment = {"PROCDEF_KEY": others[0].secret(), "PROCDEF_KEY_COMMAND": printing(others[1].secret())}
    assert find_key(tmp_path / "log.key", environment) == KEY
    assert find_key(None, environment) == others[0]
    assert find_key(None, environment | {"PROCDEF_KEY": ""}) == others[1]


def test_a_command_sees_nothing_that_is_meant_for_procdef(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = "import os, sys; print(sys.argv[1]); raise SystemExit(any('PROCDEF' in name for name in os.environ))"
    (tmp_path / "key.py").write_text(program)
    command = f"{sys.executable} {tmp_path / 'key.py'} {KEY.secret()}"
    monkeypatch.setenv("PROCDEF_KEY", "")
    monkeypatch.setenv("PROCDEF_ACTOR", "maija:seller")
    monkeypatch.setenv("PROCDEF_KEY_COMMAND", command)
    assert find_key(None, os.environ) == KEY


@pytest.mark.parametrize(
    ("expected", "environment"),
    [
        ("no key is given", {}),
        ("in PROCDEF_KEY", {"PROCDEF_KEY": "sesame"}),
        ("in PROCDEF_KEY_COMMAND", {"PROCDEF_KEY_COMMAND": printing("sesame")}),
        ("ended with 3", {"PROCDEF_KEY_COMMAND": printing("sesame", 3)}),
        ("gave no key", {"PROCDEF_KEY_COMMAND": "/no/such/program"}),
        ("gave no key", {"PROCDEF_KEY_COMMAND": "'"}),
    ],
)
def test_what_gives_no_key_is_said_without_what_it_gave(expected: str, environment: dict[str, str]) -> None:
    with pytest.raises(InvalidArgument, match=expected) as refused:
        find_key(None, environment)
    assert "sesame" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("content", [b"", b"\xff", b"x" * 10_000, KEY.secret()[:-4].encode()])
def test_a_file_without_a_key_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "log.key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(InvalidArgument, match="no private key"):
        read_key(file)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="cannot be read"):
        read_key(tmp_path / "no.key")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
@pytest.mark.parametrize("read", [read_key, read_note])
def test_a_pipe_or_a_device_is_refused_before_it_is_opened(read: Callable[[Path], object], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for file in (tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(InvalidArgument, match="is a pipe or a device, and no file; name a file"):
            read(file)
