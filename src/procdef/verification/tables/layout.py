"""The tables themselves, checked before they are read: they have the layout that procdef makes, and their indexes agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from procdef.errors import StoreError
from procdef.log.irregularity import Irregularity
from procdef.store.inspection_port import Inspection

LARGE = ("event", "leaf")
"""The tables that grow with every event; what is looked up in them is checked by its hash as well."""


def layout_findings(tx: Inspection, leaving_out: Sequence[str] = ()) -> Iterator[Irregularity]:
    """Where the tables differ from what procdef makes, and where an index differs from its table. The indexes of the tables
    in ``leaving_out`` are not looked at."""
    for expected, strange in tx.layout_differences():
        yield Irregularity("layout-differs", "log", 0, expected, strange)
    for stream, expected, strange in tx.index_differences(leaving_out):
        yield Irregularity("index-differs", stream, 0, expected, strange)


def as_far_as_readable(findings: Iterator[Irregularity], seen: Callable[[], int]) -> Iterator[Irregularity]:
    """The findings, and as the last one the error that ended the reading; it is raised instead where nothing was found and
    ``seen`` returns 0."""
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
