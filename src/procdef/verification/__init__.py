"""The log's meaning: what its events come to equals what is stored, and every step was one that its definition allows.

Read stream by stream; no more than one deal is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from procdef.log.irregularity import Irregularity
from procdef.store.inspection_port import Inspection
from procdef.store.port import Events
from procdef.verification.streams import JoinedTables, Tally, Verification
from procdef.verification.tables.layout import misshapen

__all__ = ["Irregularity", "Tally", "verify"]


def verify(tx: Inspection, tally: Tally) -> Iterator[Irregularity]:
    """Everything wrong with a log, its bytes and its meaning, stream by stream; counts into ``tally``."""
    yield from misshapen(tx)
    reader, tables = Verification(tx, tally), JoinedTables(tx)
    yield from reader.definitions()
    for stream, events in groupby(tx.scan(Events()), itemgetter(0)):
        tally.streams += 1
        if str(stream) == stream:
            yield from tables.before(stream)
            yield from reader.stream(stream, events, tables)
        else:
            yield Irregularity("unreadable", str(stream), 0, "the name of a stream", type(stream).__name__)
    if tally.events and not reader.begun:
        yield Irregularity("events-missing", "system", 1, "log.created, with which a log begins", "none")
    yield from tables.order.end()
    yield from tables.before()
    yield from reader.published.end()
