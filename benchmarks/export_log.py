"""``python -m benchmarks.export_log [EVENTS ...]``: how fast a log is exported, and in how much memory, at two sizes.

Every export is a program of its own, so that its peak of memory is nobody else's. Beside it stands a loop over the same
bodies that only reads them as JSON: its speed says how busy the machine was.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.ring import PROCESS, SELLER, imported
from procdef import Engine
from procdef.audit.export import FORMATS
from procdef.audit.export.exported_events import ExportTally, Selection
from procdef.audit.export.recorded_export import export
from procdef.language import load_source
from procdef.store import open_store

SIZES = (10_000, 200_000)


def write(file: Path, events: int) -> None:
    """A log of about so many events."""
    store = open_store(f"sqlite:///{file}?synchronous=NORMAL")
    steps = islice(imported(events), events)
    for result in Engine(store).run(load_source(PROCESS.encode(), "ring.yaml"), steps, by=SELLER, batch=2000):
        assert result.status == "applied", result.message
    store.close()


def one(file: str, form: str) -> None:
    """Export in this process, and print what it took."""
    connection = sqlite3.connect(file)
    began = process_time()
    bodies = 0
    for (body,) in connection.execute("SELECT body FROM event LIMIT 10000"):
        json.loads(body)
        bodies += 1
    bare = bodies / (process_time() - began)
    tally, engine = ExportTally(), Engine(open_store(f"sqlite:///{file}"))
    wall, busy = perf_counter(), process_time()
    export(engine, form, Path(file).with_suffix(".out"), Selection(), (), tally, by=SELLER)
    wall, busy = perf_counter() - wall, process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"| {form} | {tally.rows:,} | {tally.rows / busy:,.0f} | {tally.rows / wall:,.0f} | {bare:,.0f} | {peak} |")


def main(sizes: tuple[int, ...]) -> None:
    """Print the table."""
    print("| format | events | events/s of processor time | events/s | json.loads/s alone | peak, MiB |")
    print("|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="procdef-benchmarks-") as folder:
        for size in sizes:
            write(Path(folder) / f"{size}.db", size)
        for form in FORMATS:
            for size in sizes:
                command = [sys.executable, "-m", "benchmarks.export_log", "--one", f"{folder}/{size}.db", form]
                print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        main(tuple(map(int, sys.argv[1:])) or SIZES)
