"""``python -m benchmarks``: every measure, as one table."""

from __future__ import annotations

import platform
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks import audited_step, bulk_run, durable_step, verify_log, whole_programs
from benchmarks.rounds import Ratio


def _measured(folder: Path) -> Iterator[Ratio]:
    yield from audited_step.measure()
    yield from durable_step.measure(folder)
    yield from bulk_run.measure(folder)
    yield from verify_log.measure(folder)
    yield from whole_programs.measure()


def main() -> None:
    """Print the table as it goes along, in Markdown."""
    began = perf_counter()
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.machine()}\n")
    print("| work | against | ours, µs | theirs, µs | ratio | aim | |")
    print("|---|---|---:|---:|---:|---:|---|")
    with tempfile.TemporaryDirectory(prefix="procdef-benchmarks-") as folder:
        for found in _measured(Path(folder)):
            verdict = "reached" if found.times <= found.most else "missed"
            times = f"{found.ours * 1e6:.0f} | {found.theirs * 1e6:.0f} | {found.times:.2f}"
            print(f"| {found.work} | {found.against} | {times} | {found.most} | {verdict} |", flush=True)
    print(f"\n{perf_counter() - began:.0f} s in all")


main()
