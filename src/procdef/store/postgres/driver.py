"""The driver of PostgreSQL, which is an extra: imported where a store of that kind is opened, and nowhere before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from procdef.errors import StoreError

if TYPE_CHECKING:
    from types import ModuleType

    import psycopg
    import psycopg_pool

    Connection = psycopg.Connection[tuple[Any, ...]]
    Pool = psycopg_pool.ConnectionPool[Connection]


def driver() -> ModuleType:
    """The module ``psycopg``. Raises ``StoreError`` where it, its pool or libpq is not installed."""
    try:
        import psycopg
        import psycopg_pool  # noqa: F401
    except ImportError:
        raise StoreError('a store in PostgreSQL needs psycopg; install it: pip install "procdef[postgres]"') from None
    return psycopg


def libpq_options() -> frozenset[str] | None:
    """The names of what libpq takes behind the ``?`` of an address; ``None`` where it is not installed."""
    try:
        from psycopg.pq import Conninfo
    except ImportError:
        return None
    return frozenset(option.keyword.decode() for option in Conninfo.get_defaults())
