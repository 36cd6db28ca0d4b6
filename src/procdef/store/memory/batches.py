"""A batch in memory: whether it can be added, and how it is taken back."""

from __future__ import annotations

from typing import Protocol

from procdef.events.types import log_moved
from procdef.log.merkle import Frontier, TreeNode
from procdef.store.memory.queries import MemoryTables
from procdef.store.port import Batch, Conflict, Moved
from procdef.store.rows import DealRow, PrivateRow, RequestRow, StayRow

# What a batch replaced: the batch itself, then the deals, the stays and the tree as they stood before it, the nodes that
# it made, how many events and notes there were, and the personal values and requests that it deleted.
Undo = tuple[
    Batch,
    list[tuple[str, DealRow | None]],
    list[tuple[tuple[str, int], StayRow | None]],
    Frontier,
    list[TreeNode],
    int,
    int,
    list[PrivateRow],
    list[RequestRow],
]


class Changing(MemoryTables, Protocol):
    """What a batch changes."""

    keys: dict[str, str]
    tree: Frontier


def refuse_moved(store: Changing) -> None:
    """Raise ``Moved`` where the log goes on elsewhere."""
    of_log = store.events.get("system")
    if of_log and (last := of_log[next(reversed(of_log))]).type == log_moved.EVENT.name:
        raise Moved(last.body)


def refuse_conflicts(store: Changing, batch: Batch) -> None:
    """Raise ``Conflict`` where the batch does not fit what is there."""
    events = set()
    for event in batch.events:
        if event.n in store.events.get(event.stream, ()) or (event.stream, event.n) in events:
            raise Conflict("an event of that number is in the log already")
        events.add((event.stream, event.n))
    streams, keys = set(), set()
    for deal, expected in batch.deals:
        stream, key = deal.stream, deal.key
        row = store.deals.get(stream)
        if (row.n if row is not None else 0) != expected or stream in streams:
            raise Conflict("the deal has changed since it was read")
        if store.keys.get(key, stream) != stream or key in keys:
            raise Conflict("a deal of that name is there already")
        streams.add(stream)
        keys.add(key)
    taken = (
        (batch.private and any((row.stream, row.n, row.path) in store.private for row in batch.private))
        or (batch.gates and any((row.stream, row.n, row.k) in store.gates for row in batch.gates))
        or (batch.activities and any((row.stream, row.n, row.k) in store.activities for row in batch.activities))
        or (batch.requests and any((row.stream, row.key) in store.requests for row in batch.requests))
        or (batch.definitions and any(row.sha256 in store.definitions for row in batch.definitions))
        or (batch.directories and any(row.sha256 in store.directories for row in batch.directories))
    )
    if taken:
        raise Conflict("a row of that name is there already")


def revert(store: Changing, undo: Undo) -> None:
    """Undo a batch, or as much of it as was done before something ended it; doing so twice changes nothing more."""
    batch, deals, stays, store.tree, nodes, events, notes, erased, forgotten = undo
    store.private.update(((row.stream, row.n, row.path), row) for row in erased)
    store.requests.update(((row.stream, row.key), row) for row in forgotten)
    del store.notes[notes:]
    del store.leaves[events:]
    for level, idx, _ in nodes:
        store.nodes.pop((level, idx), None)
    for event in batch.events:
        stream = store.events.get(event.stream, {})
        stream.pop(event.n, None)
        if not stream:
            store.events.pop(event.stream, None)
    keys = {row.stream: row.key for row, _ in batch.deals}
    for name, deal in deals:
        if store.keys.get(keys[name]) == name:
            del store.keys[keys[name]]
        if deal is None:
            store.deals.pop(name, None)
        else:
            store.deals[name] = deal
            store.keys[deal.key] = name
    for place, stay in reversed(stays):
        if stay is None:
            store.stays.pop(place, None)
        else:
            store.stays[place] = stay
    for value in batch.private:
        store.private.pop((value.stream, value.n, value.path), None)
    for gate in batch.gates:
        store.gates.pop((gate.stream, gate.n, gate.k), None)
    for activity in batch.activities:
        store.activities.pop((activity.stream, activity.n, activity.k), None)
    for request in batch.requests:
        store.requests.pop((request.stream, request.key), None)
    for definition in batch.definitions:
        store.definitions.pop(definition.sha256, None)
    for directory in batch.directories:
        store.directories.pop(directory.sha256, None)
