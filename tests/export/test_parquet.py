"""Parquet, read back by the library that wrote it."""

from __future__ import annotations

import builtins
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from awkward import ACTIVITIES, MANAGER, Exporter

from procdef import Engine, StoreError
from procdef.audit.export import parquet as module
from procdef.audit.export.csv import HEAD, NAMED
from procdef.audit.export.exported_events import ExportTally, Selection
from procdef.audit.export.recorded_export import export
from procdef.store.port import Store

needs_pyarrow = pytest.mark.skipif(find_spec("pyarrow") is None, reason="pyarrow is not installed")


@needs_pyarrow
def test_the_columns_are_those_of_the_csv_with_types(exporting: Exporter) -> None:
    from pyarrow import parquet

    path, about = exporting("parquet")
    table = parquet.read_table(path)
    assert table.column_names == list(HEAD)
    assert set(table["concept:name"].to_pylist()) == ACTIVITIES
    assert table.num_rows == about["rows"]
    first = table["time:timestamp"][0].as_py()
    assert first == datetime(2026, 3, 2, 8, 2, 0, 2, tzinfo=UTC)
    assert parquet.read_table(exporting("parquet", personal=True)[0]).column_names == list(NAMED)


@needs_pyarrow
def test_rows_are_written_group_by_group(exporting: Exporter, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import parquet

    monkeypatch.setattr(module, "GROUP", 10)
    path, about = exporting("parquet")
    assert parquet.ParquetFile(path).num_row_groups == -(-about["rows"] // 10)


@needs_pyarrow
def test_a_log_without_deals_is_a_table_without_rows(exporting: Exporter) -> None:
    from pyarrow import parquet

    assert parquet.read_table(exporting("parquet", since="2030-01-01T00:00:00.000000Z")[0]).num_rows == 0


def test_what_to_install_is_said_where_it_is_missing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StoreError, match=r"procdef\[parquet\]"):
        export(Engine(store), "parquet", tmp_path / "x.parquet", Selection(), (), ExportTally(), by=MANAGER)
    assert [path for path in tmp_path.iterdir() if "parquet" in path.name] == []
