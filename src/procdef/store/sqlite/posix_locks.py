"""Locks on files as POSIX has them, and those of one opening of a file (OFD), which Linux has too.

A lock of POSIX belongs to a process and a file: the process loses it with the first close of that file, by whatever code,
and a forked process never had it. An OFD lock belongs to one opening and goes with that alone. The two exclude each other.
"""

from __future__ import annotations

import os
import struct
from functools import cache
from pathlib import Path
from typing import NamedTuple

try:
    import fcntl
except ImportError:  # Windows, which neither removes nor replaces a file that is open
    fcntl = None  # type: ignore[assignment]

_FLOCK = "hhqqi0q"  # type, whence, start, length (0 is up to the end), process: struct flock with 64-bit offsets


class Range(NamedTuple):
    """A range of bytes of a file."""

    start: int
    length: int


def share(descriptor: int, part: Range) -> bool:
    """Lock bytes against writers by this opening of the file; false where such locks do not exist or others write."""
    return _told("F_OFD_SETLK", descriptor, "F_RDLCK", part) is not None


def claim(descriptor: int, part: Range) -> bool:
    """Lock bytes against everybody by this opening of the file; false where others have locked them."""
    return _told("F_OFD_SETLK", descriptor, "F_WRLCK", part) is not None


def give_up(descriptor: int, part: Range) -> None:
    """Give up the lock on bytes."""
    _told("F_OFD_SETLK", descriptor, "F_UNLCK", part)


def writer(descriptor: int, part: Range) -> int | None:
    """The process that has bytes locked, by a lock of POSIX (of another opening: -1); ``None`` where none has, or where that
    cannot be told."""
    found = _found(descriptor, part)
    return None if found is None else found[1]


def locked_byte(descriptor: int, part: Range) -> int | None:
    """The first byte of one of the locks that others have on these bytes, not always the first one; ``None`` where there is
    none, or where that cannot be told."""
    found = _found(descriptor, part)
    return None if found is None else found[0]


def _found(descriptor: int, part: Range) -> tuple[int, int] | None:
    """Where a lock of others begins, and whose it is."""
    told = _told("F_OFD_GETLK", descriptor, "F_WRLCK", part)
    if told is None:
        return None
    kind, _, start, _, process = struct.unpack(_FLOCK, told)
    return None if kind == fcntl.F_UNLCK else (int(start), int(process))


def _told(command: str, descriptor: int, kind: str, part: Range) -> bytes | None:
    number = getattr(fcntl, command, None)
    if number is None:
        return None
    try:
        return fcntl.fcntl(descriptor, number, _asked(getattr(fcntl, kind), part))
    except OSError:
        return None


@cache
def _asked(kind: int, part: Range) -> bytes:
    return struct.pack(_FLOCK, kind, os.SEEK_SET, part.start, part.length, 0)


Identity = tuple[int, int]
"""Inode and device of a file."""


def identity(found: os.stat_result) -> Identity:
    """Which file that is, whatever it is called."""
    return found.st_ino, found.st_dev


def open_files() -> dict[Identity, list[int]] | None:
    """The files that this process has open, each with its descriptors; ``None`` where that cannot be told, as elsewhere than
    on Linux."""
    try:
        names = [each.name for each in Path("/proc/self/fd").iterdir()]
    except OSError:
        return None
    found: dict[Identity, list[int]] = {}
    for name in names:
        try:
            found.setdefault(identity(os.fstat(int(name))), []).append(int(name))
        except (OSError, ValueError):  # the descriptor of the listing itself, or one that was closed since
            continue
    return found


def is_locked(descriptor: int, part: Range, kind: str) -> bool:
    """Whether Linux tells of a lock of this process on just these bytes, of the ``kind`` POSIX or OFDLCK."""
    try:
        told = Path(f"/proc/self/fdinfo/{descriptor}").read_bytes().decode()
    except OSError:
        return False
    ending = f" {part.start} {part.start + part.length - 1}"
    return any(kind in line and line.endswith(ending) for line in told.splitlines())
