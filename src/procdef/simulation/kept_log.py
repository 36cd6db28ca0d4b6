"""The log of a simulated run, kept in a file: there whole under its name once the run is over, or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from procdef.errors import InvalidArgument, StoreError
from procdef.store import SqliteStore


def place_of(path: Path) -> Path:
    """Where the log will lie. Raises ``InvalidArgument`` where something lies there, or there is no such folder."""
    folder = path.parent.resolve()
    if not folder.is_dir():
        raise InvalidArgument(f"the folder {folder} for the log does not exist; create it first", "out")
    place = folder / path.name
    if place.exists() or place.is_symlink():
        raise InvalidArgument(
            f"{path} is there already, and simulated deals never go into a log that there is; name another file", "out"
        )
    return place


@contextmanager
def kept_log(path: Path, log: str) -> Iterator[SqliteStore]:
    """A store to write into, which becomes the file at ``path`` when the block ends well. ``log`` is the UUID of the log.

    Raises ``InvalidArgument`` where there is such a file, and ``StoreError`` where it cannot be written.
    """
    place = place_of(path)
    try:
        with (
            tempfile.TemporaryDirectory(prefix=".procdef-simulate-", dir=place.parent) as folder,
            SqliteStore(Path(folder) / "run.db", synchronous="OFF", log=log) as store,
        ):
            try:
                yield store
                store.backup(place)
            except StoreError as error:
                if type(error) is StoreError and str(store.path) in str(error):
                    told = str(error).split("; what was acknowledged")[0].replace(str(store.path), str(path))
                    raise StoreError(f"{told}; nothing was kept", str(path)) from None
                raise
    except OSError as error:
        raise StoreError(f"the log {path} could not be written: {error.strerror or error}") from None
