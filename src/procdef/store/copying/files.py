"""The file that a log is copied to: hidden and held by one copy until it is complete, and whole under its name after that."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from procdef.errors import LogBroken, StoreBusy, StoreError
from procdef.store.sql_names import TOKEN_TABLE
from procdef.store.sqlite import database_file as database_file
from procdef.store.sqlite.backups import give_name, refuse_taken
from procdef.store.sqlite.errors import translated
from procdef.store.sqlite.tables import TABLES

try:
    import fcntl
except ImportError:  # Windows, where a file that another copy has open is neither renamed nor removed
    fcntl = None  # type: ignore[assignment]

BUSY_SECONDS = 5.0


class CopiedFile:
    """A copy that is hidden beside its name until it is complete."""

    def __init__(self, path: Path) -> None:
        self.file = path.absolute()
        self.stage = self.file.with_name(f".{self.file.name}.copying")
        self.url = f"sqlite:///{self.stage}"

    @property
    def begun(self) -> bool:
        """Whether a copy lies there that is not complete."""
        with suppress(OSError):
            return self.stage.stat().st_size > 0
        return False

    @property
    def named(self) -> bool:
        """Whether something has the name already."""
        return os.path.lexists(self.file)

    def refuse_taken(self) -> None:
        """Raise ``InvalidArgument`` where something has the name already."""
        refuse_taken(self.file, "copy")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other copies away from the file. Raises ``StoreBusy`` where one is under way. What was never written to is
        removed at the end."""
        if not self.stage.parent.is_dir():
            raise StoreError(f"the folder {self.stage.parent} for the copy does not exist; create it first")
        descriptor = self._locked()
        try:
            yield
        finally:
            with suppress(OSError):
                if self.stage.stat().st_size == 0:
                    self.stage.unlink()
            os.close(descriptor)

    def _locked(self) -> int:
        while True:
            try:
                descriptor = os.open(self.stage, os.O_CREAT | os.O_RDWR, 0o600)
            except OSError as error:
                raise StoreError(f"the copy {self.file} cannot be created: {error.strerror}") from None
            if os.name != "posix":
                return descriptor
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.path.samestat(os.fstat(descriptor), self.stage.stat()):
                    return descriptor
            except FileNotFoundError:
                pass  # it was given its name meanwhile
            except BlockingIOError:
                os.close(descriptor)
                raise StoreBusy(
                    f"another copy to {self.file} is under way; wait until it ends, and say the same again if it fails"
                ) from None
            except OSError as error:  # a file system without such locks
                os.close(descriptor)
                raise StoreError(f"the copy {self.file} cannot be held: {error.strerror}") from None
            os.close(descriptor)

    def hide(self) -> None:
        """Nothing: it has no name yet."""

    def refuse_others(self) -> None:
        """Raise ``StoreBusy`` where another program has the hidden file open; no store of this process may have it open."""
        with self._alone():
            pass

    def token(self, *, make: bool) -> str | None:
        """What tells this copy from every other one, made where it has none and ``make`` says so."""
        with translated(f"the copy {self.stage}"), closing(self._opened()) as copy:
            _refuse_strange(copy)
            names = "SELECT 1 FROM main.sqlite_master WHERE name = ?"
            if copy.execute(names, (TOKEN_TABLE,)).fetchone() is None:
                if not make:
                    return None
                copy.execute("BEGIN IMMEDIATE")
                copy.execute(f"CREATE TABLE main.{TOKEN_TABLE} (token TEXT NOT NULL)")
                copy.execute(f"INSERT INTO main.{TOKEN_TABLE} VALUES (?)", (secrets.token_hex(16),))
                copy.execute("COMMIT")
            row = copy.execute(f"SELECT token FROM main.{TOKEN_TABLE}").fetchone()
        return str(row[0]) if row is not None else None

    def give_name(self) -> None:
        """Give the copy its name, with all of it in the one file and nobody else at it. Raises ``StoreBusy`` where another
        program has it open, and then it has no name."""
        with self._alone() as copy, translated(f"the copy {self.stage}"):
            copy.execute(f"DROP TABLE IF EXISTS main.{TOKEN_TABLE}")
            (busy, left, moved) = copy.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchone()
            log = Path(f"{self.stage}-wal")
            if busy or left != moved or (log.exists() and log.stat().st_size):
                raise self._in_use()
            try:
                give_name(self.stage, self.file, "copy")
                self.stage.unlink(missing_ok=True)
            except OSError as error:
                raise StoreError(f"the copy {self.file} could not be given its name: {error.strerror}") from None
        self.tidy()

    def tidy(self) -> None:
        """Remove what a copy that was killed while it got its name left beside that."""
        with suppress(OSError):
            if self.stage.exists() and self.stage.stat().st_size and not self.stage.samefile(self.file):
                return
            for end in ("", "-wal", "-shm"):
                Path(f"{self.stage}{end}").unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        """A connection beside which no other one has the file open, for as long as the block lasts.

        In exclusive mode SQLite locks the whole file, which whoever has it open in WAL mode shares:
        https://www.sqlite.org/wal.html#noshm.
        """
        with closing(self._opened()) as copy:
            try:
                copy.execute("PRAGMA main.locking_mode = EXCLUSIVE")
                copy.execute("BEGIN EXCLUSIVE")
                copy.execute("COMMIT")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise self._in_use() from None
                with translated(f"the copy {self.stage}"):
                    raise
            yield copy

    def _opened(self) -> sqlite3.Connection:
        uri = database_file.address(self.stage, True).uri
        return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)

    def _in_use(self) -> StoreBusy:
        return StoreBusy(
            f"another program has the copy {self.stage} open, so it cannot be given its name; end that program, and say the "
            "same command again, which goes on from here"
        )


def _refuse_strange(copy: sqlite3.Connection) -> None:
    """Raise ``LogBroken`` where something is in the file that no copy makes: no table of an application is copied."""
    marks = ", ".join("?" * len(TABLES))
    strange = f"SELECT type, name FROM main.sqlite_master WHERE type <> 'index' AND name NOT IN (?, {marks})"
    for kind, name in copy.execute(strange, (TOKEN_TABLE, *TABLES)).fetchall():
        raise LogBroken(f"the copy has the {kind} {name}, which no copy makes; remove the copy, and begin it anew")
