"""CSV: the five columns of process mining first, then where the event stands in the log, then what happened.

A cell that a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from procdef.audit.export.event import COMPLETE, Exported, Source

HEAD = (
    "case:concept:name", "concept:name", "time:timestamp", "org:resource", "lifecycle:transition",
    "org:role", "stage", "process", "version", "type", "recorded", "n", "id", "hash", "data",
)  # fmt: skip
NAMED = (*HEAD, "deal")
"""The columns where personal values are open: the deal's name is one."""

_FORMULA = frozenset("=+-@\t\r")


def csv_lines(events: Iterable[Exported], source: Source) -> Iterator[bytes]:
    """The file, line by line (RFC 4180). Put together here, it takes half the time of ``csv.writer``."""
    yield (",".join(NAMED if source.personal else HEAD) + "\r\n").encode()
    for e in events:
        data = e.data.replace('"', '""')
        name = "" if e.name is None else f",{cell(e.name)}"
        yield (
            f"{e.case},{often(e.activity)},{e.time},{often(e.resource)},{COMPLETE},{often(e.role)},{often(e.stage)},"
            f'{often(e.process)},{e.version},{often(e.type)},{e.recorded},{e.n},{e.id},{e.hash},"{data}"{name}\r\n'
        ).encode()


def cell(text: str) -> str:
    """The text as a cell: quoted where it must be, with an apostrophe before what a spreadsheet would work out."""
    if text[:1] in _FORMULA:
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in '",\r\n') else text


often = lru_cache(maxsize=4096)(cell)
"""The same, for texts that come again and again."""
