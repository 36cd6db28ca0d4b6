"""A deal's whole way through the commands, on a database in a temporary folder."""

import json

import pytest


@pytest.fixture
def sold(procdef, monkeypatch):
    """The same, with a process published and a deal started."""
    monkeypatch.setenv("PROCDEF_ACTOR", "maija:salesperson")
    assert procdef("new", "sales.yaml")[0] == 0
    assert procdef("publish", "sales.yaml")[0] == 0
    assert procdef("start", "sales", "ACME-1")[0] == 0
    return procdef


def test_a_new_file_has_no_error(procdef):
    procdef("new", "sales.yaml")
    assert procdef("check", "sales.yaml")[0] == 0


def test_a_refused_step_exits_with_one_and_names_the_command_that_mends_it(sold):
    code, _, complaint = sold("advance", "ACME-1")
    assert code == 1
    assert "procdef do ACME-1 complete_stage offer_value=..." in complaint


def test_a_dry_run_stores_nothing(sold):
    before = sold("log", "ACME-1", "--format", "json")
    assert sold("do", "ACME-1", "complete_stage", "offer_value=5", "--dry-run")[0] == 0
    assert sold("log", "ACME-1", "--format", "json") == before


def test_a_refused_dry_run_stores_nothing_either(sold):
    before = sold("log", "ACME-1", "--format", "json")
    assert sold("advance", "ACME-1", "--dry-run")[0] == 1
    assert sold("log", "ACME-1", "--format", "json") == before


def test_a_deal_goes_through_to_its_end_and_the_log_verifies(sold):
    assert sold("do", "ACME-1", "complete_stage", "offer_value:=1200.50")[0] == 0
    for _ in ("meeting", "closing", "delivery"):
        assert sold("advance", "ACME-1")[0] == 0
        assert sold("do", "ACME-1", "complete_stage")[0] == 0
    assert sold("finish", "ACME-1")[0] == 0
    _, printed, _ = sold("deals", "--format", "json")
    shown = json.loads(printed)
    assert (shown["deal"], shown["stage"], shown["outcome"], shown["value"]) == ("ACME-1", "delivery", "won", "1200.5")
    assert sold("audit", "verify")[0] == 0


def test_the_log_names_the_system_user_and_the_person_of_as(sold):
    _, printed, _ = sold("log", "ACME-1", "--format", "json")
    event = json.loads(printed)
    assert event["by"]["auth"] == "os"
    assert event["for"] == {"id": "maija", "auth": "claimed", "roles": ["salesperson"]}


def test_a_request_key_makes_repeating_harmless(sold):
    assert sold("note", "ACME-1", "Called", "--request", "k1")[0] == 0
    assert "applied before" in sold("note", "ACME-1", "Called", "--request", "k1")[1]


def test_shared_options_are_taken_before_and_after_the_command(sold):
    assert sold("--format", "json", "deals") == sold("deals", "--format", "json")


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        (2, ("status", "NOBODY")),
        (2, ("start", "nothing", "ACME-2")),
        (2, ("start", "sales", "ACME-1")),
        (2, ("--as", ":seller", "note", "ACME-1", "x")),
        (2, ("--db", "oracle:x", "deals")),
        (3, ("--db", "sqlite:////no/such/folder/x.db", "deals")),
        (2, ("check", "missing.yaml")),
        (2, ("new", "sales.yaml")),
        (1, ("publish", "missing.yaml")),
    ],
)
def test_a_failure_is_one_message_and_the_exit_code_of_its_kind(expected, arguments, sold):
    code, _, complaint = sold(*arguments)
    assert expected == code
    assert complaint.strip()
    assert "Traceback" not in complaint


def test_a_run_says_which_line_is_broken_and_goes_on_when_asked_to(sold, tmp_path):
    step = {"by": "maija", "roles": ["salesperson"], "deal": "B", "do": "start", "request": "1"}
    (tmp_path / "steps.jsonl").write_text(f"{{\n\n{json.dumps(step)}\n", encoding="utf-8")
    code, printed, complaint = sold("run", "sales.yaml", "steps.jsonl", "--keep-going", "--format", "json")
    assert code == 1
    assert complaint.startswith("steps.jsonl:1: error: the line is not JSON")
    expected = {"steps": 2, "applied": 1, "refused": 0, "repeated": 0, "errors": 1, "deals": 1}
    assert expected == json.loads(printed)
    assert sold("run", "sales.yaml", "steps.jsonl", "--format", "json")[1].startswith('{"steps": 1, "applied": 0')


def test_status_shows_what_is_missing_and_the_command_for_it(sold):
    _, printed, _ = sold("status", "ACME-1")
    assert "salesperson (you): procdef do ACME-1 complete_stage offer_value=..." in printed
