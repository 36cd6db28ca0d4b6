"""Where logs live: in memory, or in a SQLite file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

from procdef.errors import InvalidArgument
from procdef.store.memory import MemoryStore
from procdef.store.port import (
    AllEvents,
    Batch,
    Conflict,
    DealRow,
    Deals,
    DefinitionRow,
    Definitions,
    EventRow,
    Events,
    GateRow,
    Gates,
    Hashes,
    LastEvent,
    LeafRow,
    Loaded,
    LogOrder,
    NodeRow,
    Nodes,
    NoteRow,
    Notes,
    PlaceRow,
    Places,
    Private,
    PrivateRow,
    Query,
    RequestRow,
    Requests,
    StayRow,
    Stays,
    Store,
    Streams,
    Tx,
)
from procdef.store.sqlite import SqliteStore

__all__ = [
    "AllEvents",
    "Batch",
    "Conflict",
    "DealRow",
    "Deals",
    "DefinitionRow",
    "Definitions",
    "EventRow",
    "Events",
    "GateRow",
    "Gates",
    "Hashes",
    "LastEvent",
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
    "Streams",
    "Tx",
    "open_store",
]


def open_store(url: str) -> Store:
    """The store at ``memory:``, ``sqlite:///relative.db`` or ``sqlite:////absolute.db``; a new file is created.

    ``?synchronous=NORMAL`` trades the last commits before a power cut for speed. Raises ``InvalidArgument`` for another
    address, ``StoreError`` for a database that cannot be used and ``NewerLog`` for one of a later procdef.
    """
    if url == "memory:":
        return MemoryStore()
    address, _, query = url.partition("?")
    path = address.removeprefix("sqlite:///")
    if path == address or not path:
        raise InvalidArgument("the store's address is not understood; write memory: or sqlite:///path/to/file.db")
    options = dict(parse_qsl(query, keep_blank_values=True))
    synchronous = options.pop("synchronous", "FULL").upper()
    if options or synchronous not in ("FULL", "NORMAL"):
        raise InvalidArgument(
            "the store's address has an unknown option; synchronous=FULL and synchronous=NORMAL exist"
        )
    return SqliteStore(Path(path), synchronous=synchronous)
