"""The connection of an application whose transaction the engine joins."""

from __future__ import annotations

from typing import Any, TypeVar

from procdef.errors import StoreError

C = TypeVar("C")


def driver_connection(given: Any, kind: type[C], *, begins: bool = True) -> C | None:
    """The driver's own connection in what an application hands over: itself, or the one that SQLAlchemy's connection or
    session, or Django's, works on. ``None`` for anything else.

    SQLAlchemy begins with the first statement that goes through it, which ours do not: so its transaction is begun here, or
    its ``commit`` would commit nothing. Without ``begins`` nothing is, and one that has none open has no connection.
    """
    if isinstance(given, kind):
        return given
    try:
        registry = getattr(given, "registry", None)
        if callable(registry):  # a scoped session's: the session of this thread
            given = registry()
        in_transaction = getattr(given, "in_transaction", None)
        if callable(in_transaction):
            begun = in_transaction()
            if not begun and not begins:
                return None
            inner = getattr(given, "connection", None)
            if callable(inner):  # a session's: its connection has a transaction
                given = inner()
            elif not begun and inner is not None:
                given.begin()
        found = getattr(given, "driver_connection", None)
        if found is None:
            inner = getattr(given, "connection", None)
            found = getattr(inner, "driver_connection", inner)
    except Exception as error:
        if not type(error).__module__.startswith("sqlalchemy."):
            raise
        raise StoreError(f"the application's connection cannot be joined: {error}") from error
    return found if isinstance(found, kind) else None
