"""``procdef simulate`` as people use it: the same seed gives the same log, and what is wrong is told in one message."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Procdef = Callable[..., tuple[int, str, str]]
FEW = ("simulate", "crm-opportunities", "--deals", "25", "--runs", "1", "--quiet")


def test_the_same_seed_gives_the_same_log_byte_for_byte_and_it_verifies(procdef: Procdef, tmp_path: Path) -> None:
    for name in ("a.db", "b.db"):
        assert procdef(*FEW, "--out", name)[0] == 0
    assert procdef(*FEW, "--out", "other.db", "--seed", "1")[0] == 0
    assert (tmp_path / "a.db").read_bytes() == (tmp_path / "b.db").read_bytes()
    assert (tmp_path / "a.db").read_bytes() != (tmp_path / "other.db").read_bytes()
    code, shown, _ = procdef("--db", "a.db", "audit", "verify")
    assert (code, "0 findings" in shown) == (0, True)
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith(".")) == []


def test_a_log_that_there_is_is_never_written_to(procdef: Procdef, tmp_path: Path) -> None:
    (tmp_path / "there.db").write_text("mine")
    code, _, complaint = procdef(*FEW, "--out", "there.db")
    assert code == 2
    assert "there.db is there already, and simulated deals never go into a log that there is" in complaint
    assert (tmp_path / "there.db").read_text() == "mine"


def test_json_has_every_range_and_is_the_same_each_time(procdef: Procdef) -> None:
    _, first, _ = procdef(*FEW, "--json")
    assert first == procdef(*FEW, "--format", "json")[1]
    found = json.loads(first)
    assert list(found["figures"]) == [
        "started", "won_deals", "won_value", "hit_rate", "win_rate", "cycle_days", "overdue"
    ]  # fmt: skip
    assert found["figures"]["won_deals"].keys() == {"mean", "percentile_10", "percentile_50", "percentile_90"}
    assert found["runs"] == 1


def test_a_comparison_says_what_is_more_than_chance(procdef: Procdef) -> None:
    asked = (
        "simulate",
        "crm-opportunities",
        "--compare",
        "crm-opportunities",
        "--deals",
        "20",
        "--runs",
        "6",
        "--quiet",
    )
    _, shown, _ = procdef(*asked, "--set", "stages.engaging.wait=60 days", "--format", "json")
    differences = json.loads(shown)["differences"]
    assert differences["cycle_days"]["more_than_chance"]
    assert differences["cycle_days"]["chance"] == "0.0312"
    assert differences["started"]["chance"] == "1.0000", "the same deals come to both"
    assert (
        "days longer with the second: more than chance" in procdef(*asked, "--set", "stages.engaging.wait=60 days")[1]
    )


def test_a_page_says_in_the_language_of_its_readers_what_differs(procdef: Procdef, tmp_path: Path) -> None:
    asked = ("--compare", "b2b-sales", "--set", "stages.closing.wait=20 business days", "--deals", "15", "--runs", "6")
    assert procdef("simulate", "b2b-sales", *asked, "--quiet", "--lang", "fi", "--html", "page.html")[0] == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "Oletukset: prosessista itsestään; toinen on b2b-sales v1, muutoksin stages.closing.wait" in page
    assert "%-yks." in page
    assert "percentage" not in page


def test_what_is_assumed_can_be_written_and_taken_again(procdef: Procdef, tmp_path: Path) -> None:
    _, first, _ = procdef(*FEW, "--write-assumptions", "assumed.yaml")
    _, second, _ = procdef(*FEW, "--assume", "assumed.yaml")
    assert first.splitlines()[:20] == second.splitlines()[:20]
    assert procdef(*FEW, "--out", "log.db")[0] == 0
    code, shown, _ = procdef(*FEW, "--from", "log.db")
    assert (code, "assumptions: fitted to log.db" in " ".join(shown.split())) == (0, True)


def test_a_page_stands_alone(procdef: Procdef, tmp_path: Path) -> None:
    assert procdef(*FEW, "--html", "page.html")[0] == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "Nothing of this has happened" in page
    assert page.count("<svg") >= 6
    assert procdef(*FEW, "--html", "page.html")[0] == 2
    assert procdef(*FEW, "--html", "page.html", "--force", "--lang", "en")[0] == 0
    assert (tmp_path / "page.html").read_text("utf-8") == page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--deals", "0"), "deals is a whole number from 1 to 1000000, not 0"),
        (("--months", "0"), "months is a whole number from 1 to 240, not 0"),
        (("--deals", "5", "--months", "5"), "so many deals, or so many months, not both"),
        (("--runs", "0"), "runs is a whole number from 1"),
        (("--start", "spring"), "--start takes a month as 2026-01"),
        (("--set", "people.seler=2"), 'no role seler (did you mean "seller"?)'),
        (("--assume", "none.yaml"), "none.yaml"),
        (("--out", "nowhere/x.db"), "does not exist; create it first"),
        (("--compare", "saas-inbound", "--out", "x.db"), "leave out --compare"),
        (("--force",), "name it with --html"),
    ],
)
def test_what_is_wrong_is_told_in_one_message(procdef: Procdef, arguments: tuple[str, ...], message: str) -> None:
    code, shown, complaint = procdef("simulate", "crm-opportunities", "--quiet", *arguments)
    assert (code, shown) == (2, "")
    assert message in complaint
    assert "Traceback" not in complaint


def test_a_log_that_there_is_not_tells_nothing(procdef: Procdef) -> None:
    code, _, complaint = procdef(*FEW, "--from", "none.db")
    assert (code, complaint) == (3, "procdef: there is no database none.db\n")


def test_without_simpy_it_says_what_to_install(procdef: Procdef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "simpy", None)
    code, _, complaint = procdef(*FEW)
    assert code == 3
    assert 'pip install "procdef[simulate]"' in complaint


def test_a_simulated_log_says_that_it_is_one_and_takes_no_steps_of_people(procdef: Procdef) -> None:
    assert procdef(*FEW, "--out", "made-up.db")[0] == 0
    code, told, _ = procdef("--db", "made-up.db", "audit", "verify")
    assert (code, told.splitlines()[0][:15]) == (0, "a simulated log")
    assert json.loads(procdef("--db", "made-up.db", "audit", "verify", "--format", "json")[1])["simulated"] is True
    key = json.loads(procdef("--db", "made-up.db", "deals", "--format", "json")[1].splitlines()[0])["key"]
    code, told, complaint = procdef("--db", "made-up.db", "note", key, "We talked")
    assert (code, told) == (2, "")
    assert "this log is a simulated one, which takes no steps of people" in complaint
    assert procdef("publish", "crm-opportunities")[0] == 0
    code, told, complaint = procdef("--as", "procdef-simulate:seller", "start", "crm-opportunities", "A-1", "account=Acme")
    assert (code, told) == (2, "")
    assert "name another person" in complaint
    assert "simulated" not in procdef("audit", "verify")[1]


def test_every_answer_about_a_simulated_log_says_that_it_is_one(procdef: Procdef, tmp_path: Path) -> None:
    assert procdef("simulate", "crm-opportunities", "--deals", "5", "--runs", "1", "--out", "made.db")[0] == 0
    for asked in ("audit verify", "audit population", "audit overrides", "audit sod", "report", "forecast"):
        _, out, _ = procdef(*asked.split(), "--db", "made.db")
        assert "a simulated log: its deals are made up" in out, asked
    assert json.loads(procdef("report", "--db", "made.db", "--format", "json")[1])["about"]["simulated"] is True
    assert procdef("report", "--db", "made.db", "--html", "made.html")[0] == 0
    assert "nobody ever worked on them" in Path("made.html").read_text("utf-8")
    assert "a simulated log: its deals are made up" in procdef("casefile", "S00001", "--db", "made.db", "-o", "one.html")[1]
    assert "nobody ever worked on them" in Path("one.html").read_text("utf-8")
    told = json.loads(procdef("casefile", "S00001", "--db", "made.db", "-o", "one.json", "--format", "json")[1])
    assert told["simulated"] is json.loads(Path("one.json").read_text("utf-8"))["simulated"] is True
