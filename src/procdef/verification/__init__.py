"""Whether a log is what its format, its definitions and its own events allow. Nothing of what wrote it is used.

``verify`` goes through the log in this order, stream by stream, with no more than one deal in memory:

1. ``tables``: the tables themselves are as their layout makes them, and their indexes hold what they hold;
2. ``published_definitions``: the stored definitions are read;
3. ``streams``, for each stream: its bytes (``bytes``: canonical form, hashes, chain, commitments, places in the log); whether
   each event was allowed on the deal as it was then (``deal_history``, ``legality``); and whether the rows that are made from
   the events say what the events say (``projections``);
4. what only the whole log tells: places without an event, rows without a stream, definitions that no event published.

``tree.whole_tree`` then holds the Merkle tree, the keys and the notes against the leaves. ``since_note`` does all of this
for what came after a note. ``finding_meanings`` tells what each finding may mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from procdef.log.irregularity import Irregularity
from procdef.store.inspection_port import Inspection
from procdef.store.queries import Events
from procdef.verification.streams import JoinedTables, StreamVerification, Tally
from procdef.verification.tables.layout import layout_findings

__all__ = ["Irregularity", "Tally", "verify"]


def verify(tx: Inspection, tally: Tally) -> Iterator[Irregularity]:
    """Everything wrong with a log but its tree, stream by stream; counts into ``tally``."""
    yield from layout_findings(tx)
    streams, tables = StreamVerification(tx, tally), JoinedTables(tx)
    yield from streams.definitions()
    for stream, events in groupby(tx.scan(Events()), itemgetter(0)):
        tally.streams += 1
        if str(stream) == stream:
            yield from tables.before(stream)
            yield from streams.stream(stream, events, tables)
        else:
            yield Irregularity("unreadable", str(stream), 0, "the name of a stream", type(stream).__name__)
    if tally.events and not streams.begun:
        yield Irregularity("events-missing", "system", 1, "log.created, with which a log begins", "none")
    yield from tables.order.end()
    yield from tables.before()
    yield from streams.published.end()
    yield from streams.directories.end()
    yield from streams.retimings.end()
