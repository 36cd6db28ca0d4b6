"""What was left out or written in another way is answered with what there is and what to write."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("told", "step"),
    [
        ("The deals are A-1; `procdef deals` lists them.", ("status",)),
        ("The deals are A-1; `procdef deals` lists them.", ("back",)),
        ("The deals are A-1; `procdef deals` lists them.", ("do",)),
        ("The actions of lead are research (Research), call (Call).", ("do", "A-1")),
        ("No way leads back from lead.", ("back", "A-1")),
    ],
)
def test_what_was_left_out_is_listed(told, step, office):
    code, _, complaint = office(*step)
    assert code == 2
    assert complaint.rstrip().endswith(told)


def test_without_a_database_only_the_usage_is_told(office, monkeypatch):
    monkeypatch.setenv("PROCDEF_DB", "not-there.db")
    code, _, complaint = office("status")
    assert code == 2
    assert complaint.rstrip().endswith("Missing argument 'DEAL'.")


def test_a_deal_in_another_case_is_suggested(office):
    assert office("status", "a-1")[::2] == (2, "procdef: there is no deal 'a-1' (did you mean A-1?)\n")
    assert "did you mean" not in office("status", "A-2")[2]


@pytest.mark.parametrize(("typed", "stored"), [("Small", "small"), ("PIENI", "small"), ("Suuri", "big"), ("big", "big")])
def test_the_title_of_an_option_stands_for_its_id(typed, stored, office):
    assert office("record", "A-1", f"size={typed}")[1] == f"A-1: recorded size={stored}\n"


def test_a_report_whose_period_ends_before_it_begins_is_refused(office):
    code, out, complaint = office("report", "--from", "2026-05-01", "--to", "2026-04-30")
    assert (code, out) == (2, "")
    assert "the period ends before it begins: from 2026-05-01 to 2026-04-30" in complaint
    assert office("report", "--from", "2026-05-01", "--to", "2026-05-01")[0] == 0


def test_a_version_where_a_new_deal_takes_the_latest_is_answered_with_the_process(office) -> None:
    code, _, err = office("start", "office@1", "A-2")
    assert (code, "no process 'office@1' is published here (did you mean \"office\"?)" in err) == (2, True), err


def test_two_ways_to_decide_are_refused_and_neither_is_taken(office):
    before = office("log", "A-1")[1]
    code, _, complaint = office("do", "A-1", "call", "--reject", "--approve", "--note", "either")
    assert (code, complaint.rstrip().endswith("give one of --approve and --reject, not both")) == (2, True), complaint
    assert office("log", "A-1")[1] == before
