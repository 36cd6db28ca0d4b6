"""The rows of a log copied from one store to another, whatever databases the two are in, and held against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, zip_longest
from typing import Any

from procdef.errors import LogBroken, StoreError
from procdef.log.merkle import Frontier
from procdef.store.inspection_port import AllNodes, InspectableStore, Inspection, InspectionQuery, Places
from procdef.store.port import Batch, Conflict, Interrupted, Store, Tx
from procdef.store.queries import (
    Activities,
    DealsByStream,
    Definitions,
    Directories,
    Events,
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
_ELSE = "something else was written to the copy. Remove the copy, and begin it anew"
_TABLES: Sequence[Query[Any]] = (
    Events(),
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
    source.seal()
    target.seal()
    with _alone_in_it(), source.transaction(write=False) as read, target.transaction(write=True) as write:
        begin = write.size
        events = [leaf.event for leaf in read.scan(LogOrder(begin, begin + MOST))]
        if events:
            write.append(_batch(read, write, events))
    target.seal()
    return len(events)


@contextmanager
def _alone_in_it() -> Iterator[None]:
    """Raise what stands in the way of a row as ``LogBroken``: nobody else writes to a copy."""
    try:
        yield
    except Interrupted:
        raise
    except Conflict:
        raise LogBroken(f"the copy has rows that are not those of the log: {_ELSE}") from None


def settle(source: Store, target: Store) -> None:
    """Copy what changed of deals without an event, as when they are to be looked at next, and the signed notes."""
    with _alone_in_it(), source.transaction(write=False) as read, target.transaction(write=True) as write:
        there = {(row.size, row.text) for row in write.scan(Notes())}
        notes = [row for row in read.scan(Notes()) if (row.size, row.text) not in there]
        pairs = zip(read.scan(DealsByStream()), write.scan(DealsByStream()), strict=False)
        deals = [
            (ours, theirs.n)
            for ours, theirs in pairs
            if ours.stream == theirs.stream and _plain(ours) != _plain(theirs)
        ]
        write.append(Batch(deals=deals, notes=notes))


def refuse_unlike_events(source: Store, target: Store, first: int = 0) -> int:
    """Hold the events of the target, from the leaf ``first`` on, against those of the source, byte by byte; how many the target
    has. Raises ``LogBroken`` where one differs."""
    with source.transaction(write=False) as read, target.transaction(write=False) as copied:
        size = copied.size
        pairs = zip_longest(read.scan(LogOrder(first, size)), copied.scan(LogOrder(first, size)))
        for number, (ours, theirs) in enumerate(pairs, first):
            if ours != theirs:
                raise LogBroken(f"event {number} of the copy is not that of the log: {_ELSE}")
    return size


def refuse_unlike(source: InspectableStore, target: InspectableStore) -> None:
    """Hold all that the target has against the source: events, the tree, and every other table. Raises ``LogBroken`` where
    something differs."""
    if not is_like(source, target, strict=True):
        raise LogBroken("the copy lacks events of the log, which was closed; say the same command again")


def is_like(source: InspectableStore, target: InspectableStore, *, strict: bool) -> bool:
    """Whether all that the target has is as in the source; false where the source has more by now, and unless ``strict`` where
    a row of another table than that of events differs, which somebody may have changed since it was copied. Raises
    ``LogBroken`` where something else differs."""
    refuse_unlike_events(source, target)
    with source.transaction(write=False) as read, target.transaction(write=False) as copied:
        if read.log == copied.log and (read.size > copied.size or read.waiting.events):
            return False
        if (read.log, read.size, read.tree.stored) != (copied.log, copied.size, copied.tree.stored):
            raise LogBroken(f"the tree of the copy is not that of the log: {_ELSE}")
        for query in _TABLES:
            for ours, theirs in zip_longest(map(_plain, read.scan(query)), map(_plain, copied.scan(query))):
                if ours != theirs:
                    if not strict:
                        return False
                    what = type(query).__name__.lower()
                    raise LogBroken(f"the copy differs in a row of {what} from the log: {_ELSE}")
    with source.inspect() as whole, target.inspect() as there:
        if whole.size > there.size:
            return False
        for ours, theirs in chain(_pairs(whole, there, Places()), _pairs(whole, there, AllNodes())):
            if ours != theirs:
                raise LogBroken(f"the places of events in the copy are not those of the log: {_ELSE}")
    return True


def _pairs(whole: Inspection, there: Inspection, query: InspectionQuery[Any]) -> Iterator[tuple[Any, Any]]:
    return zip_longest(whole.scan(query), there.scan(query))


def goes_on(source: Store, target: Store) -> bool:
    """Whether the log of the source, which was closed, goes on in the target: the last event of the source, then another."""
    with source.transaction(write=False) as read, target.transaction(write=False) as there:
        size = read.size
        if read.log != there.log or there.size <= size:
            return False
        last, both = [*read.scan(LogOrder(size - 1, size))], [*there.scan(LogOrder(size - 1, size + 1))]
        return both[:1] == last and [leaf.event.type for leaf in both[1:]] == ["log.opened"]


def refuse_not_moved(source: Store, target: Store, size: int) -> None:
    """Look once more at a copy under its name: the last events, the tree and the size that it had before it was named. Raises
    ``LogBroken`` where it is another one."""
    with source.transaction(write=False) as read, target.transaction(write=False) as there:
        tree = Frontier.of(read.size, read.tree.stored)
        for leaf in [*there.scan(LogOrder(read.size, read.size + 1))]:
            tree.add(bytes.fromhex(leaf.hash))
        whole = there.size >= size and (there.size > size or there.tree.stored == tree.stored)
    if not whole or not goes_on(source, target):
        raise LogBroken(f"the copy is not whole under its name: keep both, and restore it from a backup. {_ELSE}")


def refuse_other_layout(target: InspectableStore) -> None:
    """Raise ``LogBroken`` where the tables of the target are not as they are made."""
    with target.inspect() as copied:
        for expected, found in copied.layout_differences():
            raise LogBroken(f"the copy is not as it was made, expected was {expected}, and found {found}: {_ELSE}")
    with target.transaction(write=False) as tx:
        try:
            _ = tx.tree
        except LogBroken:
            raise LogBroken(f"the tree of the copy does not fit its size: {_ELSE}") from None


def refuse_other_log(source: Store, target: Store) -> None:
    """Raise ``StoreError`` where the target is no copy of the source that was begun."""
    with source.transaction(write=False) as read, target.transaction(write=False) as copied:
        if read.log != copied.log:
            place = target.path or "the other store"
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

    requests = [row for stream in streams for row in read.scan(Requests(stream)) if (row.stream, row.first) in places]
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
