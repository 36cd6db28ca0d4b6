"""The file of ``erase --list``: which values were erased, a line for each erasure, and none of the values.

What is to be erased is noted in a file beside the list before it is erased, and in the list afterwards. So a list holds
what the log holds, whenever the power went: what is only noted beside it, the log decides.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from procdef.errors import ProcdefError, StoreError
from procdef.log.endless_files import refuse_endless
from procdef.open_databases import is_held

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.engine.erasing import Erasure
    from procdef.store import Leaf


class ErasureLine(NamedTuple):
    """An erasure: the log that it was in, its basis, and the places with what their events commit to, where known."""

    log: str
    basis: str
    leaves: tuple[tuple[Leaf, str | None], ...]

    @property
    def written(self) -> bytes:
        """As it stands in the list."""
        leaves = [[*leaf] if made is None else [*leaf, made] for leaf, made in self.leaves]
        return json.dumps({"log": self.log, "basis": self.basis, "leaves": leaves}, ensure_ascii=False).encode() + b"\n"


class ErasureList:
    """A list that can be written. Raises ``UsageError`` for a file that cannot keep one, before anything is erased."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._own: Path | None = None
        _refuse_other_files(file)
        try:
            with self._opened():
                pass
            for _ in lines(file):
                pass
            if not os.access(_folder(file), os.W_OK):
                raise click.UsageError(
                    f"nothing can be written into {_folder(file)}, where an erasure is noted before it is made; "
                    "keep the list in a folder that may be written to"
                )
        except OSError as error:
            raise click.UsageError(f"the list {file} cannot be written: {error.strerror}") from None

    def announce(self, basis: str, log: str, leaves: Mapping[Leaf, str | None]) -> None:
        """Note beside the list what is about to be erased, so that it outlasts a loss of power."""
        if not leaves:
            return
        note = self._own or self._file.with_name(f"{self._file.name}.{os.urandom(6).hex()}.begun")
        try:
            handle = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_LINKS, 0o600)
            self._own = note
            try:
                _write(handle, ErasureLine(log, basis, tuple(leaves.items())).written)
            finally:
                os.close(handle)
        except OSError as error:
            raise StoreError(f"the list {self._file} cannot be written: {error.strerror}; nothing was erased") from None
        _secure_folder(self._file)

    def settle(self, engine: Engine) -> list[ErasureLine]:
        """Take into the list what was noted beside it and erased since; those that the log does not tell as erased."""
        begun = begun_beside(self._file)
        if not begun:
            return []
        log, erased = log_of(engine), {leaf for erasure in engine.erasures() for leaf in erasure.leaves}
        open_still = []
        for note, line in begun:
            if line.log == log and all(leaf in erased for leaf, _ in line.leaves):
                self._add([line])
                note.unlink(missing_ok=True)
            elif note == self._own:
                note.unlink(missing_ok=True)  # it was refused, and nothing was erased
            else:
                open_still.append(line)
        return open_still

    def settled(self, engine: Engine) -> str | None:
        """Settle after an erasure, or after one that failed; why that cannot be done, where it cannot."""
        try:
            self.settle(engine)
        except OSError as failed:
            return failed.strerror or str(failed)
        except (ProcdefError, click.UsageError) as failed:
            return str(failed)
        return None

    def complete(self, engine: Engine, erasures: Iterable[Erasure]) -> int:
        """Add whatever these erasures of the log erased and the list lacks; how many values that were."""
        log = log_of(engine)
        known = {place for line in lines(self._file) if line.log == log for place in line.leaves}
        missing = []
        for erasure in erasures:
            made = engine.commitments(erasure.leaves)
            places = ((leaf, made.get(leaf)) for leaf in erasure.leaves)
            if lacking := tuple(place for place in places if place not in known):
                missing.append(ErasureLine(log, erasure.basis, lacking))
        self._add(missing)
        return sum(len(line.leaves) for line in missing)

    def _add(self, added: Sequence[ErasureLine]) -> None:
        """Append lines that the list lacks, for good."""
        with self._opened() as handle:
            known = {(line.log, place) for line in lines(self._file) for place in line.leaves}
            fresh = [line for line in added if not all((line.log, place) in known for place in line.leaves)]
            end = _whole_lines(handle)
            try:
                _write(handle, b"".join(line.written for line in fresh))
            except OSError as error:
                with suppress(OSError):
                    os.ftruncate(handle, end)
                raise OSError(error.errno, error.strerror, str(self._file)) from None
        _secure_folder(self._file)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The list, made if it is missing, for its owner only; nobody else who takes it so writes meanwhile."""
        handle = os.open(self._file, os.O_RDWR | os.O_APPEND | os.O_CREAT | _NO_LINKS, 0o600)
        try:
            _lock(handle)
            yield handle
        finally:
            os.close(handle)


def log_of(engine: Engine) -> str:
    """The UUID of the log that an engine works on."""
    with engine.store.transaction(write=False) as tx:
        return tx.log


_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def _refuse_other_files(file: Path) -> None:
    """Raises ``UsageError`` where a line that is written would not stay, or would spoil something else."""
    try:
        mode = file.lstat().st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise click.UsageError(f"the list {file} cannot be written: {getattr(error, 'strerror', error)}") from None
    if stat.S_ISLNK(mode):
        raise click.UsageError(f"the list {file} is a link; name the file that it leads to")
    if not stat.S_ISREG(mode):
        raise click.UsageError(f"the list {file} is no file, so nothing that is written there would be kept; name a file")
    if is_held(file):
        raise click.UsageError(f"{file} belongs to the database; name another file for the list")


def _lock(handle: int) -> None:
    with suppress(ImportError):  # where there is no such lock, two may both add one line
        from fcntl import LOCK_EX, flock

        flock(handle, LOCK_EX)


def _whole_lines(handle: int) -> int:
    """End the last line of a list, or cut off what was begun of one when the power went; where the list ends then."""
    size = os.fstat(handle).st_size
    tail = _tail(handle, size)
    if tail and _readable(tail):
        _write(handle, b"\n")
        size += 1
    elif tail:
        size -= len(tail)
        os.ftruncate(handle, size)
    return size


def _tail(handle: int, size: int) -> bytes:
    """What stands behind the last end of a line."""
    os.lseek(handle, 0, os.SEEK_SET)
    whole = b""
    while len(whole) < size and (piece := os.read(handle, 1 << 20)):
        whole += piece
    return whole.rpartition(b"\n")[2]


def _write(handle: int, written: bytes) -> None:
    """Write all of it, onto the disk."""
    while written:
        written = written[os.write(handle, written) :]
    os.fsync(handle)


def _folder(file: Path) -> Path:
    return file.absolute().parent


def _secure_folder(file: Path) -> None:
    """A name in a folder outlasts a loss of power only when the folder was written too."""
    with suppress(OSError):  # not every system lets a folder be opened
        folder = os.open(_folder(file), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def begun_beside(file: Path) -> list[tuple[Path, ErasureLine]]:
    """What was noted beside a list as about to be erased. A note that was not finished is removed: nothing followed it."""
    is_note = re.compile(re.escape(file.name) + r"\.[0-9a-f]{12}\.begun").fullmatch
    found = []
    for note in sorted(path for path in _folder(file).iterdir() if is_note(path.name)):
        try:
            text = note.read_bytes()
        except FileNotFoundError:
            continue
        if text.endswith(b"\n") and _readable(text[:-1]):
            found.append((note, _line(text[:-1], str(note))))
        else:
            note.unlink(missing_ok=True)
    return found


def lines(file: Path) -> Iterator[ErasureLine]:
    """The erasures in a list. Raises ``UsageError``, which names the line, for one that it cannot follow.

    A last line that was only begun when the power went is passed over: it is noted beside the list still.
    """
    refuse_endless(file)
    *pieces, last = file.read_bytes().split(b"\n")
    for number, piece in enumerate(pieces, 1):
        yield _line(piece, f"{file}:{number}")
    if last and (_readable(last) or not b'{"log": "'.startswith(last[:9])):
        yield _line(last, f"{file}:{len(pieces) + 1}")


def written(file: Path) -> str:
    """When something was last written to the list, as the log writes times."""
    from datetime import UTC, datetime

    from procdef.log.event import timestamp

    return timestamp(datetime.fromtimestamp(file.stat().st_mtime, UTC))


def _readable(piece: bytes) -> bool:
    try:
        json.loads(piece)
    except (ValueError, RecursionError):
        return False
    return True


def _line(piece: bytes, place: str) -> ErasureLine:
    from procdef.engine.erasing import basis_word
    from procdef.errors import InvalidArgument

    try:
        entry = json.loads(piece.decode("utf-8"))
        log, basis, leaves = entry["log"], entry["basis"], entry["leaves"]
    except (ValueError, LookupError, TypeError, RecursionError):
        log = basis = leaves = None
    if not (isinstance(log, str) and isinstance(basis, str) and isinstance(leaves, list) and all(map(_is_leaf, leaves))):
        raise click.UsageError(f"{place}: this is no line of a list that `procdef erase --list` wrote")
    try:
        return ErasureLine(log, basis_word(basis), tuple(map(_leaf, leaves)))
    except InvalidArgument as error:
        raise click.UsageError(f"{place}: {error}; nothing was erased") from None


def _is_leaf(leaf: object) -> bool:
    if not isinstance(leaf, list) or [type(part) for part in leaf] not in ([str, int, str], [str, int, str, str]):
        return False
    return leaf[1] > 0 and all(re.fullmatch("[0-9a-f]{64}", made) for made in leaf[3:])


def _leaf(leaf: list[Any]) -> tuple[Leaf, str | None]:
    from procdef.store import Leaf

    return Leaf(*leaf[:3]), leaf[3] if len(leaf) == 4 else None
