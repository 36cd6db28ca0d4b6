"""What ``check`` tells when it is asked to prove, and where it says nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.checking import check
from procdef.language import load
from procdef.proof import findings
from procdef.proof.account import account
from procdef.render.proof import proof_text
from procdef.results.proof import prove

GOLDEN = Path(__file__).parents[2] / "golden"
FAULTY = (GOLDEN / "err" / "never-true.yaml").read_text("utf-8")
LINE = "voided_by: [offer]}\n"


def codes(text: str, proving: bool) -> list[str]:
    return [found.code for found in check(text, prove=findings if proving else None)]


def test_nothing_is_proved_unless_it_is_asked_for() -> None:
    assert codes(FAULTY, False) == []
    assert codes(FAULTY, True) == ["never-true"]


def test_nothing_is_proved_of_a_process_with_an_error() -> None:
    assert codes(FAULTY.replace("offer > 1000", "ofer > 1000"), True) == ["unknown-name"]


def test_a_comment_that_ignores_what_was_proved_is_useless_only_where_it_was_asked_for() -> None:
    ignored = FAULTY.replace(LINE, f"{LINE.strip()}  # procdef: ignore[never-true]\n")
    sound = ignored.replace("max: 1000", "max: 5000")
    assert [codes(text, proving) for text in (ignored, sound) for proving in (False, True)] == [
        [],
        [],
        [],
        ["unused-ignore"],
    ]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("offer > 0 or offer <= 0", ["always-true"]),
        ("offer > 0 and offer < 0", ["never-true"]),
        ("offer is set or offer is not set", ["always-true"]),
        ("due >= today or due < 2026-01-01", []),
        ("due > today and due < today", ["never-true"]),
        ("due + 30 days > due", ["always-true"]),
        ("due + 1 month > due + 40 days", ["never-true"]),
        ("due + 1 month > due + 30 days", []),
        ("early + 1 month > early + 29 days", ["not-decided"]),  # of times before 1970 too
        ("early + 2 months > early", ["always-true"]),
        ("today >= 1999-12-31", ["always-true"]),
        ("deal.stage_age > deal.age", ["never-true"]),
        ("deal.stage_age > 2 days and deal.age < 1 day", ["never-true"]),
        ("count(parts) >= 0", ["always-true"]),
        ("count(parts) > 0 and parts is not set", ["never-true"]),
        ("any(parts where size == large) and all(parts where size == small)", ["never-true"]),
        ("sum(parts.price) >= 0", ["always-true"]),
        ("sum(losses.amount) > -100 and min(losses.amount) > -50 and losses is set", []),
        ("count(losses) > 2 and sum(losses.amount) > -4", ["not-decided", "not-decided"]),
        ("sum(losses.amount) <= 0", ["always-true"]),
        ('mail in ["someone@example.com", "another@example.com"]', []),
        ('page in ["https://example.com/one", "https://example.com/other"]', []),
        ("kind in [service, goods] or kind not in [service]", ["always-true"]),
        ("kind == service and kind == goods", ["never-true"]),
        ('note == "a" and note == "b"', ["never-true"]),
        ('note contains "a" and note contains "b"', []),
        ("share between 0 % and 100 %", ["always-true"]),
        ("offer * 10 % > offer", ["never-true"]),
        ("meeting.price is done or meeting.price is not done", ["always-true"]),
        ("fit >= 0", ["always-true"]),
        ("fit > 30", ["never-true"]),
        ("fit >= 20", []),
    ],
)
def test_what_is_said_of_a_condition(condition: str, expected: list[str]) -> None:
    fields = """\
  kind: {type: choice, options: [service, goods]}
  note: {type: text, personal: false}
  mail: {type: email, personal: false}
  page: {type: url}
  losses: {type: list, items: {amount: {type: integer, max: -1, required: true}}}
  early: {type: datetime, min: "1960-01-01T00:00Z", max: "1969-12-31T00:00Z"}
  share: {type: percent, min: 0, max: 100}
  parts: {type: list, items: {size: {type: choice, options: [small, large]}, price: {type: money, min: 0, required: true}}}
scores:
  fit: {title: Fit, points: {big: {when: offer > 500, points: 10}, good: {when: kind == service, points: 20}}}
"""
    sound = (GOLDEN / "ok" / "always-true.yaml").read_text("utf-8")
    text = sound.replace("deal:", fields + "deal:", 1).replace("offer > 0", f"'{condition}'")
    found = [item for item in check(text, prove=findings) if item.code in ("always-true", "never-true", "not-decided")]
    assert [item.code for item in found] == expected


TABLE = "[{when: offer <= 5000, roles: manager}, {roles: seller}]"


@pytest.mark.parametrize(
    ("more", "by", "told"),
    [
        ("voided_by: [offer]", "manager", None),
        ("four_eyes: true", "manager", "changing offer afterwards does not ask again"),
        (
            "four_eyes: true",
            TABLE,
            "changing offer afterwards does not ask again, unless another row of its table holds then",
        ),
        ("voided_by: [offer]", TABLE, None),
    ],
)
def test_a_decision_that_a_later_change_does_not_void_is_proved_as_it_was_made(
    more: str, by: str, told: str | None
) -> None:
    decision = f"  approve: {{title: Approve, by: {by}, when: offer > 1000, decision: true, {more}}}\n"
    faulty = (GOLDEN / "err" / "approval-unasked.yaml").read_text("utf-8")
    sound = "\n".join(line for line in faulty.splitlines() if not line.lstrip().startswith("approve:"))
    text = sound.replace("    exit_criteria:\n      has_date", f"    {decision}    exit_criteria:\n      has_date", 1)
    process = load(text)
    (proved,) = account(process).of("approval-unasked")
    shown = " ".join(proof_text(process, account(process)).split())
    assert (proved.bounded, told is None or told in proved.sentence) == (told is not None, True)
    assert ("without the decision, as it was when it was made: meeting.approve" in shown) == (told is not None)
    assert ("without the decision: meeting.approve" in shown) == (told is None)


def test_what_would_help_to_decide_is_said_in_words_of_the_process() -> None:
    process = load((GOLDEN / "ok" / "months-and-years.yaml").read_text("utf-8"))
    told = " ".join(proof_text(process, account(process)).split())
    assert "can come to an end; compare few fields in conditions, each with fixed values only; or let no stage" in told
    assert "behind a gate" not in told


@pytest.mark.parametrize(
    ("by", "expected"),
    [("manager", []), ("[{when: offer <= 2000, roles: manager}, {roles: manager, at_least: 2}]", ["never-true"])],
)
def test_whether_a_decision_is_done_is_unknown_while_no_row_of_its_table_is_known(by: str, expected: list[str]) -> None:
    text = FAULTY.replace("max: 1000", "max: 5000").replace("by: manager, when", f"by: {by}, when")
    text = text.replace("{require: [due]}", "{check: meeting.approve is not done and offer is not set}")
    found = [
        item.code for item in check(text, prove=findings) if item.code in ("always-true", "never-true", "not-decided")
    ]
    assert found == expected


def test_stages_that_are_stuck_by_a_cause_already_told_are_named() -> None:
    text = (GOLDEN / "err" / "stuck.yaml").read_text("utf-8").replace("offer > 1000}", "offer > 1000 and offer < 500}")
    process = load(text)
    found = account(process)
    assert [(flaw.finding.code, flaw.finding.subject) for flaw in found.flaws] == [("never-true", "contract.has_price")]
    assert [(each.code, each.about) for each in found.follows] == [("stuck", "meeting"), ("stuck", "contract")]
    assert "Deals get stuck here too, by what is told above: meeting, contract" in proof_text(process, found)
    assert [each.as_dict() for each in prove(process).follows] == [
        {"kind": "follows", "code": "stuck", "about": stage} for stage in ("meeting", "contract")
    ]


@pytest.mark.parametrize("waived", [False, True])
def test_waivers_are_spoken_of_only_where_something_may_be_waived(waived: bool) -> None:
    text = (GOLDEN / "ok" / "stuck.yaml").read_text("utf-8")
    waivable = text.replace("{check: offer > 1000}", "{check: offer > 1000, waivable_by: manager}")
    assert waivable != text
    process = load(waivable if waived else text)
    told = [each.sentence for each in account(process).of("stuck")]
    assert told
    assert all(("waive" in each) is waived for each in told), told


@pytest.mark.parametrize("rows", [(3, 9), (9, 1)])
def test_a_deal_is_led_past_a_decision_however_many_people_a_row_of_its_table_asks_for(rows: tuple[int, int]) -> None:
    by = f"[{{when: offer <= 5000, roles: manager, at_least: {rows[0]}}}, {{roles: manager, at_least: {rows[1]}}}]"
    text = FAULTY.replace("max: 1000", "max: 9000").replace("by: manager, when: offer > 1000", f"by: {by}, four_eyes: true")
    assert by in text
    process = load(text)
    led = [each.about for each in account(process).of("dead-transition")]
    assert len(led) == sum(len(stage.next) for stage in process.stages.values())


def test_what_is_not_known_of_a_score_with_too_many_totals_is_not_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procdef.proof.formulas._MOST_TOTALS", 3)
    fields = """\
  kind: {type: choice, options: [service, goods]}
scores:
  fit: {title: Fit, points: {big: {when: offer > 500, points: 10}, good: {when: kind == service, points: 20}}}
"""
    sound = (GOLDEN / "ok" / "always-true.yaml").read_text("utf-8")
    text = sound.replace("deal:", f"{fields}deal:", 1).replace("offer > 0", "fit >= 20")
    (told,) = [each.sentence for each in account(load(text)).of("always-true") if each.about == "meeting.priced"]
    assert "nothing filled in" not in told
