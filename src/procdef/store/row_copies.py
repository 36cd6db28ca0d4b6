"""The rows of a log copied from one store to another, whatever databases the two are in, and held against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from procdef.errors import LogBroken, StoreError
from procdef.store.port import Batch, Store, Tx
from procdef.store.queries import (
    Activities,
    DealsByStream,
    Definitions,
    Directories,
    Gates,
    LogOrder,
    Notes,
    Private,
    Query,
    Requests,
    Stays,
)
from procdef.store.rows import DealRow, EventRow, Leaf

MOST = 2_000
"""Events that are copied in one transaction."""
_TABLES: Sequence[Query[Any]] = (
    DealsByStream(),
    Private(),
    Stays(),
    Gates(),
    Activities(),
    Requests(),
    Definitions(),
    Directories(),
    Notes(),
)


def copy_some(source: Store, target: Store) -> int:
    """Copy the next events that the target lacks, with the rows that belong to them; how many they were.

    What was copied is durable then; who goes on after it was interrupted begins where it ended. The rows of a deal are those
    of now, though some of its events may only come with the next call.
    """
    target.seal()
    with source.transaction(write=False) as read, target.transaction(write=True) as write:
        begin = write.size
        events = [leaf.event for leaf in read.scan(LogOrder(begin, begin + MOST))]
        if events:
            write.append(_batch(read, write, events))
    target.seal()
    return len(events)


def settle(source: Store, target: Store) -> None:
    """Copy what changed of deals without an event, as when they are to be looked at next, and the signed notes. Nothing may be
    written to the source meanwhile."""
    with source.transaction(write=False) as read, target.transaction(write=True) as write:
        there = {(row.size, row.text) for row in write.scan(Notes())}
        notes = [row for row in read.scan(Notes()) if (row.size, row.text) not in there]
        pairs = zip(read.scan(DealsByStream()), write.scan(DealsByStream()), strict=False)
        deals = [(ours, theirs.n) for ours, theirs in pairs if ours.stream == theirs.stream and _plain(ours) != _plain(theirs)]
        write.append(Batch(deals=deals, notes=notes))


def refuse_unlike_events(source: Store, target: Store, first: int = 0) -> int:
    """Hold the events of the target, from the leaf ``first`` on, against those of the source, byte by byte; how many the target
    has. Raises ``LogBroken`` where one differs."""
    with source.transaction(write=False) as read, target.transaction(write=False) as copied:
        size = copied.size
        pairs = zip_longest(read.scan(LogOrder(first, size)), copied.scan(LogOrder(first, size)))
        for number, (ours, theirs) in enumerate(pairs, first):
            if ours != theirs:
                raise LogBroken(
                    f"event {number} of the copy is not that of the log: something else was written to the copy. Remove the "
                    "copy, and begin it anew"
                )
    return size


def refuse_unlike(source: Store, target: Store, first: int = 0) -> None:
    """Hold all that the target has against the source: events from the leaf ``first`` on, the tree, and every other table.
    Raises ``LogBroken`` where something differs."""
    refuse_unlike_events(source, target, first)
    with source.transaction(write=False) as read, target.transaction(write=False) as copied:
        if (read.log, read.size, read.tree.stored) != (copied.log, copied.size, copied.tree.stored):
            raise LogBroken("the tree of the copy is not that of the log; remove the copy, and begin it anew")
        for query in _TABLES:
            for ours, theirs in zip_longest(map(_plain, read.scan(query)), map(_plain, copied.scan(query))):
                if ours != theirs:
                    what = type(query).__name__.lower()
                    raise LogBroken(f"the copy differs in a row of {what} from the log; remove the copy, and begin it anew")


def refuse_other_log(source: Store, target: Store) -> None:
    """Raise ``StoreError`` where the target is no copy of the source that was begun."""
    with source.transaction(write=False) as read, target.transaction(write=False) as copied:
        if read.log != copied.log:
            place = getattr(target, "path", "the other store")
            raise StoreError(f"{place} has the log {copied.log}, which is another one; remove it, or copy to another place")


def _plain(row: Any) -> Any:
    return (*row[:-1], bytes(row.state)) if isinstance(row, DealRow) else row


def _batch(read: Tx, write: Tx, events: Sequence[EventRow]) -> Batch:
    """The events with what belongs to them, as far as it is still there."""
    streams = dict.fromkeys(event.stream for event in events)
    places = {(event.stream, event.n) for event in events}
    kinds = {event.type for event in events}

    def of(query: Any) -> Iterator[Any]:
        return (row for stream in streams for row in read.scan(query(stream)) if (row.stream, row.n) in places)

    requests = [
        row for stream in streams for row in read.scan(Requests(stream)) if (row.stream, row.first) in places
    ]
    deals = []
    for stream in streams:
        known = next(iter([*write.scan(DealsByStream(stream))]), None)
        deals += [(row, known.n if known else 0) for row in read.scan(DealsByStream(stream))]
    erased, forgotten = [], []
    for stream in dict.fromkeys(event.stream for event in events if event.type == "privacy.erased"):
        held = {(row.n, row.path) for row in read.scan(Private(stream))}
        erased += [Leaf(*row[:3]) for row in write.scan(Private(stream)) if (row.n, row.path) not in held]
        keys = {row.key for row in read.scan(Requests(stream))}
        forgotten += [(stream, row.key) for row in write.scan(Requests(stream)) if row.key not in keys]
    return Batch(
        events=events,
        private=[*of(Private)],
        deals=deals,
        stays=[row for stream in streams for row in read.scan(Stays(stream))],
        gates=[*of(Gates)],
        activities=[*of(Activities)],
        requests=requests,
        definitions=_lacking(read, write, Definitions()) if "definition.published" in kinds else (),
        directories=_lacking(read, write, Directories()) if "people.published" in kinds else (),
        erased=erased,
        forgotten=forgotten,
    )


def _lacking(read: Tx, write: Tx, query: Query[Any]) -> list[Any]:
    there = {row.sha256 for row in write.scan(query)}
    return [row for row in read.scan(query) if row.sha256 not in there]
