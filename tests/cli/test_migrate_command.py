"""``procdef migrate``: what it says before, what it does, and what it leaves."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "engine"))
from migrations import FIRST, PLAN, SECOND, SELLER, Office, changed

from procdef import open_store
from procdef.cli import run


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Three deals of the first version, of which one is lost, and the second version."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROCDEF_DB", "deals.db")
    office = Office(open_store("sqlite:///deals.db"))
    office.negotiated("A", fax="1")
    office.lead("B", size="big")
    office.lead("C")
    office.engine.lose("C", "price", by=SELLER)
    office.publish(SECOND)
    (tmp_path / "plan.yaml").write_text(json.dumps(PLAN), "utf-8")
    return office


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["migrate", "sale", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_without_apply_it_is_only_told(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "--plan", "plan.yaml")
    assert (code, out.splitlines()[0]) == (0, "version 1: 2 deals would go over to version 2")
    assert "left alone: 1 lost or finished" in out
    assert "nothing was written; --apply does it" in out
    assert {office.engine.deal(name).version for name in "ABC"} == {1}


def test_a_gap_is_told_deal_by_deal_and_keeps_all_where_they_are(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "--to", "2")
    assert code == 1
    assert "its stage Negotiation (negotiation) is gone" in out
    assert "a plan has to answer this first" in out
    code, out, err = told(capsys, "--to", "2", "--apply")
    assert (code, out) == (1, "")
    assert "the plan does not say what becomes of the" in err
    assert "nothing was migrated; without --apply the same command names them all" in err


def test_a_plan_with_faults_is_told_with_its_lines(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    Path("plan.yaml").write_text("procdef-plan: 1\nprocess: sale\nfrom: 1\nto: 2\nstages:\n  negotation: closing\n", "utf-8")
    code, _, err = told(capsys, "--plan", "plan.yaml", "--apply")
    assert code == 1
    assert 'plan.yaml:6:3: error: version 1 has no stage "negotation" (did you mean "negotiation"?) [unknown-stage]' in err


def test_applied_it_is_told_and_done_once(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "--plan", "plan.yaml", "--apply", "--reason", "New terms")
    assert (code, out.splitlines()[0]) == (0, "version 1: 2 deals went over to version 2")
    code, out, _ = told(capsys, "--plan", "plan.yaml", "--apply")
    assert (code, out.splitlines()[0]) == (0, "no such deals")
    assert "in version 2 already: 2" in out
    assert run(["log", "A"]) == 0
    log = capsys.readouterr().out
    assert "by  what happened" in log.splitlines()[0]
    assert " v1  " in log
    assert " v2  migrated from version 1 to 2, in closing" in " ".join(log.split("\n"))
    assert "; set region=unknown: New terms;" in " ".join(log.split())


def test_a_deal_that_has_to_stay_is_named_and_the_exit_code_is_1(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    dear = ("offer_value: {type: money}", "offer_value: {type: money, min: 5000}")
    office.publish(changed(SECOND, ("version: 2", "version: 3"), dear))
    Path("plan.yaml").write_text(json.dumps({**PLAN, "to": 3}), "utf-8")
    code, out, _ = told(capsys, "--plan", "plan.yaml", "--apply", "--format", "json")
    deals = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [(each.get("deal"), each.get("status")) for each in deals] == [("A", "refused"), ("B", "migrated"), (None, None)]
    assert deals[0]["against"] == [{"what": "field", "id": "offer_value", "why": "value"}]
    assert {key: deals[-1][key] for key in ("to", "applied", "migrated", "refused", "error", "left_alone")} == {
        "to": 3, "applied": True, "migrated": 1, "refused": 1, "error": 0, "left_alone": 1,
    }  # fmt: skip
    code, out, _ = told(capsys, "--plan", "plan.yaml")
    assert "its value does not fit field offer_value" in out


WRONG: dict[str, tuple[list[str], int, str]] = {
    "no version": ([], 2, "say which version the deals go over to"),
    "a deal and a filter": (["--to", "2", "--deal", "A", "--owner", "x"], 2, "--owner has nothing to choose from"),
    "no such deal": (["--to", "2", "--deal", "Z"], 2, "there is no deal 'Z'"),
    "no such version": (["--to", "9"], 2, "version 9 of sale is not published here"),
    "no such plan": (["--plan", "none.yaml"], 1, "cannot be read"),
    "a version that it is not for": (["--plan", "plan.yaml", "--from", "2"], 2, "deals of version 2 are in version 2 already"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_told_in_one_line(what: str, office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, code, message = WRONG[what]
    got, out, err = told(capsys, *arguments)
    assert (got, out) == (code, "")
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize(("arguments", "deals"), [
    (["--deal", "B"], ["B"]), (["--stage", "Negotiation"], ["A"]), (["--owner", "maija"], ["A", "B"]),
    (["--outcome", "won"], []), (["--from", "1"], ["A", "B"]),
])  # fmt: skip
def test_deals_are_chosen_as_in_a_list(
    arguments: list[str], deals: list[str], office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = told(capsys, "--plan", "plan.yaml", "--format", "json", *arguments)
    rows: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    assert (code, [row["deal"] for row in rows if row["kind"] == "deal"]) == (0, deals)


def test_all_that_tells_of_deals_tells_of_it(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "--plan", "plan.yaml", "--apply")[0] == 0
    for command in (
        ["audit", "verify"], ["audit", "replay"], ["audit", "sod"], ["audit", "overrides"], ["audit", "population"],
        ["log", "A", "--full"], ["status", "A"], ["report", "sale"], ["report", "sale", "--as-of", "2026-03-02"],
        ["casefile", "A", "-o", "a.html"], ["casefile", "A", "-o", "a.json"], ["audit", "proof", "A", "-o", "a.zip"],
        *(["audit", "export", "--format", f, "-o", f"out-{f}"] for f in ("csv", "jsonl", "xes", "ocel-json", "ocel-sqlite")),
    ):  # fmt: skip
        assert run(command) == 0, (command, capsys.readouterr().err)
    out = capsys.readouterr().out
    assert "under    sale v2" in out
    assert "migration" in out
    rows = Path("out-csv").read_text("utf-8").splitlines()
    (row,) = [line for line in rows if "migrate to version 2" in line and ",negotiation," in line]
    assert ",2," in row
    assert FIRST != SECOND


def test_the_schema_of_plans_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "--plan"]) == 0
    assert json.loads(capsys.readouterr().out)["title"].startswith("A plan of a migration")


def test_what_a_plan_sets_is_told_and_what_it_carries_over_is_not(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    more = ("address: {type: email}", "address: {type: email}\n  seats: {type: integer}")
    office.publish(changed(SECOND, ("version: 2", "version: 3"), more))
    Path("plan.yaml").write_text(json.dumps({**PLAN, "to": 3, "set": {"region": "unknown", "seats": 7}}), "utf-8")
    assert told(capsys, "--plan", "plan.yaml", "--apply", "--deal", "A")[0] == 0
    assert run(["log", "A"]) == 0
    log = " ".join(capsys.readouterr().out.split())
    assert "; set region=unknown, seats=7; due" in log
    assert "offer_value=" not in log
    assert "address=" not in log
    assert run(["audit", "overrides"]) == 0
    assert "migration, which set region=unknown, seats=7\n" in capsys.readouterr().out
    assert run(["audit", "overrides", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["about"] == ["region=unknown", "seats=7"]


def changes_by_plan(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    code = run(["diff", "sale@1", "sale@2", "--plan", "plan.yaml", *more])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_difference_by_a_plan_tells_new_names_and_the_same_of_each_deal(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = changes_by_plan(capsys)
    assert code == 0
    assert "stage Closing is what was the stage negotiation\n      deals that are or were in negotiation go on in it" in out
    assert "is what was negotiation.send_terms\n" in out
    assert "field fax is gone\n      by the plan what deals have of it is dropped" in out
    assert "Negotiation is gone" not in out
    code, out, _ = changes_by_plan(capsys, "--format", "json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert ("field", "offer_value", "id", "budget", "offer_value") in [
        (each["what"], each["id"], each["key"], each["old"], each["new"]) for each in lines if each["kind"] == "change"
    ]
    deals = {each["deal"]: each for each in lines if each["kind"] == "deal"}
    for each in office.migrate(apply=False):
        told_of = deals.pop(each.deal)
        assert [item["id"] for item in told_of["new_work"]] == [item.id for item in each.new_work]
        assert (told_of["answers"], told_of["overdue"], told_of["late"]) == ([], each.overdue, dict(each.late))
    assert deals == {}


def test_the_difference_by_a_plan_names_approvals_that_come_under_another_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROCDEF_DB", "deals.db")
    one_role = "approve: {title: Approve, decision: true, by: boss, four_eyes: true, voided_by: [budget]}"
    table = "approve: {title: Approve, decision: true, by: [{when: budget < 5000, roles: boss}, {roles: seller}]}"
    first = changed(FIRST, (one_role, table))
    office = Office(open_store("sqlite:///deals.db"), first)
    office.negotiated("A")
    office.publish(changed(first, ("version: 1", "version: 2"), ("budget < 5000", "budget < 9000")))
    actions = {"negotiation.approve": "negotiation.approve"}
    plan = {"procdef-plan": 1, "process": "sale", "from": 1, "to": 2, "actions": actions}
    Path("plan.yaml").write_text(json.dumps(plan), "utf-8")
    (dry,) = office.migrate(plan, apply=False)
    lines = [json.loads(line) for line in changes_by_plan(capsys, "--format", "json")[1].splitlines()]
    (deal,) = [each for each in lines if each["kind"] == "deal"]
    assert (deal["as_it_is"], deal["other_rows"]) == (False, [dict(dry.other_rows[0].as_dict())])
    assert deal["other_rows"][0]["now"] == "boss, where budget < 9000"
    assert (lines[-1]["deals"]["other_rows"], lines[-1]["deals"]["as_it_is"]) == (1, 0)
    out = changes_by_plan(capsys)[1]
    assert "1 deal brings an approval under a row that says otherwise" in out
    assert 'row 1 of its table: "boss, where budget < 5000"' in " ".join(out.split())


def test_what_a_plan_leaves_open_needs_an_answer_in_the_difference_too(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("plan.yaml").write_text(json.dumps({**PLAN, "fields": {**PLAN["fields"], "contacts": None, "fax": None}}), "utf-8")
    assert changes_by_plan(capsys)[0] == 0
    less = {name: now for name, now in PLAN["fields"].items() if name != "fax"}
    Path("plan.yaml").write_text(json.dumps({**PLAN, "fields": less}), "utf-8")
    code, out, _ = changes_by_plan(capsys)
    assert (code, "it has a value of field fax, which is gone" in out) == (1, True)


def test_a_plan_between_other_versions_is_refused(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    Path("plan.yaml").write_text(json.dumps({**PLAN, "to": 3}), "utf-8")
    code, _, err = changes_by_plan(capsys)
    assert (code, "the plan leads from version 1 to 3, and this is from 1 to 2" in err) == (2, True), err
    Path("plan.yaml").write_text(json.dumps({**PLAN, "process": "rent"}), "utf-8")
    code, _, err = changes_by_plan(capsys)
    assert (code, "[plan-process]" in err) == (1, True), err
