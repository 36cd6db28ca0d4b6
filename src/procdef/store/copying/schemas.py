"""The schema of PostgreSQL that a log is copied to, held by one copy until it is complete."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from procdef.errors import InvalidArgument, StoreBusy, StoreError
from procdef.store.postgres import tables as postgres_tables
from procdef.store.postgres.address import postgres_address
from procdef.store.postgres.driver import driver
from procdef.store.postgres.errors import translated
from procdef.store.sql_names import TOKEN_TABLE

if TYPE_CHECKING:
    import psycopg

_OTHERS = (
    "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace "
    "WHERE s.nspname = %s AND c.relname = ANY(%s) ORDER BY 1 LIMIT 1"
)
_COPYING = 0x70646370  # "pdcp" in ASCII


class CopiedSchema:
    """A copy in a schema, whose tables tell by one more table that it is not complete."""

    def __init__(self, url: str) -> None:
        self.url, self._place = url, postgres_address(url)
        self._subject = f"the database {self._place.shown}"
        self._table = f'"{self._place.schema}".{TOKEN_TABLE}'
        self._connection: psycopg.Connection[Any] | None = None

    @property
    def begun(self) -> bool:
        """Whether the tables of a log are there."""
        with translated(self._subject):
            return postgres_tables.found(self._held, self._place.schema) is not None

    @property
    def named(self) -> bool:
        """Whether a log is there that is no copy under way."""
        return self.begun and self.token(make=False) is None

    def refuse_taken(self) -> None:
        """Raise ``InvalidArgument`` where a log is there that is no copy under way: its rows are not written over, be it the
        same log, which went on there or was restored there."""
        if self.named:
            raise InvalidArgument(
                f"{self._place.shown} holds a log already, which no copy is written over; name another schema for the copy "
                "(?schema=NAME)",
                "to",
            )

    @property
    def _held(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            raise StoreError(f"{self._subject} is not held for a copy")
        return self._connection

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other copies away from the schema. Raises ``StoreBusy`` where one is under way."""
        driver()
        from procdef.store.postgres.store import connected

        with connected(self._place.conninfo, self._subject) as connection:
            with translated(self._subject):
                lock = "SELECT pg_catalog.pg_try_advisory_lock(%s, pg_catalog.hashtext(%s))"
                (free,) = connection.execute(lock, (_COPYING, self._place.schema)).fetchone() or (False,)
            if not free:
                raise StoreBusy(
                    f"another copy to {self._place.shown} is under way; wait until it ends, and say the same again if it fails"
                )
            self._connection = connection
            try:
                yield
            finally:
                self._connection = None

    def hide(self) -> None:
        """Have nobody take the schema for a log before the copy is complete. Raises ``StoreError`` where tables of somebody
        else stand in the way of those of a log."""
        if self.begun:
            return
        with translated(self._subject):
            others = self._held.execute(_OTHERS, (self._place.schema, [*postgres_tables.TABLES])).fetchone()
        if others is not None:
            raise StoreError(
                f"{self._subject} has a table {others[0]} that is none of a log's; name another schema for the copy "
                "(?schema=NAME)"
            )
        self.token(make=True)

    def refuse_others(self) -> None:
        """Nothing: a server keeps what others read apart."""

    def token(self, *, make: bool) -> str | None:
        """What tells this copy from every other one, made where it has none and ``make`` says so."""
        with translated(self._subject), self._held.transaction():
            (there,) = self._held.execute("SELECT pg_catalog.to_regclass(%s)", (self._table,)).fetchone() or (None,)
            if there is None:
                if not make:
                    return None
                self._held.execute(f'CREATE SCHEMA IF NOT EXISTS "{self._place.schema}"')
                self._held.execute(f"CREATE TABLE {self._table} (token text NOT NULL)")
                self._held.execute(f"INSERT INTO {self._table} VALUES (%s)", (secrets.token_hex(16),))
            row = self._held.execute(f"SELECT token FROM {self._table}").fetchone()
        return str(row[0]) if row is not None else None

    def give_name(self) -> None:
        """Take away what tells that the copy is not complete."""
        with translated(self._subject):
            self._held.execute(f"DROP TABLE IF EXISTS {self._table}")

    def tidy(self) -> None:
        """Nothing is left beside it."""
