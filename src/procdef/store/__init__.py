"""Where logs live: in memory, in a SQLite file, or in PostgreSQL."""

from __future__ import annotations

import os
from typing import Any

from procdef.errors import StoreError
from procdef.store.address import address, is_postgres
from procdef.store.inspection_port import AllNodes, InspectableStore, Inspection, Places
from procdef.store.memory.store import MemoryStore
from procdef.store.port import Batch, Conflict, Loaded, Store, Tx
from procdef.store.postgres.address import postgres_address
from procdef.store.queries import (
    Activities,
    ActivityFacts,
    Deals,
    DealsByStream,
    Definitions,
    Directories,
    EventPlace,
    Events,
    Gates,
    Hashes,
    LastEvent,
    LogOrder,
    Nodes,
    Notes,
    Private,
    Query,
    Requests,
    Stays,
    Waking,
)
from procdef.store.rows import (
    ActivityFactsRow,
    ActivityRow,
    DealRow,
    DefinitionRow,
    DirectoryRow,
    EventRow,
    GateRow,
    Leaf,
    LeafRow,
    NodeRow,
    NoteRow,
    PlaceRow,
    PrivateRow,
    RequestRow,
    StayRow,
)
from procdef.store.sqlite.sealing import Progress, unseen
from procdef.store.sqlite.store import SqliteStore

__all__ = [
    "Activities",
    "ActivityFacts",
    "ActivityFactsRow",
    "ActivityRow",
    "AllNodes",
    "Batch",
    "Conflict",
    "DealRow",
    "Deals",
    "DealsByStream",
    "DefinitionRow",
    "Definitions",
    "Directories",
    "DirectoryRow",
    "EventPlace",
    "EventRow",
    "Events",
    "GateRow",
    "Gates",
    "Hashes",
    "InspectableStore",
    "Inspection",
    "LastEvent",
    "Leaf",
    "LeafRow",
    "Loaded",
    "LogOrder",
    "MemoryStore",
    "NodeRow",
    "Nodes",
    "NoteRow",
    "Notes",
    "PlaceRow",
    "Places",
    "Private",
    "PrivateRow",
    "Query",
    "RequestRow",
    "Requests",
    "SqliteStore",
    "StayRow",
    "Stays",
    "Store",
    "Tx",
    "Waking",
    "open_store",
]


def open_store(
    url: str | os.PathLike[str], *, read_only: bool = False, sealing: Progress = unseen, log: str | None = None
) -> InspectableStore:
    """The store at ``memory:``, or in the SQLite file of that path, which is created where there is none. As a URL the file
    is ``sqlite:///relative.db`` or ``sqlite:////absolute.db``.

    With ``read_only`` or ``?read_only=yes`` no file and no table is made, no transaction writes, and text that is not valid
    UTF-8 is read as bytes. ``?synchronous=NORMAL`` trades the last commits before a power cut for speed. ``?beside=yes``
    makes the log's tables in an application's database, which then is in WAL mode. ``?busy=SECONDS`` is how long a step
    waits while another program writes (5; 0 is not at all), before it raises ``StoreBusy``. A ``Path`` has no such options.
    ``postgresql://...`` is a log in PostgreSQL, whose tables are there already, see ``docs/postgres.md``.
    A log from before there was a tree is sealed now, which ``sealing`` is told of. A new log gets the UUID ``log``, or a
    fresh one. Raises ``InvalidArgument`` for another address or option, ``StoreError`` for a database that cannot be used and
    ``NewerLog`` for one of a later procdef.
    """
    if is_postgres(url):
        return _postgres(str(url), read_only)
    there = address(url)
    if there.path is None:
        return MemoryStore(log)
    how: dict[str, Any] = {"read_only": read_only or there.read_only, "sealing": sealing, "log": log}
    try:
        return SqliteStore(there.path, synchronous=there.synchronous, beside=there.beside, busy=there.busy, **how)
    except StoreError as error:
        error.subject = error.subject or str(there.path)
        raise


def _postgres(url: str, read_only: bool) -> InspectableStore:
    """The store in PostgreSQL at that URL. Raises what ``open_store`` does."""
    from procdef.store.postgres.driver import driver

    place = postgres_address(url)
    driver()
    from procdef.store.postgres.store import PostgresStore

    try:
        return PostgresStore(place, read_only=read_only)
    except StoreError as error:
        error.subject = error.subject or place.shown
        raise
