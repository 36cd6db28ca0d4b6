"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A new, empty file next to ``path``, for its owner only; gone when the block ends, unless ``settle`` gave it the
    name. An ``OSError`` of the block that names no file names ``path``."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    os.close(handle)
    try:
        yield Path(name)
    except OSError as error:
        if error.filename is None:
            raise OSError(error.errno, error.strerror or str(error), str(path)) from error
        raise
    finally:
        Path(name).unlink(missing_ok=True)


def secured(part: Path) -> Path:
    """The same file, once it lies on the disk."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    return part


def settle(part: Path, path: Path) -> None:
    """Give the finished file its name, in one step, for good."""
    part.replace(path)
    # Not every system lets a folder be opened; there the name is safe a little later.
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
