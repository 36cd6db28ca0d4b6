"""The rows of a log copied from one store to another, whatever databases the two are in, and held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import zip_longest
from typing import Any, NamedTuple

from procdef.errors import LogBroken, StoreError
from procdef.log.merkle import Frontier
from procdef.store.inspection_port import AllNodes, InspectableStore, Places
from procdef.store.port import Batch, Conflict, Interrupted, LogReading, Store, Tx
from procdef.store.queries import (
    Activities,
    DealsByStream,
    Definitions,
    Directories,
    Events,
    Gates,
    Hashes,
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
_OF_STREAMS: Sequence[Query[Any]] = (Events(), Private(), Stays(), Gates(), Activities(), Requests())
"""The rows that belong to a stream, those of deals aside."""
_OF_LOG: Sequence[Query[Any]] = (Definitions(), Directories(), Notes())
"""Those that belong to the log as a whole, which are few."""


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


def refuse_other_end(source: Store, target: Store) -> None:
    """Raise ``LogBroken`` where the last event of the target is not the one at its place in the source, and so nothing may be
    written there."""
    with source.transaction(write=False) as read, target.transaction(write=False) as copied:
        size = copied.size
        if size and [*read.scan(LogOrder(size - 1, size))] != [*copied.scan(LogOrder(size - 1, size))]:
            raise LogBroken(f"the copy does not end with an event of the log: {_ELSE}")


def settle(source: Store, target: Store, streams: Iterable[str | None] = (None,)) -> None:
    """Copy what changed of deals without an event, as when they are to be looked at next, and the signed notes: of the deals of
    these streams, or of all."""
    with _alone_in_it(), source.transaction(write=False) as read, target.transaction(write=True) as write:
        there = {(row.size, row.text) for row in write.scan(Notes())}
        notes = [row for row in read.scan(Notes()) if (row.size, row.text) not in there]
        queries = [DealsByStream(stream) for stream in streams]
        pairs = (pair for query in queries for pair in zip(read.scan(query), write.scan(query), strict=False))
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


class Held(NamedTuple):
    """What of a copy was held against its log: so many events, with all rows but those of the ``streams`` that changed in the
    log since they were copied."""

    size: int
    streams: frozenset[str]


def hold(source: InspectableStore, target: InspectableStore) -> Held:
    """Hold all that the target has against the source, to which others may write meanwhile: events, the tree, and every other
    table. Raises ``LogBroken`` where something differs that nothing later in the source accounts for."""
    refuse_unlike_events(source, target)
    with source.inspect() as read, target.inspect() as copied:
        size = copied.size
        grown = read.tree if read.size == size else _tree(copied)
        if (read.log, grown.size, grown.stored) != (copied.log, size, copied.tree.stored) or read.size < size:
            raise LogBroken(f"the tree of the copy is not that of the log: {_ELSE}")
        later = frozenset(place.stream for place in read.scan(Places()) if place.idx >= size)
        for query in _OF_STREAMS:
            _refuse_unlike_rows(query, _without(later, read.scan(query)), _without(later, copied.scan(query)))
        for query in _OF_LOG:
            if not {*copied.scan(query)} <= {*read.scan(query)}:
                raise _differs(query)
        timed = _timed(_without(later, read.scan(DealsByStream())), _without(later, copied.scan(DealsByStream())))
        places = ((place for place in tx.scan(Places()) if place.idx < size) for tx in (read, copied))
        nodes = ((node for node in tx.scan(AllNodes()) if (node.idx + 1) << node.level <= size) for tx in (read, copied))
        if any(ours != theirs for pair in (places, nodes) for ours, theirs in zip_longest(*pair)):
            raise LogBroken(f"the places of events in the copy are not those of the log: {_ELSE}")
    return Held(size, later | timed)


def refuse_unlike(source: Store, target: Store, held: Held) -> None:
    """Hold what a copy got since it was held against the log, which is closed now: it is to have all of that. Raises
    ``LogBroken`` where something differs."""
    refuse_unlike_events(source, target, held.size)
    with source.transaction(write=False) as read, target.transaction(write=False) as copied:
        if copied.size < read.size or read.waiting.events:
            raise LogBroken("the copy lacks events of the log, which was closed; say the same command again")
        if (read.size, read.tree.stored) != (copied.size, copied.tree.stored):
            raise LogBroken(f"the tree of the copy is not that of the log: {_ELSE}")
        streams = {leaf.event.stream for leaf in read.scan(LogOrder(held.size, read.size))} | held.streams
        for query in (*_OF_STREAMS, DealsByStream()):
            for stream in streams:
                one = replace(query, stream=stream)  # type: ignore[type-var]
                _refuse_unlike_rows(query, read.scan(one), copied.scan(one))
        for query in _OF_LOG:
            _refuse_unlike_rows(query, read.scan(query), copied.scan(query))


def _tree(tx: LogReading) -> Frontier:
    """The tree as the leaves come to it."""
    tree = Frontier()
    for digest in tx.scan(Hashes()):
        tree.add(bytes.fromhex(digest))
    return tree


def _without(streams: frozenset[str], rows: Iterable[Any]) -> Iterator[Any]:
    return (row for row in rows if row.stream not in streams)


def _refuse_unlike_rows(query: Query[Any], ours: Iterable[Any], theirs: Iterable[Any]) -> None:
    if any(one != other for one, other in zip_longest(map(_plain, ours), map(_plain, theirs))):
        raise _differs(query)


def _timed(ours: Iterable[DealRow], theirs: Iterable[DealRow]) -> frozenset[str]:
    """The streams of deals that differ only in when they are to be looked at, which a tick corrects without an event. Raises
    ``LogBroken`` where anything else differs."""
    timed = set()
    for one, other in zip_longest(ours, theirs):
        if one is None or other is None:
            raise _differs(DealsByStream())
        if _plain(one) != _plain(other):
            if _plain(one._replace(wake=other.wake, deadline=other.deadline)) != _plain(other):
                raise _differs(DealsByStream())
            timed.add(one.stream)
    return frozenset(timed)


def _differs(query: Query[Any]) -> LogBroken:
    return LogBroken(f"the copy differs in a row of {type(query).__name__.lower()} from the log: {_ELSE}")


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
