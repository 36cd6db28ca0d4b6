"""What leaves the log for other tools, one file a format: from a stream of events to a file of that format.

The formats read no database. Each takes the events of one deal after the other, and holds no more than a few at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from procdef.audit.export.csv import csv_lines
from procdef.audit.export.event import Exported, Source
from procdef.audit.export.jsonl import json_lines
from procdef.audit.export.ocel_json import write_ocel_json
from procdef.audit.export.ocel_sqlite import write_ocel_sqlite
from procdef.audit.export.parquet import write_parquet
from procdef.audit.export.xes import xes_lines

__all__ = ["FORMATS", "Exported", "Format", "Source"]

Write = Callable[[Iterable[Exported], Source, Path], None]
Lines = Callable[[Iterable[Exported], Source], Iterator[bytes]]

_BUFFER = 1 << 20


class Format(NamedTuple):
    """``write`` fills an empty file; ``asides``: the events that belong to no deal are told too."""

    write: Write
    asides: bool = False


def _lines(make: Lines) -> Write:
    def write(events: Iterable[Exported], source: Source, path: Path) -> None:
        with path.open("wb", buffering=_BUFFER) as file:
            file.writelines(make(events, source))

    return write


def _ocel_json(events: Iterable[Exported], source: Source, path: Path) -> None:
    with path.open("wb", buffering=_BUFFER) as file:
        write_ocel_json(events, source, file)


FORMATS: Mapping[str, Format] = {
    "xes": Format(_lines(xes_lines)),
    "ocel-json": Format(_ocel_json),
    "ocel-sqlite": Format(write_ocel_sqlite),
    "csv": Format(_lines(csv_lines)),
    "jsonl": Format(_lines(json_lines), asides=True),
    "parquet": Format(write_parquet),
}
"""By the name that the command line takes."""
