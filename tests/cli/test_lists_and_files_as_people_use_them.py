"""Lists that fit a terminal, names that are known, and new files under the names that people give them."""

import json
import shlex
from pathlib import Path

import pytest

from procdef import check, load


@pytest.mark.parametrize("width", [50, 60, 80, 100])
def test_the_list_of_deals_fits_the_terminal(width, office, monkeypatch):
    assert office("record", "A-1", "price=1500")[0] == 0
    monkeypatch.setenv("COLUMNS", str(width))
    _, shown, _ = office("deals")
    assert "1500 EUR" in shown
    assert [line for line in shown.splitlines() if len(line) > width] == []


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        ('there is no stage "foo" here; there are lead, offer, parked, delivery', ("deals", "--stage", "foo")),
        ('there is no stage "leed" here (did you mean "lead"?)', ("deals", "--stage", "leed")),
        ('there is no process "foo" here; there are office', ("deals", "--process", "foo")),
        ('there is no process "offise" here (did you mean "office"?)', ("deals", "--process", "offise")),
        ("a person's id has", ("deals", "--owner", "")),
        ('nothing here is written in "xx"; --lang takes en, fi', ("status", "A-1", "--lang", "xx")),
        ('nothing here is written in "xx"; --lang takes en, fi', ("show", "office.yaml", "--lang", "xx")),
    ],
)
def test_a_name_that_is_not_known_is_a_usage_error_that_lists_those_that_are(expected, arguments, office):
    code, _, complaint = office(*arguments)
    assert code == 2
    assert expected in complaint


def test_deals_are_listed_by_the_title_of_a_stage(office):
    assert "A-1" in office("deals", "--stage", "Liidi")[1]


def test_a_published_process_is_shown_by_its_id(office):
    assert office("show", "office")[:2] == office("show", "office.yaml")[:2]
    assert office("show", "nothing")[0] == 2


def test_deals_are_listed_page_by_page(office):
    for name in ("A-2", "A-3"):
        assert office("start", "office", name)[0] == 0
    code, shown, _ = office("deals", "--limit", "2")
    assert (code, [line.split()[0] for line in shown.splitlines()]) == (0, ["deal", "A-1", "A-2", "(there"])
    assert shown.endswith("(there are more: --after A-2)\n")
    assert [line.split()[0] for line in office("deals", "--limit", "2", "--after", "A-2")[1].splitlines()] == ["deal", "A-3"]
    listed = office("deals", "--limit", "2", "--format", "json")[1]
    assert [json.loads(line)["deal"] for line in listed.splitlines()] == ["A-1", "A-2"]
    assert office("deals", "--limit", "0")[0] == 2


def test_what_nobody_does_yet_is_not_promised(procdef, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert procdef("new", "--from", "b2b-sales", "b2b.yaml")[0] == 0
    _, drawn, _ = procdef("show", "b2b.yaml")
    assert "5 business days, a reminder is due 1 day before, then it is due to go to manager" in drawn


@pytest.mark.parametrize(
    ("expected", "key"),
    [
        ("│ forecast  deals here count as committed", "forecast: commit"),
        ("│ forecast  deals here are left out", "forecast: omitted"),
        ("a reminder is due 1 day before", "sla: {within: 3 days, remind: 1 day}"),
        ("reminders are due 2 days and 1 hour before", "sla: {within: 3 days, remind: [2 days, 1 hour]}"),
    ],
)
def test_what_a_stage_says_is_drawn(expected, key, procdef):
    assert procdef("new", "sales.yaml")[0] == 0
    text = Path("sales.yaml").read_text("utf-8")
    Path("sales.yaml").write_text(text.replace("    start: true", f"    start: true\n    {key}", 1), "utf-8")
    assert expected in procdef("show", "sales.yaml")[1]


@pytest.mark.parametrize(
    ("name", "written", "asked"),
    [
        ("myyntiprosessi-aao", "Myyntiprosessi äåö.yaml", "Myyntiprosessi äåö.yaml"),
        ("o", "ö.yaml", "ö.yaml"),
        ("my-other-2026", "My other (2026).yaml", "My other (2026).yaml"),
        ("sales", "sales.yaml", "sales"),
        ("sales-v2-0", "sales v2.0.yaml", "sales v2.0"),
        ("sales", "sales.yml", "sales.yml"),
    ],
)
def test_a_new_file_has_the_ending_of_a_process_and_an_id_of_its_name(name, written, asked, procdef):
    code, told, _ = procdef("new", asked)
    assert code == 0
    assert told.startswith(f"wrote {written} and {Path(written).stem}.test.yaml; next: ")
    command = shlex.split(told.partition("next: ")[2])
    assert command == ["procdef", "check", written]
    assert procdef(*command[1:])[0] == 0
    assert load(Path(written)).id == name


def test_stages_may_be_parted_by_semicolons():
    from procdef.cli.commands.process.new import _named

    assert _named("Lead; Offer, Won;", 2) == ["Lead", "Offer", "Won"]


def test_a_copy_names_no_schema_that_is_not_there_without_saying_how_to_get_it(procdef, tmp_path):
    assert procdef("new", "--from", "saas-inbound", "mine.yaml")[0] == 0
    head = (tmp_path / "mine.yaml").read_text("utf-8").splitlines()[:2]
    assert "procdef schema > process.schema.json" in head[0]
    assert head[1] == "# yaml-language-server: $schema=process.schema.json"
    assert not [finding for finding in check(tmp_path / "mine.yaml") if finding.severity == "error"]


def test_the_help_of_new_lists_what_can_be_copied(procdef):
    shown = " ".join(procdef("new", "--help")[1].split())
    assert "b2b-sales, crm-opportunities, saas-inbound" in shown


def test_explain_without_a_code_lists_all_of_them(procdef):
    from procdef.language.rules import BY_CODE

    code, shown, _ = procdef("explain")
    assert code == 0
    assert [name for name in BY_CODE if f"\n{name} " not in f"\n{shown}" and f"\n{name}\n" not in f"\n{shown}"] == []
    rows = [json.loads(line) for line in procdef("explain", "--format", "json")[1].splitlines()]
    assert [row["code"] for row in rows] == list(BY_CODE)
