"""The file of a database: where it may lie, making it, and the address that SQLite opens it by."""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress
from pathlib import Path, PurePath
from typing import NamedTuple
from urllib.parse import quote

from procdef.errors import StoreError
from procdef.store.forks import opening

SMALLEST_PAGE = 512
"""Bytes; no SQLite file that holds anything is smaller: https://www.sqlite.org/fileformat.html"""

MOUNTS = Path("/proc/self/mounts")
NETWORK = frozenset({
    "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2",
    "orangefs", "pvfs2", "smb2", "smb3", "smbfs", "fuse.ceph-fuse", "fuse.davfs", "fuse.davfs2", "fuse.gcsfuse",
    "fuse.glusterfs", "fuse.goofys", "fuse.juicefs", "fuse.mount-s3", "fuse.rclone", "fuse.s3fs", "fuse.smbnetfs",
    "fuse.sshfs",
})  # fmt: skip
"""File systems that several machines write to, without the shared memory that a write-ahead log needs:
https://www.sqlite.org/wal.html. Those that a virtual machine gets from its host (9p, virtiofs) are not among them:
whole containers lie on them, and one machine uses them."""


INTERRUPTED = (
    "was left in the middle of a change, which the file ending in -journal beside it undoes where both may be written; "
    "copy both, and open the copy once where it may be written"
)
_WRITE = 0o222


class Address(NamedTuple):
    """How to open a database: its URI, whether a connection may be kept for the next transaction, and whether it has to be
    kept from writing."""

    uri: str
    lasting: bool = True
    guarded: bool = False


def file_system(path: PurePath, mounts: str) -> str | None:
    """The type of file system that ``path`` (absolute, links resolved) lies on, by the text of ``/proc/self/mounts``.

    A share of Windows is ``share``; ``None`` where the text does not tell.
    """
    if path.drive.startswith("\\\\"):
        return "share"
    best, depth = None, -1
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = PurePath(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), parts[1]))
        # Of two mounts on one point the later one hides the earlier.
        if len(point.parts) >= depth and path.is_relative_to(point):
            best, depth = parts[2], len(point.parts)
    return best


def is_network(kind: str | None) -> bool:
    """Whether a file system of this type is shared by several machines."""
    return kind == "share" or kind in NETWORK


def claim(path: Path) -> bool:
    """Create the file for its owner only, if it is missing; whether it can be written.

    Raises ``StoreError`` where no database can be: no such folder, a folder itself, a network file system, a file of
    another kind, no permission.
    """
    if not path.parent.is_dir():
        raise StoreError(f"the folder {path.parent} for the database does not exist; create it first")
    if path.is_dir():
        raise StoreError(f"{path} is a folder; name a file for the database")
    real = resolved(path)
    folder = real.parent
    if real.exists() and not real.is_file():
        raise StoreError(f"{path} is a pipe or a device; name a file for the database")
    _refuse_network(real, path)
    try:
        with opening:  # meanwhile no thread may open the same database: see `_refuse_other_files`
            os.close(os.open(real, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        _refuse_other_files(path)
        return os.access(real, os.W_OK) and os.access(folder, os.W_OK)
    except OSError as error:
        raise StoreError(f"the database {path} cannot be created: {error.strerror}") from None
    return True


def refuse_second_name(real: Path, path: Path) -> None:
    """Raise ``StoreError`` for a file with another name, a hard link: SQLite keeps a write-ahead log under each, and steps that
    lie in one would be lost under the other (https://www.sqlite.org/howtocorrupt.html, "Multiple links to the same file").

    What a backup left that was killed while it gave this file its name is removed.
    """
    part = part_of(real)
    with suppress(OSError):
        if part.samefile(real):
            part.unlink()
    if real.stat().st_nlink > 1:
        raise StoreError(
            f"the database {path} has a second name (a hard link), and what is written under one would be lost under the "
            "other; remove that name, or work on a copy"
        )


def part_of(backup: Path) -> Path:
    """What a backup is called until it is complete."""
    return backup.with_name(f".{backup.name}.part")


def resolved(path: Path) -> Path:
    """The file itself, beside which SQLite keeps its other files, where links lead to it."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        raise StoreError(f"{path} is a link that leads nowhere; name a file for the database") from None


def address(path: Path, writable: bool) -> Address:
    """How to open the file now. Raises ``StoreError`` when what is in its write-ahead log cannot be read."""
    real = resolved(path)
    uri = "file:" + quote(os.fsencode(real))
    if writable:
        return Address(uri + "?mode=rw")
    log, shared, journal = (Path(f"{real}-{end}") for end in ("wal", "shm", "journal"))
    unused = not log.exists() and not _filled(journal)
    if os.access(real.parent, os.W_OK):
        if unused and not real.stat().st_mode & _WRITE:
            return Address(uri + "?immutable=1", lasting=False)  # nobody can write to it, so nothing is made beside it
        if unused and os.access(real, os.W_OK):
            # One that may only read leaves behind what it made beside a database in WAL mode; this one takes it away.
            return Address(uri + "?mode=rw", guarded=True)
        return Address(uri + "?mode=ro")
    if _filled(journal):
        raise StoreError(f"the database {path} {INTERRUPTED}")
    if not _filled(log):
        # SQLite would never look again for changes by others, so such a connection serves one transaction only.
        return Address(uri + "?immutable=1", lasting=False)
    if not shared.exists():
        raise StoreError(
            f"the database {path} has changes in its write-ahead log, which cannot be read in a read-only folder; "
            "open it once where its folder may be written"
        )
    return Address(uri + "?mode=ro", lasting=False)


def _filled(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


def _refuse_network(real: Path, path: Path) -> None:
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:  # not on Linux: only a share can be told
        mounts = ""
    kind = file_system(real, mounts)
    if is_network(kind):
        raise StoreError(
            f"the database {path} lies on a network file system ({kind}), where it would be damaged; "
            "put it on a disk of this machine"
        )


def _refuse_other_files(path: Path) -> None:
    """SQLite takes a file of a few bytes for an empty database, and would write over it.

    A file that may be a database is left to SQLite, which refuses what is none: to close it here would give up every lock
    that this process has on it (https://www.sqlite.org/howtocorrupt.html, 2.2), and another process would then delete
    the write-ahead log that our connections go on writing to.
    """
    if not os.access(path, os.R_OK):
        raise StoreError(f"the database {path} cannot be read: {os.strerror(errno.EACCES)}")
    if 0 < path.stat().st_size < SMALLEST_PAGE:
        raise StoreError(f"{path} is not a database; name another file")
