"""``python -m benchmarks.version_changes``: what a new version means for a great many open deals, beside a loop that asks of
each deal what is left to do. The program itself is run, so that its memory is its own."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.migrations import BEGAN, MANAGER, PROCESS, SELLER
from procdef import Engine, load, open_store

NEXT = PROCESS.replace("version: 1", "version: 2").replace("30 business days", "20 business days").replace(
    "records: price}\n", "records: price}\n      check: {title: Check the customer, records: contact}\n"
)  # fmt: skip
_KIB = 1024


def steps(deals: int) -> Iterator[dict[str, Any]]:
    """The starts of so many deals, of which every other one has its price."""
    for number in range(deals):
        values = {"contact": f"someone{number}@customer.example"} | ({"price": str(1000 + number)} if number % 2 else {})
        yield {
            "by": f"seller-{number % 100}", "roles": ["seller"], "deal": f"D-{number:07}", "do": "start", "values": values,
            "happened": BEGAN.isoformat(),
        }  # fmt: skip


def made(folder: Path, deals: int) -> Path:
    """A log with so many open deals of version 1, and version 2."""
    first, second, file = folder / "first.yaml", folder / "second.yaml", folder / f"{deals}.db"
    first.write_text(PROCESS, "utf-8")
    second.write_text(NEXT, "utf-8")
    with open_store(file) as store:
        engine = Engine(store)
        assert all(each.status == "applied" for each in engine.run(load(first), steps(deals), by=SELLER))
        engine.publish(load(second), by=MANAGER)
    return file


def looked_at(file: Path, deals: int) -> tuple[float, float, float]:
    """How long ``procdef diff`` takes over all deals, in seconds by the wall's clock and by the processor's, and the most
    memory that it had, in MiB."""
    command = [sys.executable, "-m", "procdef", "--db", str(file), "diff", "renewals@1", "renewals@2", "--format", "json"]
    began, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    took, after = perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert done.stdout.count('"deal": "D-') == deals, done.stdout[-500:]
    return took, worked, after.ru_maxrss / _KIB


def asked_one_by_one(file: Path, deals: int) -> tuple[float, float]:
    """What somebody does who has no such command: ask for each deal what is to be done in it, and compare by hand. How long
    that takes, by both clocks."""
    with open_store(file) as store:
        engine = Engine(store)
        names = [row.name for row, _ in zip(engine.deals(), range(deals), strict=False)]
        began, worked = perf_counter(), process_time()
        assert all(engine.options(name).todo for name in names)
        return perf_counter() - began, process_time() - worked


def main() -> None:
    """Print how long each takes, and how much memory."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--deals", type=int, default=100_000)
    ask.add_argument("--asked", type=int, default=2_000, help="of so many deals it is asked one by one")
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="procdef-version-changes-") as name:
        for deals in (asked.deals // 10, asked.deals):
            file = made(Path(name), deals)
            took, worked, most = looked_at(file, deals)
            said = f"{took:.1f} s, {worked:.1f} s of a processor, at most {most:.0f} MiB"
            print(f"procdef diff over {deals:,} open deals: {said}", flush=True)
        took, worked = asked_one_by_one(file, asked.asked)
        times = asked.deals / asked.asked
        said = f"{took * times:.0f} s for all of them, {worked * times:.0f} s of a processor"
        print(f"what is to be done, asked of {asked.asked:,} deals one by one: {took:.1f} s, so {said}")


if __name__ == "__main__":
    main()
