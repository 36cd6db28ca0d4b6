"""``python -m benchmarks.million_deals [--keep FOLDER] [DEALS]``: reports over a million deals, beside pandas and pm4py.

The engine makes the log in batches; with ``--keep`` it and its CSV export stay in that folder for the next run. Every
program runs by itself, so that its time and its peak of memory are nobody else's. pandas and pm4py read the CSV export and
work out the same funnel, times in stage, results and refusals. pm4py is under the AGPL: it runs where ``PROCDEF_PM4PY``
names an interpreter that has it, and pandas by ``PROCDEF_PANDAS`` or the same interpreter.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.big_log import Cost, count, watched
from benchmarks.funnel import PROCESS, steps
from procdef import Actor, Engine
from procdef.language import load_source
from procdef.store import open_store

DEALS = 1_000_000
BATCH = 5000
"""Steps in one transaction of the run that makes the log."""
COMMANDS = (
    ("report", "funnel", "--format", "json"),
    ("report", "funnel", "--last", "quarter", "--format", "json"),
    ("report", "funnel", "--by", "owner", "--format", "json"),
    ("forecast", "funnel", "--format", "json"),
    ("diagram", "funnel", "--counts", "-o", "{aside}/funnel.svg", "--force"),
)

_READ = """
import json, sys, pandas
columns = ["case:concept:name", "concept:name", "time:timestamp", "stage", "type", "n", "data"]
told = pandas.read_csv(sys.argv[1], usecols=columns)
told["time:timestamp"] = pandas.to_datetime(told["time:timestamp"], format="ISO8601", utc=True)
"""

_PANDAS = (
    _READ
    + """
case, moves = "case:concept:name", told[told["type"].isin(["stage.advanced", "stage.returned", "deal.lost"])]
began = told[told["type"] == "deal.started"]
counts = {kind: int((told["type"] == kind).sum()) for kind in ("deal.started", "deal.won", "deal.lost")}
stays = told[told["type"].isin(["deal.started", "stage.advanced", "stage.returned", "deal.lost"])].sort_values([case, "n"])
stays["entered"] = stays.groupby(case)["time:timestamp"].shift()
ended = stays[stays["type"] != "deal.started"]
days = (ended["time:timestamp"] - ended["entered"]).dt.total_seconds() / 86400
times = days.groupby(ended["stage"]).agg(["count", "median", "mean", lambda d: d.quantile(0.9, interpolation="higher")])
ways = moves.groupby(["stage", "type"]).size()
refused = told[told["type"] == "step.refused"]
unmet = refused["data"].map(lambda text: json.loads(text)["unmet"][0]["code"]).value_counts()
offers = told[told["type"] == "action.completed"].groupby(case)["time:timestamp"].min()
won = told[told["type"] == "deal.won"].set_index(case)["time:timestamp"]
cycle = (won - began.set_index(case)["time:timestamp"].reindex(won.index)).dt.total_seconds().median() / 86400
reasons = moves[moves["type"] == "deal.lost"]["data"].map(lambda text: json.loads(text)["reason"]).value_counts()
prices = told[told["type"] == "deal.recorded"]["data"].map(json.loads).map(lambda data: data["values"].get("price"))
prices = prices.astype(float).dropna().groupby(told[case].reindex(prices.index)).last()
print(counts, times, ways, unmet, reasons, cycle, prices.reindex(won.index).sum(), sep="\\n")
"""
)

_PM4PY = (
    _READ
    + """
import pm4py
log = pm4py.format_dataframe(told, case_id="case:concept:name", activity_key="concept:name", timestamp_key="time:timestamp")
print(pm4py.get_start_activities(log), pm4py.get_end_activities(log))
performance, starts, ends = pm4py.discover_performance_dfg(log)
print({pair: (found["median"], found["mean"]) for pair, found in performance.items()})
durations = pm4py.get_all_case_durations(log)
print(sorted(durations)[len(durations) // 2] / 86400, log["concept:name"].value_counts())
"""
)


def grow(file: Path, deals: int) -> None:
    """A log of at least so many deals; where the file holds some already, it grows on."""
    with closing(open_store(f"sqlite:///{file}?synchronous=NORMAL")) as store:
        definition, first = load_source(PROCESS.encode(), "funnel.yaml"), count(file, "deal")
        told = steps(max(0, deals - first), first)
        for result in Engine(store).run(definition, told, by=Actor("migration"), batch=BATCH):
            assert result.status in ("applied", "refused"), result.message


def programs(file: Path, table: Path, aside: Path) -> Iterator[tuple[str, Cost]]:
    """Everything that is measured, with its cost."""
    for arguments in COMMANDS:
        given = [argument.format(aside=aside) for argument in arguments]
        command = [sys.executable, "-m", "procdef", *given, "--db", f"sqlite:///{file}", "--quiet"]
        yield f"procdef {' '.join(arguments[:4] if arguments[2] != '--format' else arguments[:2])}", watched(command)
    pm4py = os.environ.get("PROCDEF_PM4PY")
    for name, python, script in (
        ("pandas, from the CSV export", os.environ.get("PROCDEF_PANDAS", pm4py), _PANDAS),
        ("pm4py, from the CSV export", pm4py, _PM4PY),
    ):
        if python:
            yield name, watched([python, "-c", script, str(table)])


def main(deals: int, folder: Path) -> None:
    """Print the table as it goes along, in Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    file, table = folder / f"{deals}.db", folder / f"{deals}.csv"
    grow(file, deals)
    if not table.exists():
        export = ["audit", "export", "--format", "csv", "-o", str(table), "--db", f"sqlite:///{file}", "--quiet"]
        subprocess.run([sys.executable, "-m", "procdef", *export], check=True, stdout=subprocess.DEVNULL)
    print(f"{count(file, 'deal'):,} deals, {count(file, 'leaf'):,} events, {count(file, 'stay'):,} visits\n")
    print("| program | seconds | of the processor | peak, MiB |\n|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="procdef-benchmarks-") as aside:
        for name, cost in programs(file, table, Path(aside)):
            print(f"| {name} | {cost.wall:,.1f} | {cost.busy:,.1f} | {cost.peak} |", flush=True)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m benchmarks.million_deals", description=__doc__)
    asked.add_argument("deals", nargs="?", type=int, default=DEALS, metavar="DEALS")
    asked.add_argument("--keep", type=Path, metavar="FOLDER", help="where the log and its export stay for the next run")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="procdef-benchmarks-") as made:
        main(given.deals, given.keep or Path(made))
