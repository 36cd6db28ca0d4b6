"""Run a folder of real opportunities twice and hold what comes out against the figures that its README counts.

python .ci/opportunities.py FOLDER PROCDEF WORK   (the folder has README.md and crm-opportunities/to_steps.py)
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from datetime import datetime
from math import isclose
from pathlib import Path
from statistics import mean, median
from typing import Any

from opportunities_forecast import tested

from procdef import open_store
from procdef.store import Stays

PROCESS = Path(__file__).parents[1] / "processes" / "crm-opportunities.yaml"


def counted(readme: str) -> dict[str, list[float]]:
    """The numbers of each row of the table of figures, by the row's name."""
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]*\d[^|]*?) \|$", readme, re.MULTILINE)
    return {name: [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", row)] for name, row in rows}


def answer(procdef: str, db: str, *command: str) -> Any:
    """What a command prints as JSON; a run with refusals ends with 1, and so may only a run."""
    full = [procdef, "--db", db, "--as", "ci:seller", "--format", "json", *command]
    done = subprocess.run(full, capture_output=True, text=True, check=False)
    if done.returncode not in ((0, 1) if command[0] == "run" else (0,)):
        raise SystemExit(f"{' '.join(full)} ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def days_to_win(db: str) -> list[int]:
    """Calendar days from engaging to the close of each won deal."""
    store = open_store(db)
    try:
        with store.transaction(write=False) as tx:
            stays = [stay for stay in tx.scan(Stays()) if stay.stage == "engaging" and stay.how == "advanced"]
    finally:
        store.close()
    return [(_date(str(stay.left_at)) - _date(stay.entered)).days for stay in stays]


def _date(moment: str) -> Any:
    return datetime.fromisoformat(moment).date()


def forecast_differences(forecast: Any, export: Path) -> list[str]:
    """The months of the back-test that are not as counted from the export."""
    counted_months, (currency,) = tested(export), forecast["currencies"]
    found = {month["month"]: month for month in currency["back_test"]["months"]}
    wrong = [] if list(found) == list(counted_months) else [f"{list(counted_months)} expected"]
    for label, of in counted_months.items():
        deals, value = found[label]["deals"], found[label]["value"]
        pairs = [
            (of.deals, deals["forecast"]), (of.came[0], deals["actual"]), (of.naive[0], deals["naive"]),
            (of.value, value["forecast"]), (of.came[1], value["actual"]), (of.naive[1], value["naive"]),
        ]  # fmt: skip
        differ = [(one, other) for one, other in pairs if not isclose(one, float(other), abs_tol=0.006)]
        wrong += [f"{label}: {one} expected, {other} found" for one, other in differ]
    return wrong


def report_differences(procdef: str, db: str, export: Path) -> list[str]:
    """Where the report by product, and by month of the decision, is not as counted from the export."""
    with export.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wrong = []
    for by, group_of in (("product", lambda row: row["product"]), ("month", lambda row: row["close_date"][:7])):
        groups = answer(procdef, db, "report", "--by", by)["groups"]
        for name in sorted({group_of(row) for row in rows} - {""}):
            own = [row for row in rows if group_of(row) == name]
            won, lost = ([row for row in own if row["deal_stage"] == stage] for stage in ("Won", "Lost"))
            values = [int(row["close_value"]) for row in won]
            expected = (len(won), len(lost), sum(values) or None, round(mean(values), 2) if values else None)
            deals, money = groups[name]["deals"], groups[name]["money"]["USD"]
            amounts = [None if money[key] is None else float(money[key]) for key in ("won_value", "mean")]
            found = (deals["won"], deals["lost"], *amounts)
            if expected != found:
                wrong.append(f"{by} {name}: {expected} expected, {found} found")
    return wrong


def main(folder: Path, procdef: str, work: Path) -> None:
    """Compare; ends with a message that names every figure that differs."""
    figures = counted((folder / "README.md").read_text(encoding="utf-8"))
    steps, db = work / "opportunities.jsonl", f"sqlite:///{work / 'opportunities.db'}"
    with steps.open("wb") as file:
        subprocess.run([sys.executable, str(folder / "crm-opportunities" / "to_steps.py")], stdout=file, check=True)
    lines = sum(1 for _ in steps.open("rb"))
    first = answer(procdef, db, "run", str(PROCESS), str(steps), "--keep-going")
    again = answer(procdef, db, "run", str(PROCESS), str(steps), "--keep-going")
    report = answer(procdef, db, "report")
    forecast = answer(procdef, db, "forecast", "--as-of", "2018-01-01")
    verified = answer(procdef, db, "audit", "verify")
    months = forecast_differences(forecast, folder / "crm-opportunities" / "sales_pipeline.csv")
    days = days_to_win(db)
    won_lost_open = next(row for name, row in figures.items() if name.startswith("won / lost / open"))
    rate = next(row for name, row in figures.items() if name.startswith("win rate"))
    spent = next(row for name, row in figures.items() if name.startswith("mean and median days"))
    compared = {
        "steps": (lines, first["steps"]),
        "deals": (figures["deals"][0], first["deals"]),
        "refused steps": (figures["refused steps"][0], first["refused"]),
        "errors": (0, first["errors"]),
        "repeated, refused ones too, when run again": ((lines, 0, 0), (again["repeated"], again["applied"], again["refused"])),
        "won, lost, open": (won_lost_open[:3], [report["deals"][key] for key in ("won", "lost", "open")]),
        "open in each stage": (
            won_lost_open[3:], [report["stages"][stage]["under_way"] for stage in ("prospecting", "engaging")],
        ),
        "groups that differ": ([], report_differences(procdef, db, folder / "crm-opportunities" / "sales_pipeline.csv")),
        "win rate": (rate[-1], float(report["win_rate"]["percent"])),
        "won value": (figures["won value"][0], float(report["money"]["USD"]["won_value"])),
        "mean and median days of won deals": (spent, [round(mean(days), 2), median(days)]),
        "findings of the verification": (0, verified["findings"]),
        "months of the back-test that differ": ([], months),
    }
    wrong = [f"{name}: {expected} expected, {found} found" for name, (expected, found) in compared.items() if expected != found]
    if wrong:
        raise SystemExit("\n".join(wrong))
    sys.stdout.write(f"{lines} steps twice: {len(compared)} figures as counted\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
