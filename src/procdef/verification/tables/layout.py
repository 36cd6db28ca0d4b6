"""The tables themselves, before anything is read from them: as they are made, and with indexes that hold what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from procdef.errors import StoreError
from procdef.log.irregularity import Irregularity
from procdef.store.inspection_port import Inspection

LARGE = ("event", "leaf")
"""The tables that grow with every event; what is looked up in them is held against their hashes besides."""


def layout_findings(tx: Inspection, leaving_out: Sequence[str] = ()) -> Iterator[Irregularity]:
    """What of the tables is not as procdef makes it, and what an index would tell other than its table (but of those
    ``leaving_out``)."""
    for expected, strange in tx.layout_differences():
        yield Irregularity("layout-differs", "log", 0, expected, strange)
    for stream, expected, strange in tx.index_differences(leaving_out):
        yield Irregularity("index-differs", stream, 0, expected, strange)


def as_far_as_readable(findings: Iterator[Irregularity], seen: Callable[[], int]) -> Iterator[Irregularity]:
    """The findings, the last of which is what ended the reading. That is raised where nothing was found or ``seen``."""
    found = 0
    try:
        for each in findings:
            found += 1
            yield each
    except StoreError as error:
        if not found and not seen():
            raise
        expected = "tables that can be read to their end (the rest was not looked at)"
        yield Irregularity("unreadable", "log", 0, expected, str(error))
