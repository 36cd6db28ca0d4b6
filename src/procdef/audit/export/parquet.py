"""Parquet: the columns of the CSV with types of their own, a row group after the other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from procdef.audit.export.event import COMPLETE, Exported, Source
from procdef.errors import StoreError

GROUP = 20_000
"""Rows of a group: what is in memory at once."""


def write_parquet(events: Iterable[Exported], source: Source, path: Path) -> None:
    """Fill an empty file. Raises ``StoreError`` where pyarrow is not installed."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        raise StoreError("Parquet needs pyarrow; install it with: pip install 'procdef[parquet]'") from None
    schema = _schema(arrow, source.personal)
    rest = iter(events)
    with path.open("wb") as file, parquet.ParquetWriter(file, schema) as writer:
        while rows := [_row(e, source.personal) for e in islice(rest, GROUP)]:
            columns = zip(*rows, strict=True)
            arrays = [arrow.array(column, of.type) for column, of in zip(columns, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))


def _schema(arrow: Any, personal: bool) -> Any:
    text, time, often = arrow.string(), arrow.timestamp("us", "UTC"), arrow.dictionary(arrow.int32(), arrow.string())
    columns = [
        ("case:concept:name", often), ("concept:name", often), ("time:timestamp", time), ("org:resource", often),
        ("lifecycle:transition", often), ("org:role", often), ("stage", often), ("process", often),
        ("version", arrow.int64()), ("type", often), ("recorded", time), ("n", arrow.int64()), ("id", text),
        ("hash", text), ("data", text),
    ]  # fmt: skip
    return arrow.schema([*columns, *([("deal", often)] if personal else [])])


def _row(e: Exported, personal: bool) -> tuple[object, ...]:
    when, recorded = datetime.fromisoformat(e.time), datetime.fromisoformat(e.recorded)
    row = (
        e.case, e.activity, when, e.resource, COMPLETE, e.role, e.stage, e.process, e.version, e.type, recorded, e.n,
        e.id, e.hash, e.data,
    )  # fmt: skip
    return (*row, e.name) if personal else row
