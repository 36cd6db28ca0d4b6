"""Notes go to a file, a folder that only grows, or a git repository, and come back from there."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from procdef import AnchorFailed, InvalidArgument
from procdef.audit.anchors import Anchor, NoteFile, NoteFolder, NoteRepository, read_file, token_of
from procdef.log.checkpoint import Checkpoint
from procdef.log.signed_note import Signer, signed

SIGNER = Signer("procdef.log/0", bytes(32))


def note(size: int, root: bytes = bytes(32)) -> bytes:
    return str(signed(Checkpoint(SIGNER.name, size, root).text, SIGNER)).encode()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Auditor")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "auditor@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    folder = tmp_path / "repository"
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    return folder


def committed(folder: Path) -> list[str]:
    shown = subprocess.run(
        ["git", "-C", str(folder), "log", "--reverse", "--format=%s", "--name-only"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [line for line in shown.stdout.splitlines() if line]


@pytest.mark.parametrize("kind", ["file", "folder", "git"])
def test_the_newest_note_comes_back(kind: str, tmp_path: Path, repository: Path) -> None:
    anchors: dict[str, Anchor] = {
        "file": NoteFile(tmp_path / "a.note"),
        "folder": NoteFolder(tmp_path),
        "git": NoteRepository(repository),
    }
    anchor = anchors[kind]
    assert anchor.held() is None
    for size in (9, 10, 100):
        file = anchor.keep(note(size), None)
        assert file.read_bytes() == note(size)
        assert anchor.held() == note(size)
    assert [each for each in file.parent.iterdir() if each.name.startswith((".a", ".0"))] == []


def test_a_folder_keeps_each_note_and_never_writes_over_one(tmp_path: Path) -> None:
    folder = NoteFolder(tmp_path)
    for size in (9, 10, 9):
        folder.keep(note(size), b"token")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "000000000009.note", "000000000009.note.tsr", "000000000010.note", "000000000010.note.tsr",
    ]  # fmt: skip
    (tmp_path / "9.note").write_bytes(note(9))
    assert folder.held() == note(10)
    with pytest.raises(AnchorFailed, match="another note"):
        folder.keep(note(9, bytes([1] * 32)), None)
    assert (tmp_path / "000000000009.note").read_bytes() == note(9)


def test_a_timestamp_stands_beside_its_note_and_goes_with_it(tmp_path: Path) -> None:
    anchor = NoteFile(tmp_path / "a.note")
    file = anchor.keep(note(1), b"token")
    beside = token_of(file)
    assert beside == tmp_path / "a.note.tsr"
    assert beside.read_bytes() == b"token"
    anchor.keep(note(2), None)
    assert token_of(file) is None


def test_a_repository_gets_a_commit_for_each_note_and_of_nothing_else(repository: Path) -> None:
    (repository / "other").write_text("not ours")
    subprocess.run(["git", "-C", str(repository), "add", "other"], check=True)
    anchor = NoteRepository(repository)
    anchor.keep(note(1), b"token")
    anchor.keep(note(2), None)
    anchor.keep(note(2), None)
    assert committed(repository) == [
        "Note over 1 events", ".gitattributes", "000000000001.note", "000000000001.note.tsr",
        "Note over 2 events", "000000000002.note",
    ]  # fmt: skip


def setting(folder: Path, name: str, value: str) -> None:
    subprocess.run(["git", "-C", str(folder), "config", name, value], check=True)


def shown(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True).stdout


def test_what_somebody_else_has_staged_stays_staged_and_is_not_committed(repository: Path) -> None:
    (repository / "other").write_text("not ours")
    subprocess.run(["git", "-C", str(repository), "add", "other"], check=True)
    NoteRepository(repository).keep(note(1), None)
    assert shown(repository, "status", "--porcelain") == b"A  other\n"


def test_nothing_that_a_repository_names_is_run(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hooks, its file system monitor, its filters, its signing program: each would write a line, and none does."""
    ran = tmp_path / "ran"
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\nenv >> '{ran}'\ncat\n")
    spy.chmod(0o755)
    hooks = repository / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in (
        "pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-index-change", "reference-transaction",
        "pre-auto-gc", "fsmonitor-watchman",
    ):  # fmt: skip
        (hooks / hook).write_text(spy.read_text())
        (hooks / hook).chmod(0o755)
    setting(repository, "core.fsmonitor", str(spy))
    setting(repository, "filter.spy.clean", str(spy))
    setting(repository, "filter.spy.required", "true")
    setting(repository, "commit.gpgSign", "true")
    setting(repository, "gpg.program", str(spy))
    setting(repository, "core.hooksPath", str(hooks))
    (repository / ".git" / "info" / "attributes").write_text("* filter=spy\n")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))  # as in a hook of another repository
    for size in (1, 2):
        NoteRepository(repository).keep(note(size), b"token")
    monkeypatch.delenv("GIT_DIR")
    assert not ran.exists()
    assert committed(repository).count("000000000002.note.tsr") == 1


def test_a_note_in_a_repository_keeps_its_bytes_wherever_it_is_checked_out(repository: Path, tmp_path: Path) -> None:
    setting(repository, "core.autocrlf", "true")
    (repository / ".gitattributes").write_text("*.txt text")
    for size in (1, 2):
        NoteRepository(repository).keep(note(size), None)
    assert (repository / ".gitattributes").read_text() == "*.txt text\n*.note -text\n*.tsr -text\n"
    assert shown(repository, "show", "HEAD:000000000002.note") == note(2)
    subprocess.run(
        ["git", "-c", "core.autocrlf=true", "clone", "--quiet", str(repository), str(tmp_path / "clone")], check=True
    )
    assert NoteRepository(tmp_path / "clone").held() == note(2)


def test_a_note_that_was_altered_on_its_way_is_no_other_note(tmp_path: Path) -> None:
    (tmp_path / "000000000001.note").write_bytes(note(1).replace(b"\n", b"\r\n"))
    assert NoteFolder(tmp_path).keep(note(1), None).exists()


def test_a_place_that_cannot_be_written_to_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plain").mkdir()
    for anchor in (NoteFile(tmp_path / "no" / "a"), NoteFolder(tmp_path / "no"), NoteRepository(tmp_path / "plain")):
        with pytest.raises(AnchorFailed):
            anchor.keep(note(1), None)
    with pytest.raises(AnchorFailed, match="does not exist"):
        NoteFolder(tmp_path / "no").held()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(AnchorFailed, match="git cannot be run"):
        NoteRepository(tmp_path / "plain").keep(note(1), None)


def test_a_file_system_without_links_is_written_to_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    for size in (1, 2, 1):
        NoteFolder(tmp_path).keep(note(size), None)
    assert NoteFolder(tmp_path).held() == note(2)
    with pytest.raises(AnchorFailed, match="another note"):
        NoteFolder(tmp_path).keep(note(1, bytes([1] * 32)), None)


def test_a_file_is_read_up_to_a_limit(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(bytes(11))
    assert read_file(tmp_path / "large", 11) == bytes(11)
    with pytest.raises(InvalidArgument, match="larger than 10 bytes"):
        read_file(tmp_path / "large", 10)
    with pytest.raises(InvalidArgument, match="cannot be read"):
        read_file(tmp_path / "none", 10)
