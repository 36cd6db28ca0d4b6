"""``procdef audit overrides`` and ``sod``."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from auditing import sheet

if TYPE_CHECKING:
    from conftest import Procdef

JAANA = ("--as", "jaana:manager")


@pytest.fixture
def overruled(office: Procdef) -> Procdef:
    """A deal with a used and an unused waiver, a correction, an unfinished move and a reopening."""
    for step in (
        ("do", "A-1", "research", "company=A", "email=a@a.example", "score=45", "size=big"),
        (*JAANA, "waive", "A-1", "offer.fits", "--reason", "Too early"),
        (*JAANA, "waive", "A-1", "offer.fits", "--reason", "They grow"),
        ("advance", "A-1", "offer"),
        (*JAANA, "waive", "A-1", "decided", "--reason", "Anna signs"),
        (*JAANA, "record", "A-1", "score=46", "--correct", "--reason", "A typing error"),
        ("record", "A-1", "price=10"),
        ("advance", "A-1", "parked", "--reason", "Anna is away"),
        ("lose", "A-1", "price", "--note", "Too dear"),
        (*JAANA, "reopen", "A-1", "--reason", "Anna is back"),
    ):
        code, out, err = office(*step)
        assert code == 0, (step, out, err)
    return office


def test_every_override_has_its_person_and_reason(overruled: Procdef) -> None:
    rows, about = sheet(overruled, "overrides")
    assert [(row["kind"], row["who"]["id"], row["about"], row["reason"]) for row in rows] == [
        ("waiver", "jaana", ["offer.fits"], "Too early"),
        ("waiver", "jaana", ["offer.fits"], "They grow"),
        ("waiver", "jaana", ["offer.decided"], "Anna signs"),
        ("correction", "jaana", ["score"], "A typing error"),
        ("unfinished", "maija", rows[4]["about"], "Anna is away"),
        ("reopening", "jaana", [], "Anna is back"),
    ]
    assert "offer.quote" in rows[4]["about"]
    assert about["totals"]["reopening"] == 1


def test_a_waiver_says_whether_a_move_used_it(overruled: Procdef) -> None:
    rows, about = sheet(overruled, "overrides")
    used = [row["used_by"] for row in rows if row["kind"] == "waiver"]
    assert (used[0], about["totals"]["waiver_used"], about["totals"]["waiver_not_used"]) == (None, 2, 1)
    assert used[1:] == [rows[1]["n"] + 1, rows[4]["n"]]


def test_overrides_are_counted_by_role_and_refused_steps_by_person(overruled: Procdef) -> None:
    assert overruled("--as", "tero:delivery", "start", "office", "Z-1")[0] == 1
    assert overruled("--as", "tero:delivery", "do", "A-1", "nothing")[0] == 1
    assert overruled("lose", "A-1", "bad_luck")[0] == 1
    few, about = sheet(overruled, "overrides")
    assert about["totals"]["overruled_by_role"] == {"manager": 5, "seller": 1}
    rows, about = sheet(overruled, "overrides", "--refused")
    assert about["filter"] == {"refused": True}
    assert (about["totals"]["refused"], about["totals"]["refused_by_person"]) == (3, {"tero": 2, "maija": 1})
    assert about["totals"]["overruled_by_role"] == {"manager": 5, "seller": 1}
    tried = [row for row in rows if row["kind"] == "refused"]
    assert [(row["who"]["id"], row["do"], row["about"]) for row in tried] == [
        ("tero", "do", ["not-declared nothing"]), ("maija", "lose", ["not-declared bad_luck"]),
        ("tero", "start", ["not-yours lead"]),
    ]  # fmt: skip
    assert [row for row in rows if row["kind"] != "refused"] == few
    told = overruled("audit", "overrides", "--refused")[1]
    assert "refused to lose: not-declared bad_luck\n" in told


def test_an_erased_reason_reads_so(overruled: Procdef) -> None:
    assert overruled("erase", "A-1", "--all", "--basis", "request")[0] == 0
    rows, _ = sheet(overruled, "overrides")
    assert {row["reason"] for row in rows} == {"(erased)"}


def test_overrides_are_of_the_period(overruled: Procdef) -> None:
    assert sheet(overruled, "overrides", "--to", "2020-12-31")[0] == []


def test_people_read_the_same_overrides(overruled: Procdef) -> None:
    code, out, _ = overruled("audit", "overrides")
    assert code == 0
    assert "waiver of offer.fits, used by event " in out
    assert "  why: They grow" in out


@pytest.fixture
def worked(office: Procdef) -> Procdef:
    """A deal that kaisa works on, once as a seller and once as a manager."""
    for step in (
        ("do", "A-1", "research", "company=A", "email=a@a.example", "score=65", "size=big"),
        ("advance", "A-1", "offer"),
        ("--as", "kaisa:seller", "record", "A-1", "price=10", "discount=15"),
        ("--as", "kaisa:manager", "waive", "A-1", "decided", "--reason", "Anna signs"),
    ):
        code, out, err = office(*step)
        assert code == 0, (step, out, err)
    return office


def test_people_with_several_roles_are_told(worked: Procdef) -> None:
    rows, about = sheet(worked, "sod")
    (row,) = [row for row in rows if row["kind"] == "several-roles"]
    assert (row["person"], len(row["why"])) == ("kaisa", 2)
    assert about["totals"]["people"] == 2


def test_who_waives_what_they_want_themselves_is_told(worked: Procdef) -> None:
    assert worked("--as", "kaisa:manager", "assign", "A-1", "kaisa")[0] == 0
    for deciders in ("true", "false"):
        worked("--as", "kaisa:seller", "record", "A-1", f'deciders:=[{{"name": "Anna", "signs": {deciders}}}]')
    assert worked("--as", "kaisa:manager", "waive", "A-1", "decided", "--reason", "She will")[0] == 0
    assert worked("--as", "kaisa:seller", "advance", "A-1", "parked", "--reason", "Later")[0] == 0
    rows, about = sheet(worked, "sod")
    (row,) = [row for row in rows if row["kind"] == "same-person"]
    line = (Path("office.yaml").read_text("utf-8").splitlines()).index(
        "      decided: {check: any(deciders where signs), message: Nobody who signs is known, waivable_by: manager}"
    )
    assert (row["person"], row["action"], row["decision"], row["four_eyes"], row["place"]) == (
        "kaisa", "offer.decided", "waive", None, f"office v1, line {line + 1}",
    )  # fmt: skip
    assert row["why"] == ["owns the deal", "recorded deciders", f"moved on it in event {row['n'] + 1}"]
    assert (about["totals"]["waivers"], about["totals"]["found"]["same-person"]) == (2, 1)
    out = " ".join(worked("audit", "sod")[1].split())
    assert "same person: kaisa waived offer.decided and owns the deal, recorded deciders, moved on it" in out


def test_events_are_counted_by_the_weaker_authentication(worked: Procdef) -> None:
    rows, about = sheet(worked, "sod")
    levels = about["totals"]["events_per_level"]
    assert set(levels) == {"claimed", "os", "app", "token", "signed"}
    assert levels["claimed"] > 0
    assert sum(levels.values()) == levels["claimed"]
    assert not [row for row in rows if row["kind"] == "weak-auth"]


def test_a_level_that_is_required_makes_weaker_events_findings(worked: Procdef) -> None:
    assert sheet(worked, "sod", "--require-auth", "claimed")[1]["totals"]["found"]["weak-auth"] == 0
    rows, about = sheet(worked, "sod", "--require-auth", "os", exit_code=1)
    weak = [row for row in rows if row["kind"] == "weak-auth"]
    assert len(weak) == about["totals"]["events_per_level"]["claimed"]
    assert about["filter"] == {"require_auth": "os"}


def test_the_levels_come_to_the_size_of_the_log(worked: Procdef) -> None:
    assert worked("--as", "tero:delivery", "start", "office", "Z-1")[0] == 1
    worked("audit", "export", "--format", "jsonl", "-o", "all.jsonl")
    _, about = sheet(worked, "sod")
    totals = about["totals"]
    levels, size = totals["events_per_level"], about["checkpoint"]["size"]
    assert (sum(levels.values()), totals["events"], totals["tree_size"], totals["difference"]) == (size, size, size, 0)
    events = [json.loads(line) for line in Path("all.jsonl").read_text("utf-8").splitlines()]
    weakest = ("claimed", "os", "app", "token", "signed")
    weaker = (min((e[k]["auth"] for k in ("by", "for") if k in e), key=weakest.index) for e in events)
    assert {level for level in levels if levels[level]} <= {*weakest}
    assert (size, levels["claimed"]) == (len(events) + 1, Counter(weaker)["claimed"] + 1)
    assert totals["people"] == len({(e.get("for") or e["by"])["id"] for e in events})


def test_sod_and_verify_count_the_same_levels(worked: Procdef) -> None:
    assert worked("--as", "tero:delivery", "start", "office", "Z-1")[0] == 1
    worked("audit", "export", "--format", "jsonl", "-o", "all.jsonl")
    counted = sheet(worked, "sod")[1]["totals"]["events_per_level"]
    verified = json.loads(worked("audit", "verify", "--format", "json")[1])["events_per_level"]
    assert counted == verified


def test_what_the_log_tells_of_itself_is_counted_with_its_people(office: Procdef) -> None:
    assert office("erase", "A-1", "--all", "--basis", "request")[0] == 0
    assert office("--as", "tero:seller,delivery", "start", "office", "Z-1", "--stage", "offer")[0] == 1
    rows, about = sheet(office, "sod", "--require-auth", "os", exit_code=1)
    weak = [(row["stream"], row["n"], row["person"]) for row in rows if row["kind"] == "weak-auth"]
    assert [row[2] for row in weak if row[0] == "system"][-1] == "tero"
    assert ("definition:office", 1, "maija") in weak
    assert [row["person"] for row in rows if row["kind"] == "several-roles"] == ["tero"]
    assert len(weak) == about["totals"]["events_per_level"]["claimed"]


def test_levels_of_a_period_and_the_rest_come_to_the_size_of_the_log(worked: Procdef) -> None:
    _, about = sheet(worked, "sod", "--to", "2020-12-31")
    totals = about["totals"]
    assert sum(totals["events_per_level"].values()) == totals["events"] == 0
    assert (totals["events_of_other_times"], totals["difference"]) == (about["checkpoint"]["size"], 0)


def test_an_event_that_no_stream_has_is_told(worked: Procdef) -> None:
    with closing(sqlite3.connect("procdef.db")) as database, database:
        database.execute("DELETE FROM event WHERE stream = 'definition:office'")
    assert sheet(worked, "sod", exit_code=1)[1]["totals"]["difference"] == 1
