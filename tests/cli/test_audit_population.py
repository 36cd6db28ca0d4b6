"""``procdef audit population`` and ``sample``."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from auditing import sheet

if TYPE_CHECKING:
    from conftest import Procdef


@pytest.fixture
def busy(office: Procdef, tmp_path: Path) -> Procdef:
    """Six deals: one live, and five from an import, of which one is lost; and a refused start."""
    step = {"by": "maija", "roles": ["seller"]}
    lines = [{**step, "happened": f"2026-01-0{k}T08:00:00Z", "deal": f"I-{k}", "do": "start"} for k in range(1, 6)]
    lines.append(
        {**step, "happened": "2026-02-01T08:00:00Z", "deal": "I-5", "do": "lose", "reason": "price", "note": "x"}
    )
    (tmp_path / "steps.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert office("run", "office.yaml", "steps.jsonl")[0] == 0
    assert office("--as", "tero:delivery", "start", "office", "Z-1")[0] == 1
    return office


def test_every_deal_is_there_and_all_leaves_are_accounted_for(busy: Procdef) -> None:
    rows, about = sheet(busy, "population")
    totals = about["totals"]
    assert [row["stream"] for row in rows] == sorted(row["stream"] for row in rows)
    assert (len(rows), totals["deals"], totals["events"]) == (6, 6, 7)
    assert totals["outcomes_now"] == {"lost": 1, "open": 5}
    assert totals["versions"] == {"office v1": 6}
    assert totals["events"] + totals["events_of_other_streams"] == about["checkpoint"]["size"] == totals["tree_size"]
    assert totals["difference"] == 0


def test_a_deal_is_of_the_period_in_which_something_of_it_happened(busy: Procdef) -> None:
    rows, about = sheet(busy, "population", "--from", "2026-02-01", "--to", "2026-02-01")
    (row,) = rows
    assert (row["started"], row["outcome"], row["events"], row["in_period"]) == (
        "2026-01-05T08:00:00.000000Z", "lost", 2, 1,
    )  # fmt: skip
    assert about["filter"] == {"from": "2026-02-01T00:00:00.000000Z", "to": "2026-02-02T00:00:00.000000Z"}
    totals = about["totals"]
    assert (totals["other_deals"], totals["events_of_other_deals"], totals["difference"]) == (5, 5, 0)


def test_events_by_type_come_to_the_tree_and_starts_to_the_deals(busy: Procdef) -> None:
    for given in ((), ("--from", "2026-02-01", "--to", "2026-02-01")):
        totals = sheet(busy, "population", *given)[1]["totals"]
        assert totals["whole_log_by_type"] == {
            "deal.lost": 1, "deal.started": 6, "definition.published": 1, "log.created": 1, "step.refused": 1,
        }  # fmt: skip
        assert sum(totals["whole_log_by_type"].values()) == totals["tree_size"] - totals["difference"]
        assert totals["deals"] + totals["other_deals"] == totals["deals_started"] == 6


def test_what_happened_in_the_period_is_counted_and_what_was_entered_long_after(busy: Procdef) -> None:
    totals = sheet(busy, "population")[1]["totals"]
    assert totals["happened_in_the_period"] == {"started": 6, "won": 0, "lost": 1, "reopened": 0}
    assert totals["entered_more_than_a_day_after"] == {"deals": 5, "events": 6}
    rows, about = sheet(busy, "population", "--from", "2026-01-05", "--to", "2026-01-31")
    assert [(row["outcome"], row["in_period"], row["late"]) for row in rows] == [("lost", 1, 1)]
    assert about["totals"]["outcomes_now"] == {"lost": 1}
    assert about["totals"]["happened_in_the_period"] == {"started": 1, "won": 0, "lost": 0, "reopened": 0}
    assert "1 event, 1 entered late\n" in busy("audit", "population", "--to", "2026-01-01")[1]


def test_a_row_that_hides_what_came_of_a_deal_is_told(busy: Procdef) -> None:
    with closing(sqlite3.connect("procdef.db")) as database, database:
        database.execute("UPDATE deal SET outcome = 'open' WHERE outcome = 'lost'")
    code, _, err = busy("audit", "population")
    assert (code, "says another stage or outcome than its events" in err) == (1, True)


@pytest.mark.parametrize("question", ["population", "overrides", "sod", "replay"])
def test_a_question_is_not_answered_from_an_event_that_was_changed(question: str, busy: Procdef) -> None:
    with closing(sqlite3.connect("procdef.db")) as database, database:
        database.execute("UPDATE event SET body = CAST(replace(body, 'price', 'bribe') AS BLOB) WHERE type = 'deal.lost'")
    code, _, err = busy("audit", question)
    assert (code, "event 2 was changed" in err) == (1, True)


def test_a_deal_without_its_start_is_told(busy: Procdef) -> None:
    with closing(sqlite3.connect("procdef.db")) as database, database:
        database.execute("UPDATE event SET type = 'deal.noted' WHERE type = 'deal.started' AND rowid % 2")
    totals = sheet(busy, "population", exit_code=1)[1]["totals"]
    assert totals["difference"] == 0
    assert totals["deals_started"] < totals["deals"]


def test_a_leaf_that_no_stream_has_is_told(busy: Procdef) -> None:
    with closing(sqlite3.connect("procdef.db")) as database, database:
        database.execute("DELETE FROM event WHERE stream = 'system' AND n = 2")
    _, about = sheet(busy, "population", exit_code=1)
    assert about["totals"]["difference"] == 1


def test_a_deal_that_was_taken_out_is_told(busy: Procdef) -> None:
    with closing(sqlite3.connect("procdef.db")) as database, database:
        database.execute("DELETE FROM deal WHERE key = 'A-1'")
    code, _, err = busy("audit", "population")
    assert (code, "or the deal before it, has no row or no events" in err) == (1, True), err


def test_people_read_the_same_population(busy: Procdef) -> None:
    code, out, _ = busy("audit", "population")
    assert code == 0
    assert out.count("office v1  started 2026-01-0") == 5
    assert "difference: 0\n" in out
    assert "outcomes now: lost 1, open 5\n" in out


def test_a_sample_can_be_drawn_again_without_procdef(busy: Procdef) -> None:
    members, whole = sheet(busy, "population")
    rows, about = sheet(busy, "sample", "-n", "3", "--seed", "2026/Q1")
    draws = sorted((hashlib.sha256(b"2026/Q1" + m["stream"].encode()).hexdigest(), m["stream"]) for m in members)
    assert [(row["draw"], row["stream"]) for row in rows] == draws[:3]
    assert [row["place"] for row in rows] == [1, 2, 3]
    assert about["filter"] == {"n": 3, "seed": "2026/Q1"}
    assert about["totals"]["population_sha256"] == whole["sha256"]


def test_a_larger_sample_begins_with_a_smaller_and_no_sample_is_larger_than_the_population(busy: Procdef) -> None:
    small, _ = sheet(busy, "sample", "-n", "2", "--seed", "S")
    large, _ = sheet(busy, "sample", "-n", "25", "--seed", "S")
    assert (large[:2], len(large)) == (small, 6)


def test_another_seed_draws_another_sample(busy: Procdef) -> None:
    orders = {tuple(row["stream"] for row in sheet(busy, "sample", "--seed", seed)[0]) for seed in "ABCD"}
    assert len(orders) > 1


def test_a_sample_is_of_the_period(busy: Procdef) -> None:
    rows, about = sheet(busy, "sample", "--seed", "S", "--to", "2026-01-03")
    assert (len(rows), about["totals"]["deals"]) == (3, 3)


@pytest.mark.parametrize("command", ["population", "sample", "overrides", "sod", "erasures", "export"])
def test_a_period_that_ends_before_it_begins_is_no_empty_answer(command: str, busy: Procdef) -> None:
    more = {"sample": ("--seed", "S"), "export": ("--format", "csv", "-o", "x.csv")}.get(command, ())
    code, out, err = busy("audit", command, "--from", "2026-02-02", "--to", "2026-02-01", *more)
    assert (code, out) == (2, "")
    assert "the period ends before it begins" in err
