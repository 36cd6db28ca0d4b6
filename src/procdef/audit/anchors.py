"""Where a note goes so that somebody else holds it: a file, a folder that only grows, a git repository.

A place gives back the notes that it holds, so that a log which went back to an earlier state is noticed before it signs.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from procdef.audit.git_commits import GitFolder
from procdef.errors import AnchorFailed, InvalidArgument
from procdef.log.altered_notes import restored
from procdef.log.checkpoint import read_checkpoint
from procdef.log.endless_files import refuse_endless
from procdef.log.signed_note import LONGEST
from procdef.whole_file import beside, secured, settle

TOKEN = ".tsr"
"""What the name of a note's file is followed by in that of its timestamp."""
_AS_THEY_ARE = (b"*.note -text", b"*.tsr -text")
"""What git is told of notes and timestamps: no other line ends, wherever they are checked out."""
_DIGITS = 12
"""Names of notes sort as their sizes do in a list of the folder, up to a million million events."""


class Anchor(Protocol):
    """A place for notes."""

    def held(self) -> bytes | None:
        """The note over the largest tree that this place holds."""

    def keep(self, note: bytes, token: bytes | None) -> Path:
        """Put the note there, and its timestamp beside it; the note's file. Raises ``AnchorFailed``."""


@dataclass(frozen=True, slots=True)
class NoteFile:
    """One file, which holds the newest note."""

    path: Path

    def held(self) -> bytes | None:
        return read_note(self.path) if self.path.exists() else None

    def keep(self, note: bytes, token: bytes | None) -> Path:
        try:
            if token is not None:
                _put(_beside(self.path), token, over=True)
            elif not _same(self.held(), note):  # a timestamp that stands there is of the note before
                _beside(self.path).unlink(missing_ok=True)
            _put(self.path, note, over=True)
        except OSError as error:
            raise AnchorFailed(f"the note cannot be written to {self.path}: {error.strerror}") from None
        return self.path


@dataclass(frozen=True, slots=True)
class NoteFolder:
    """A folder with one file for each note, named by its size; none is ever written over."""

    path: Path

    def held(self) -> bytes | None:
        newest = max(self._notes(), key=lambda file: int(file.stem), default=None)
        return read_note(newest) if newest else None

    def keep(self, note: bytes, token: bytes | None) -> Path:
        file = self.path / f"{read_checkpoint(note)[0].size:0{_DIGITS}}.note"
        try:
            _put_once(file, note)
            if token is not None:  # the same note may be given a timestamp again; the first one is the better
                with suppress(FileExistsError):
                    _put(_beside(file), token, over=False)
        except OSError as error:
            raise AnchorFailed(f"the note cannot be written to {file}: {error.strerror}") from None
        return file

    def _notes(self) -> Iterator[Path]:
        if not self.path.is_dir():
            raise AnchorFailed(f"the folder {self.path} for notes does not exist; create it first")
        return (file for file in self.path.glob("*.note") if file.stem.isdecimal())


@dataclass(frozen=True, slots=True)
class NoteRepository:
    """A folder in the work tree of a git repository: each note is a file there, and a commit of that file only.

    With the first note comes what tells git to leave the bytes of notes alone, in whatever system they are checked out.
    """

    path: Path

    def held(self) -> bytes | None:
        return NoteFolder(self.path).held()

    def keep(self, note: bytes, token: bytes | None) -> Path:
        repository = GitFolder(self.path)
        repository.refuse_unless_work_tree()
        file = NoteFolder(self.path).keep(note, token)
        kept = {file.name: note, **self._attributes()}
        if (beside := token_of(file)) is not None:
            kept[beside.name] = read_file(beside, LONGEST)
        repository.commit(kept, f"Note over {read_checkpoint(note)[0].size} events")
        return file

    def _attributes(self) -> dict[str, bytes]:
        """The file of attributes where it lacks ours, completed."""
        file = self.path / ".gitattributes"
        before = read_file(file, LONGEST) if file.exists() else b""
        lacking = [line for line in _AS_THEY_ARE if line not in before.splitlines()]
        if not lacking:
            return {}
        made = b"".join([before, b"\n" * (before[-1:] not in (b"", b"\n")), *(line + b"\n" for line in lacking)])
        try:
            _put(file, made, over=True)
        except OSError as error:
            raise AnchorFailed(f"{file} cannot be written: {error.strerror}") from None
        return {file.name: made}


def place(where: str) -> Anchor:
    """The place that ``file:PATH``, ``folder:PATH`` or ``git:PATH`` names. Raises ``InvalidArgument``."""
    kind, _, path = where.partition(":")
    if kind not in _PLACES or not path:
        raise InvalidArgument(
            f"{where!r} names no place; write file:PATH, folder:PATH, git:PATH or rfc3161:URL-OR-COMMAND"
        )
    return _PLACES[kind](Path(path))


_PLACES: Mapping[str, Callable[[Path], Anchor]] = {"file": NoteFile, "folder": NoteFolder, "git": NoteRepository}


def read_note(file: Path) -> bytes:
    """The bytes of a note's file, no more than a note can have in whatever encoding. Raises ``InvalidArgument``."""
    return read_file(file, 2 * LONGEST)


def read_file(file: Path, longest: int) -> bytes:
    """The bytes of a file that somebody gave. Raises ``InvalidArgument`` where it cannot be read or is too large."""
    refuse_endless(file)
    try:
        with file.open("rb") as opened:
            found = opened.read(longest + 1)
    except OSError as error:
        raise InvalidArgument(f"{file} cannot be read: {error.strerror}") from None
    if len(found) > longest:
        raise InvalidArgument(f"{file} is larger than {longest} bytes")
    return found


def token_of(file: Path) -> Path | None:
    """The timestamp that stands beside a note's file."""
    return _beside(file) if _beside(file).exists() else None


def _beside(file: Path) -> Path:
    return file.with_name(file.name + TOKEN)


def _same(held: bytes | None, note: bytes) -> bool:
    """Whether a place holds this note, however it was altered on its way."""
    return held is not None and restored(held)[0] == note


def _put_once(file: Path, content: bytes) -> None:
    """The file with that content; it may be there already, as it is."""
    try:
        _put(file, content, over=False)
    except FileExistsError:
        if not _same(read_file(file, LONGEST), content):
            raise AnchorFailed(f"{file} holds another note; a note is never written over") from None


def _put(file: Path, content: bytes, *, over: bool) -> None:
    """All of the content is in the file or none of it, whatever happens meanwhile. A new one is for its owner only; one that is
    replaced may be read by whom it might be before. Raises ``FileExistsError``."""
    with beside(file) as part:
        if over and file.exists():
            part.chmod(stat.S_IMODE(file.stat().st_mode))
        part.write_bytes(content)
        settle(secured(part), file, force=over)
