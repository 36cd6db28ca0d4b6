"""The application's connection as our statements use it: by cursors of their own, whatever kind its own are."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

Row = tuple[Any, ...]


class JoinedConnection:
    """A ``psycopg.Connection`` whose rows are tuples and whose parameters the server fills in, without its ``row_factory``,
    ``cursor_factory`` and ``server_cursor_factory``. Nothing of the connection itself is changed."""

    __slots__ = ("_connection",)

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    @property
    def info(self) -> psycopg.ConnectionInfo:
        """What is known of the connection, such as whether it has a transaction open."""
        return self._connection.info

    @property
    def autocommit(self) -> bool:
        """Whether a statement outside a transaction is one of its own."""
        return self._connection.autocommit

    def cursor(self, name: str = "", *, binary: bool = False) -> psycopg.Cursor[Row] | psycopg.ServerCursor[Row]:
        """A cursor; on the server where it has a name."""
        made: psycopg.Cursor[Row] | psycopg.ServerCursor[Row]
        if name:
            made = psycopg.ServerCursor(self._connection, name, row_factory=tuple_row)
        else:
            made = psycopg.Cursor(self._connection, row_factory=tuple_row)
        made.format = psycopg.pq.Format.BINARY if binary else psycopg.pq.Format.TEXT
        return made

    def execute(
        self, query: str | sql.SQL | sql.Composed, parameters: Any = None, *, binary: bool = False
    ) -> psycopg.Cursor[Row]:
        """Execute a statement; the cursor to read its rows from."""
        cursor = psycopg.Cursor(self._connection, row_factory=tuple_row)
        cursor.format = psycopg.pq.Format.BINARY if binary else psycopg.pq.Format.TEXT
        return cursor.execute(query, parameters)
