"""Memory does not grow with the number of events."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from procdef.audit.export import FORMATS, Exported, Source, ocel_json, parquet

FEW, MANY = 2_000, 20_000
SOURCE = Source("log", 0, "00" * 32, True)


def events(count: int) -> Iterator[Exported]:
    """Ten events a deal."""
    who = {"id": "maija", "roles": ["seller"]}
    time = "2026-01-05T08:00:00.000000Z"
    for number in range(count):
        case, event = f"deal:{number // 10:08}", {"by": who, "data": {"text": "x" * 200, "n": number}}
        yield Exported(
            case, f"step {number % 10}", time, "maija", "seller", "offer", "sales", 1, "deal.noted", time, number % 10,
            f"{number:08}", "ab" * 32, case, event, b"{}",
        )  # fmt: skip


def peak(form: str, count: int, path: Path) -> int:
    path.touch()
    tracemalloc.start()
    FORMATS[form].write(events(count), SOURCE, path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "parquet" or find_spec("pyarrow")])
def test_ten_times_the_events_take_no_more_memory(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP", 500)
    monkeypatch.setattr(ocel_json, "_ASIDE", 10_000)
    peak(form, 10, tmp_path / "first")  # what is imported and cached once is no memory of the export
    few, many = peak(form, FEW, tmp_path / "few"), peak(form, MANY, tmp_path / "many")
    assert many < few * 1.2 + 100_000
