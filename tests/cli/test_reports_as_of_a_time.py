"""``report --as-of``, and what a report on a period that is over tells of its end."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from earlier_layouts import without_activities

SALES = Path(__file__).parents[2] / "processes" / "crm-opportunities.yaml"


def line(deal: str, day: str, do: str, **more: Any) -> str:
    who = {"by": "maija", "roles": ["seller", "manager"]}
    return json.dumps({"deal": deal, "do": do, "happened": f"{day}T09:00:00Z", **who, **more})


LINES = [
    line("A", "2025-07-01", "start", values={"account": "Acme"}),
    line("A", "2025-07-02", "advance"),
    line("A", "2025-07-03", "do", action="offer"),
    line("A", "2025-09-01", "do", action="agree_price", values={"close_value": "130000"}),
    line("A", "2025-09-10", "advance"),
    line("B", "2025-07-05", "start", values={"account": "Beta"}),
    line("B", "2025-09-12", "lose", reason="unknown"),
    line("A", "2025-10-20", "record", values={"close_value": "120000"}),
    line("B", "2025-11-02", "start", values={"account": "Gamma"}).replace('"B"', '"C"'),
]


@pytest.fixture
def sales(procdef, tmp_path):
    shutil.copy(SALES, tmp_path / "sales.yaml")
    (tmp_path / "steps.jsonl").write_text("\n".join(LINES), "utf-8")
    assert procdef("publish", "sales.yaml")[0] == 0
    code, told, complaint = procdef("run", "crm-opportunities", "steps.jsonl")
    assert code == 0, (told, complaint)
    return procdef


QUARTER = ("--from", "2025-07-01", "--to", "2025-09-30")


def test_a_closed_quarter_tells_what_it_was_at_its_end(sales):
    _, shown, _ = sales("report", *QUARTER)
    assert "won value 120000 USD" in shown
    assert "as of the end of the period it was: won value 130000 USD (now 120000)" in " ".join(shown.split())
    _, shown, _ = sales("report", *QUARTER, "--format", "json")
    found = json.loads(shown)
    assert (found["money"]["USD"]["won_value"], found["reported"]["money"]["USD"]["won_value"]) == ("120000", "130000")
    assert found["deals"]["won"] == found["reported"]["deals"]["won"] == 1
    assert found["reported"]["deals"]["under_way"] is None


def test_as_of_the_end_of_the_quarter_it_still_is_what_it_was(sales):
    _, shown, _ = sales("report", *QUARTER, "--as-of", "2025-10-01")
    assert "from 2025-07-01 to 2025-09-30, as of 2025-10-01" in shown
    assert "won value 130000 USD" in shown
    assert "as of the end of the period" not in shown


@pytest.mark.parametrize(
    ("expected", "moment"),
    [
        ((0, 0, 0, 0), "2025-07-01"), ((1, 1, 0, 0), "2025-07-02"), ((2, 2, 0, 0), "2025-09-10"), ((2, 1, 1, 0), "2025-09-11"),
        ((2, 0, 1, 1), "2025-11-01"), ((3, 1, 1, 1), "2025-11-03"), ((3, 1, 1, 1), "2025-11-02T09:00:01Z"),
        ((2, 0, 1, 1), "2025-11-02T09:00:00Z"),
    ],
)  # fmt: skip
def test_what_had_not_happened_yet_is_not_told(expected, moment, sales):
    deals = json.loads(sales("report", "--as-of", moment, "--format", "json")[1])["deals"]
    assert (deals["started"], deals["open"], deals["won"], deals["lost"]) == expected


def test_the_deals_behind_a_figure_are_those_of_then(sales):
    _, shown, _ = sales("report", "--as-of", "2025-10-01", "--deals", "deals.won", "--format", "json")
    deal, about = map(json.loads, shown.splitlines())
    assert (deal["deal"], deal["value"]) == ("A", "130000")
    assert about["about"]["filter"]["as_of"] == "2025-10-01T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("complaint", "moment"), [("has not come yet", "2999-01-01"), ("is no date", "yesterday"), ("is no date", "")]
)
def test_a_time_that_cannot_be_is_told(complaint, moment, sales):
    code, shown, told = sales("report", "--as-of", moment)
    assert (code, shown) == (2, "")
    assert complaint in told


def test_an_earlier_log_that_may_only_be_read_tells_what_it_can(sales, tmp_path):
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as log:
        without_activities(log)
        log.execute("PRAGMA user_version = 3")
        log.commit()
    closed = ("--db", f"sqlite:///{tmp_path / 'procdef.db'}?read_only=yes")
    code, shown, _ = sales(*closed, "report", *QUARTER, "--format", "json")
    found = json.loads(shown)
    assert (code, found["deals"]["won"], found["activity"], found["objections"], found["slippage"]) == (0, 1, None, None, None)
    assert sales(*closed, "report")[0] == 0
    code, shown, told = sales(*closed, "report", "--as-of", "2025-10-01")
    assert (code, shown) == (3, "")
    assert "this log has no activities yet; open it once where its file may be written" in told
    assert sales("report", "--as-of", "2025-10-01")[0] == 0
