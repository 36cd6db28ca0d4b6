"""Making, upgrading and distributing the tables of a log in PostgreSQL, which no step does by itself."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from procdef.errors import StoreError
from procdef.store.layouts import LATEST
from procdef.store.postgres import distributing as postgres_distributing
from procdef.store.postgres import tables as postgres_tables
from procdef.store.postgres.address import postgres_address
from procdef.store.postgres.driver import driver
from procdef.store.postgres.errors import translated
from procdef.store.postgres.statements import for_schema


class Tables(NamedTuple):
    """The tables of a log: its UUID, the number of their ``layout`` and of those that were made now, in order."""

    shown: str
    schema: str
    log: str
    layout: int
    made: tuple[int, ...] = ()


def initialise(url: str, *, log: str | None = None) -> Tables:
    """Make the schema and the tables of a log, of the UUID ``log`` for a copy of one or else a new one, where there are none.
    Raises ``StoreError`` where they cannot be made."""
    return _changed(url, new=True, log=log)


def upgrade(url: str) -> Tables:
    """Bring the tables of an older log to the present layout, each step in a transaction. Raises ``StoreError`` where
    there is no log."""
    return _changed(url, new=False)


def _changed(url: str, *, new: bool, log: str | None = None) -> Tables:
    driver()
    from procdef.store.postgres.store import connected

    place = postgres_address(url)
    subject = f"the database {place.shown}"
    with connected(place.conninfo, subject, place.busy) as connection, translated(subject):
        if log is None:
            postgres_tables.refuse_incomplete(connection, place.schema, subject)
        there = postgres_tables.found(connection, place.schema)
        if there is None and not new:
            raise postgres_tables.no_log(subject)
        if there is not None and there[0] > LATEST:
            postgres_tables.check(there[0], subject)
        made = postgres_tables.make(connection, place.schema, there[0] if there else None, log)
        now = postgres_tables.found(connection, place.schema)
    if now is None:
        raise StoreError(f"{subject} took the tables and does not show them; look at what the role may see")
    return Tables(place.shown, place.schema, now[1], now[0], tuple(made))


def distribute(url: str, shards: int = postgres_distributing.SHARDS) -> Tables:
    """Distribute the tables of a log, and what is in them, over the servers that the coordinator knows, each into ``shards``
    parts, in one transaction. ``made`` is empty where that was done before. Nobody may use the log meanwhile, and who has it
    open opens it again. Raises ``StoreError`` where there is no log, one of an older layout, or no Citus."""
    driver()
    from procdef.store.postgres.store import connected

    place = postgres_address(url)
    subject = f"the database {place.shown}"
    with connected(place.conninfo, subject, place.busy) as connection, translated(subject), connection.transaction():
        there = postgres_tables.found(connection, place.schema)
        if there is None:
            raise postgres_tables.no_log(subject)
        postgres_tables.check(there[0], subject)
        if not postgres_tables.has_citus(connection):
            raise StoreError(
                f"{subject} has no extension citus, which distributes tables; a log on one server needs none. For several, "
                "install Citus on each, and say CREATE EXTENSION citus in the database"
            )
        connection.execute(for_schema("LOCK TABLE main.tree IN ACCESS EXCLUSIVE MODE", place.schema))
        if postgres_tables.are_distributed(connection, place.schema):
            return Tables(place.shown, place.schema, there[1], there[0])
        postgres_distributing.lay_out(connection, place.schema, shards)
    return Tables(place.shown, place.schema, there[1], there[0], (there[0],))


def host_and_database(url: str) -> str:
    """The place as a URL without user, password and settings, as the server and libpq tell it. Raises ``StoreError``."""
    driver()
    from procdef.store.postgres.store import connected

    place = postgres_address(url)
    with connected(place.conninfo, f"the database {place.shown}", place.busy) as connection:
        info = connection.info
        host = "" if info.host.startswith("/") else f"{info.host}:{info.port}"
        return postgres_address(f"postgresql://{host}/{quote(info.dbname)}?schema={place.schema}").shown
