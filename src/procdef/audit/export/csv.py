"""CSV: the five columns of process mining first, then where the event stands in the log, then what happened.

A cell that a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from procdef.audit.export.event import COMPLETE, Exported, Source

HEAD = (
    "case:concept:name", "concept:name", "time:timestamp", "org:resource", "lifecycle:transition",
    "org:role", "stage", "process", "version", "type", "recorded", "n", "id", "hash", "data",
)  # fmt: skip
NAMED = (*HEAD, "deal")
"""The columns where personal values are open: the deal's name is one."""

_FORMULA = frozenset("=+-@\t\r")
_BEAT = 1000


def csv_lines(events: Iterable[Exported], source: Source) -> Iterator[bytes]:
    """The file, some thousand lines at a time."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(NAMED if source.personal else HEAD)
    for count, e in enumerate(events, 1):
        cells: list[object] = [
            e.case, safe(e.activity), e.time, safe(e.resource), COMPLETE, safe(e.role), e.stage, e.process,
            e.version, e.type, e.recorded, e.n, e.id, e.hash, e.data,
        ]  # fmt: skip
        if source.personal:
            cells.append(safe(e.name or ""))
        writer.writerow(cells)
        if count % _BEAT == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def safe(cell: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would work out."""
    return f"'{cell}" if cell[:1] in _FORMULA else cell
