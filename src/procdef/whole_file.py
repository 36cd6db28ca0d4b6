"""Files that are handed out: there whole or not at all, for their owner only, and in no other file's place unasked."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from procdef.errors import InvalidArgument
from procdef.open_databases import is_held

_PREFIX, _SUFFIX = ".procdef-", ".part"
_NO_LINKS = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK})
"""What file systems answer that know no second name of a file."""
_SQLITE, _OF_A_LOG, _ENDS = b"SQLite format 3\0", b"pdef", ("-wal", "-shm", "-journal")
"""How a database begins, the application id of a log's, which stands 68 bytes from there, and what SQLite keeps beside it
(https://www.sqlite.org/fileformat.html, 1.3)."""


def target(path: Path, what: str, *, force: bool = False, database: bool = False) -> Path:
    """Where the file that was asked for will lie, ``what`` it is in words.

    Raises ``InvalidArgument`` where there is one already, unless that is to be replaced (``force``), and for a link: what it
    leads to is another file, which was not named. No file takes the place of a database, or of what SQLite keeps beside one;
    what is one itself (``database``) takes that of any but a log.
    """
    folder = path.parent.resolve()
    if not folder.is_dir():
        raise InvalidArgument(f"the folder {folder} for the {what} does not exist; create it first", "path")
    place = folder / path.name
    if path.name in ("", "..") or (place.exists() and not place.is_file()):
        raise InvalidArgument(f"{path} is no file; name one for the {what}", "path")
    if place.is_symlink():
        raise InvalidArgument(f"{path} is a link to another file; name that one, or one that is not there yet", "path")
    if _is_database(place, _OF_A_LOG if database else b""):
        raise InvalidArgument(f"{path} is a database, or belongs to one; name another file for the {what}", "path")
    left = next((f"{place}{end}" for end in ("-wal", "-journal") if database and os.path.lexists(f"{place}{end}")), None)
    if left is not None:
        raise InvalidArgument(f"{left} is left over of another database and would be played into the {what}; remove it", "path")
    if place.exists() and not force:
        raise InvalidArgument(f"{path} is there already; name another file, or replace it", "force")
    return place


def _is_database(place: Path, kind: bytes) -> bool:
    """Whether this is a database of SQLite with that application id (of any, where it is empty), or belongs to one.

    What this process has open is not opened for that. A file that may not be read is none.
    """
    bases = [place, *(place.with_name(place.name.removesuffix(end)) for end in _ENDS if place.name.endswith(end))]
    for base in (base for base in bases if base.is_file()):
        if is_held(base):
            return True
        with suppress(OSError), base.open("rb") as file:
            head = file.read(72)
            if head.startswith(_SQLITE) and head[68:].startswith(kind):
                return True
    return False


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A new, empty file next to ``path``, for its owner only; gone when the block ends, unless ``settle`` gave it the
    name. An ``OSError`` of the block that names no file names ``path``.

    What was left there by a process that was killed is removed first.
    """
    try:
        _clear(path.parent)
        handle, name = tempfile.mkstemp(prefix=f"{_PREFIX}{path.name[:100]}.", suffix=_SUFFIX, dir=path.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    part = Path(name)
    try:
        _lock(handle)
        yield part
    except OSError as error:
        if error.filename is None:
            raise OSError(error.errno, error.strerror or str(error), str(path)) from error
        raise
    finally:
        part.unlink(missing_ok=True)
        os.close(handle)


def _clear(folder: Path) -> None:
    """Remove the files that nobody is writing any more: whoever writes one holds its lock, until it ends or is killed."""
    with suppress(OSError):
        for left in [file for file in folder.iterdir() if file.name.startswith(_PREFIX) and _SUFFIX in file.name]:
            with suppress(OSError):
                handle = os.open(left, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
                try:
                    if _lock(handle):
                        left.unlink()
                finally:
                    os.close(handle)


def _lock(handle: int) -> bool:
    """Whether the lock of a file is this process's now; never where the system has none."""
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:
        return False
    try:
        flock(handle, LOCK_EX | LOCK_NB)
    except OSError:
        return False
    return True


def secured(part: Path) -> Path:
    """The same file, once it lies on the disk."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    return part


def settle(part: Path, path: Path, *, force: bool = True) -> None:
    """Give the finished file its name, in one step, for good. Without ``force``, raises ``FileExistsError`` where there is one
    of that name."""
    if force:
        part.replace(path)
    else:
        _link(part, path)
    # Not every system lets a folder be opened; there the name is safe a little later.
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _link(part: Path, path: Path) -> None:
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        part.replace(path)


def write_whole(path: Path, content: bytes, what: str, *, force: bool = False) -> None:
    """The file with that content, which it gets at once. Raises what ``target`` does."""
    place = target(path, what, force=force)
    with beside(place) as part:
        part.write_bytes(content)
        settle(secured(part), place, force=force)
