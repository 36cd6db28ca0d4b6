"""The tables themselves, before anything is read from them: as they are made, and with indexes that hold what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procdef.audit.verify import Irregularity
from procdef.store.port import Tx

LARGE = ("event", "leaf")
"""The tables that grow with every event; what is looked up in them is held against their hashes besides."""


def misshapen(tx: Tx, leaving_out: Sequence[str] = ()) -> Iterator[Irregularity]:
    """What of the tables is not as procdef makes it, and what an index would tell other than its table (but of those
    ``leaving_out``)."""
    for expected, strange in tx.strange():
        yield Irregularity("layout-differs", "log", 0, expected, strange)
    for stream, expected, strange in tx.unlike_tables(leaving_out):
        yield Irregularity("index-differs", stream, 0, expected, strange)
