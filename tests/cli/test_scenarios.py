"""``procdef test`` as people and build servers meet it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

Procdef = Callable[..., tuple[int, str, str]]

PROCESS = """\
procdef: 1
id: apples
version: 1
title: Apples
languages: [en]
currency: EUR
roles:
  seller: {title: Salesperson}
  manager: {title: Manager}
fields:
  price: {type: money}
deal: {value: price}
lost: {reasons: {frost: Frost}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    required_actions:
      quote: {title: Name a price, records: [price], milestone: offer}
    exit_criteria:
      dear_enough: {check: price >= 100, message: We would lose money, fix: Name another price, waivable_by: manager}
    next: sold
  sold:
    title: Sold
    owner: seller
    outcome: won
    required_actions:
      deliver: {title: Deliver}
"""
HEAD = """\
procdef-test: 1
process: apples.yaml
people: {aino: seller, onni: manager}
at: 2026-03-02T09:00
scenarios:
"""
SOLD = """\
  sold:
    title: A good price is sold at
    steps:
      - {by: aino, do: start}
      - {by: aino, do: do, action: quote, values: {price: 120}}
      - {by: aino, do: advance, then: {outcome: won}}
      - {by: aino, do: do, action: deliver}
"""
CHEAP = """\
  cheap:
    title: A low price is not
    steps:
      - {by: aino, do: start}
      - {by: aino, do: do, action: quote, values: {price: 20}}
      - {by: aino, do: advance, refused: [dear_enough]}
      - {by: onni, do: waive, criterion: dear_enough, reason: An old customer}
      - {by: aino, do: lose, reason: frost}
"""
WRONG = CHEAP.replace("refused: [dear_enough]", "then: {stage: sold}")


@pytest.fixture
def apples(procdef: Procdef, tmp_path: Path) -> Procdef:
    """The command line in a folder with the process and scenarios that try all of it."""
    (tmp_path / "apples.yaml").write_text(PROCESS, "utf-8")
    (tmp_path / "apples.test.yaml").write_text(HEAD + SOLD + CHEAP, "utf-8")
    return procdef


ALL_TRIED = """\
apples.test.yaml: 2 scenarios, passed
Coverage of apples v1: 9 of 9, 100.0 %
  stages                      2 of 2
  ways                        1 of 1
  criteria, met and unmet     2 of 2
  actions done                2 of 2
  waivers                     1 of 1
  losses                      1 of 1
2 scenarios played, 0 failed
"""


@pytest.mark.parametrize("names", [(), (".",), ("apples.test.yaml",), ("apples.yaml",), ("apples.yaml", "apples.test.yaml")])
def test_scenarios_are_found_in_folders_and_beside_their_process(apples: Procdef, names: tuple[str, ...]) -> None:
    assert apples("test", *names) == (0, ALL_TRIED, "")


def test_a_failure_shows_both_sides_and_the_refusal_as_a_seller_reads_it(apples: Procdef, tmp_path: Path) -> None:
    (tmp_path / "apples.test.yaml").write_text(HEAD + WRONG + SOLD, "utf-8")
    code, out, err = apples("test")
    assert (code, err) == (1, "")
    assert out.partition("Coverage")[0] == (
        "apples.test.yaml: 2 scenarios, 1 FAILED\n"
        "FAILED cheap: A low price is not\n"
        "  apples.test.yaml:11: step 3, do\n"
        "    expected  applied\n"
        "    found     refused for offer.dear_enough: criterion-unmet\n"
        "      cheap cannot advance from offer to sold:\n"
        "        - dear_enough: We would lose money\n"
        "            price >= 100, and price is 20    (apples v1, line 22)\n"
        "            fix: Name another price\n"
        "            manager: procdef waive cheap offer.dear_enough --reason ...\n"
    )
    assert "    not tried: offer.dear_enough\n" in out
    assert out.endswith("2 scenarios played, 1 failed\n")


def test_a_faulty_file_is_told_and_the_others_are_played(apples: Procdef, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(HEAD + SOLD.replace("action: quote", "action: qoute"), "utf-8")
    code, out, _ = apples("test")
    assert code == 1
    assert 'more.yaml:10:36: error: the process has no action qoute (did you mean "quote"?) [not-in-process]' in out
    assert out.endswith("2 scenarios played, 0 failed, 1 file with errors\n")


@pytest.mark.parametrize(("least", "code"), [("100", 0), ("77.7", 0), ("0", 0)])
def test_enough_coverage_is_enough(apples: Procdef, least: str, code: int) -> None:
    assert apples("test", "--min-coverage", least)[0] == code


def test_too_little_coverage_is_a_failure(apples: Procdef, tmp_path: Path) -> None:
    (tmp_path / "apples.test.yaml").write_text(HEAD + SOLD, "utf-8")
    code, out, _ = apples("test", "--min-coverage", "90")
    assert code == 1
    assert "apples v1: 66.6 % is tried, and --min-coverage asks for 90 %\n" in out
    assert apples("test", "--min-coverage", "66.6")[0] == 0


def test_its_json_is_one_object_a_line(apples: Procdef, tmp_path: Path) -> None:
    (tmp_path / "apples.test.yaml").write_text(HEAD + WRONG, "utf-8")
    (tmp_path / "faulty.yaml").write_text(HEAD + SOLD.replace("aino, do: start", "ano, do: start"), "utf-8")
    code, out, _ = apples("test", "--format", "json")
    outcome, finding, coverage = map(json.loads, out.splitlines())
    assert code == 1
    assert finding["finding"]["code"] == "unlisted-person"
    assert {key: outcome["outcome"][key] for key in ("file", "line", "scenario", "status", "passed", "steps", "step")} == {
        "file": "apples.test.yaml", "line": 6, "scenario": "cheap", "status": "failed", "passed": False, "steps": 5, "step": 3,
    }  # fmt: skip
    assert outcome["outcome"]["differences"] == [
        {"line": 11, "key": "do", "expected": "applied", "found": "refused for offer.dear_enough: criterion-unmet"}
    ]
    assert outcome["outcome"]["refusal"] == "cheap cannot advance from offer to sold: We would lose money"
    assert coverage["coverage"]["kinds"]["criteria"] == {"covered": 1, "of": 2}
    assert {"kind": "losses", "stage": "", "of": "frost", "what": ""} in coverage["coverage"]["missing"]


def test_quiet_says_what_failed_only(apples: Procdef, tmp_path: Path) -> None:
    assert apples("test", "--quiet") == (0, "", "")
    (tmp_path / "apples.test.yaml").write_text(HEAD + WRONG + SOLD, "utf-8")
    assert apples("test", "--quiet")[1].startswith("FAILED cheap")


def test_a_text_is_played_from_the_standard_input(apples: Procdef, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "procdef", "test", "-"], input=HEAD + SOLD, capture_output=True, text=True, cwd=tmp_path
    )
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "<stdin>: 1 scenario, passed")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("nowhere.yaml",), "there is no file nowhere.yaml"),
        (("empty",), "there are no scenarios for the folder empty"),
        (("lonely.yaml",), "there are no scenarios for lonely.yaml"),
        (("-", "--watch"), "the standard input does not change"),
        (("--min-coverage", "101"), "101.0 is not in the range 0<=x<=100"),
        (("--junit", "no/such/folder.xml"), "the folder"),
    ],
)
def test_what_cannot_be_done_is_said(apples: Procdef, tmp_path: Path, arguments: tuple[str, ...], complaint: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "lonely.yaml").write_text(PROCESS.replace("id: apples", "id: lonely"), "utf-8")
    code, _, err = apples("test", *arguments)
    assert code == 2
    assert complaint in err


def test_a_file_that_is_neither_is_read_as_scenarios(apples: Procdef, tmp_path: Path) -> None:
    (tmp_path / "notes.yaml").write_text("proces: apples.yaml\n", "utf-8")
    code, out, _ = apples("test", "notes.yaml")
    assert code == 1
    assert 'unknown key "proces" in the file (did you mean "process"?) [unknown-key]' in out


def test_check_finds_faults_of_scenarios_too(apples: Procdef, tmp_path: Path) -> None:
    assert apples("check", ".") == (0, "2 files checked, nothing found\n", "")
    (tmp_path / "apples.test.yaml").write_text(HEAD + SOLD.replace("won", "lost"), "utf-8")
    code, out, _ = apples("check", ".")
    assert code == 1
    assert "apples.test.yaml:11:49: error: once `advance` was applied, a deal is not lost [impossible-expectation]" in out


# On the process itself


def test_the_drawing_in_the_terminal_says_what_is_not_tried(apples: Procdef, tmp_path: Path) -> None:
    (tmp_path / "apples.test.yaml").write_text(HEAD + CHEAP, "utf-8")
    code, out, _ = apples("show", "apples.yaml", "--coverage")
    told = [" ".join(line.strip("│ ").split()) for line in out.splitlines() if "tried" in line or "try" in line]
    assert (code, told) == (0, [
        "scenarios try 5 of 9, 55.5 %", "tried 4 of 5", "untried dear_enough met", "▼ untried",
        "tried 0 of 2", "untried sold entered, deliver done",
    ])  # fmt: skip
    assert "tried" not in apples("show", "apples.yaml")[1]
    assert json.loads(apples("show", "apples.yaml", "--coverage", "--format", "json")[1])["coverage"]["covered"] == 5


def test_the_picture_says_it_in_the_boxes_and_at_the_ways(apples: Procdef, tmp_path: Path) -> None:
    (tmp_path / "apples.test.yaml").write_text(HEAD + CHEAP, "utf-8")
    root = ElementTree.fromstring(apples("diagram", "apples.yaml", "--coverage")[1])
    texts = ["".join(part.itertext()) for part in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Scenarios try 5 of 9, 55.5 %; at the ways stands how many take them" in texts
    assert [text for text in texts if text[:1] in "✓✗45"] == [
        "4 of 5 tried", "✗ dear_enough met", "✗ sold entered", "✗ deliver done",
        "✗ 1 of 1 losses tried. A deal may be lost in any stage: Frost",
    ]  # fmt: skip
    assert "Offer to Sold: not tried" in ["".join(part.itertext()) for part in root.iter("{http://www.w3.org/2000/svg}title")]
    (tmp_path / "apples.test.yaml").write_text(HEAD + SOLD + CHEAP, "utf-8")
    for form in ("svg", "mermaid", "dot"):
        drawn = apples("diagram", "apples.yaml", "--coverage", "--format", form)[1]
        assert drawn.count("✓ all 5 tried") >= 1
        assert drawn.count("✓ all 2 tried") >= 1


def test_the_losses_are_told_with_whether_a_lost_deal_was_reopened(apples: Procdef, tmp_path: Path) -> None:
    again = PROCESS.replace("{reasons: {frost: Frost}}", "{reasons: {frost: Frost}, reopen: {by: manager, within: always}}")
    (tmp_path / "apples.yaml").write_text(again, "utf-8")
    (tmp_path / "apples.test.yaml").write_text(HEAD + CHEAP, "utf-8")
    assert "1 of 1 losses tried, reopening not tried. A deal" in apples("diagram", "apples.yaml", "--coverage")[1]
    assert "\n  untried: reopen\n" in apples("show", "apples.yaml", "--coverage")[1]
    reopened = "      - {by: onni, do: reopen, reason: Thaw}\n"
    (tmp_path / "apples.test.yaml").write_text(HEAD + CHEAP.rstrip("\n") + "\n" + reopened, "utf-8")
    assert "1 of 1 losses tried, reopening tried. A deal" in apples("diagram", "apples.yaml", "--coverage")[1]
    assert "untried: reopen" not in apples("show", "apples.yaml", "--coverage")[1]


@pytest.mark.parametrize("command", ["show", "diagram"])
def test_where_there_are_no_scenarios_that_is_said(apples: Procdef, tmp_path: Path, command: str) -> None:
    (tmp_path / "apples.test.yaml").unlink()
    code, _, err = apples(command, "apples.yaml", "--coverage")
    assert (code, "there are no scenarios beside apples.yaml" in err) == (2, True)
    apples("publish", "apples.yaml")
    (tmp_path / "apples.yaml").unlink()
    code, _, err = apples(command, "apples", "--coverage")
    assert (code, "scenarios lie beside files" in err) == (2, True)


def test_a_picture_is_of_deals_or_of_scenarios(apples: Procdef) -> None:
    assert apples("diagram", "apples.yaml", "--coverage", "--counts")[0] == 2


# The first scenarios


def test_a_new_process_comes_with_a_scenario_of_its_own(procdef: Procdef, tmp_path: Path) -> None:
    assert procdef("new", "sales.yaml") == (0, "wrote sales.yaml and sales.test.yaml; next: procdef check sales.yaml\n", "")
    code, out, _ = procdef("test", "sales.yaml", "--min-coverage", "60")
    assert (code, out.splitlines()[0]) == (0, "sales.test.yaml: 1 scenario, passed")


def test_scenarios_that_are_there_are_left_alone(procdef: Procdef, tmp_path: Path) -> None:
    (tmp_path / "sales.test.yaml").write_text("mine", "utf-8")
    assert procdef("new", "sales.yaml")[1] == "wrote sales.yaml; next: procdef check sales.yaml\n"
    assert (tmp_path / "sales.test.yaml").read_text("utf-8") == "mine"


@pytest.mark.parametrize("origin", ["b2b-sales", "crm-opportunities", "saas-inbound"])
def test_a_copy_of_a_shipped_process_comes_with_a_copy_of_its_scenarios(procdef: Procdef, tmp_path: Path, origin: str) -> None:
    assert procdef("new", "--from", origin, "ours.yaml")[0] == 0
    assert "$schema" not in (tmp_path / "ours.test.yaml").read_text("utf-8")
    assert procdef("test", "ours.yaml", "--min-coverage", "100")[0] == 0


def test_a_copy_of_a_file_gets_a_first_scenario_and_one_of_a_faulty_file_none(apples: Procdef, tmp_path: Path) -> None:
    assert apples("new", "--from", "apples.yaml", "pears.yaml")[1].startswith("wrote pears.yaml and pears.test.yaml;")
    assert apples("test", "pears.test.yaml")[0] == 0
    (tmp_path / "faulty.yaml").write_text(PROCESS.replace("next: sold", "next: solt"), "utf-8")
    assert apples("new", "--from", "faulty.yaml", "plums.yaml")[1] == "wrote plums.yaml; next: procdef check plums.yaml\n"


def test_a_shipped_process_is_tested_by_its_id(procdef: Procdef) -> None:
    code, out, _ = procdef("test", "crm-opportunities", "--min-coverage", "100")
    assert (code, "2 scenarios played, 0 failed" in out) == (0, True)


def test_editors_get_the_schema_of_scenarios(procdef: Procdef) -> None:
    schema = json.loads(procdef("schema", "--scenarios")[1])
    assert schema["title"] == "Scenarios that test a sales process (version 1)"
    assert procdef("schema", "--scenarios", "--api")[0] == 2


# JUnit


def test_the_junit_report_says_what_failed_and_why(apples: Procdef, tmp_path: Path) -> None:
    (tmp_path / "apples.test.yaml").write_text(HEAD + WRONG + SOLD, "utf-8")
    (tmp_path / "faulty.yaml").write_text(HEAD + SOLD.replace("aino, do: start", "ano, do: start"), "utf-8")
    (tmp_path / "report.xml").write_text("an older one", "utf-8")
    assert apples("test", "--junit", "report.xml")[0] == 1
    suites = ElementTree.parse(tmp_path / "report.xml").getroot()
    first, second = suites
    assert {name: first.attrib[name] for name in ("name", "tests", "failures", "errors", "id")} == {
        "name": "apples.test.yaml", "tests": "2", "failures": "1", "errors": "0", "id": "0",
    }  # fmt: skip
    assert [case.attrib["name"] for case in first.iter("testcase")] == ["cheap", "sold"]
    (failure,) = first.iter("failure")
    assert failure.attrib["message"] == "do: expected applied, found refused for offer.dear_enough: criterion-unmet"
    assert failure.text is not None
    assert "We would lose money" in failure.text
    (error,) = second.iter("error")
    assert (second.attrib["errors"], error.attrib["type"]) == ("1", "unlisted-person")


XSD = [Path(each) for each in os.environ.get("PROCDEF_JUNIT_XSD", "").split(os.pathsep) if each]


@pytest.mark.skipif(not XSD, reason="PROCDEF_JUNIT_XSD names no copies of the schemas")
def test_the_junit_report_keeps_the_schemas_of_ant_and_jenkins(apples: Procdef, tmp_path: Path) -> None:
    etree = pytest.importorskip("lxml.etree")
    (tmp_path / "apples.test.yaml").write_text(HEAD + WRONG.replace("A low price", "A \\u0007 price") + SOLD, "utf-8")
    (tmp_path / "faulty.yaml").write_text("procdef-test: 1\n", "utf-8")
    apples("test", "--junit", "report.xml")
    for schema in XSD:
        etree.XMLSchema(etree.parse(schema)).assertValid(etree.parse(tmp_path / "report.xml"))


SUITE = ["name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "time"]


def test_the_junit_report_has_all_that_the_schema_of_ant_asks_for_in_its_order(apples: Procdef, tmp_path: Path) -> None:
    assert apples("test", "--junit", "report.xml")[0] == 0
    (suite,) = ElementTree.parse(tmp_path / "report.xml").getroot()
    assert list(suite.attrib) == SUITE
    assert [part.tag for part in suite] == ["properties", "testcase", "testcase", "system-out", "system-err"]
    assert all(list(case.attrib) == ["name", "classname", "time"] for case in suite.iter("testcase"))
    time.strptime(suite.attrib["timestamp"], "%Y-%m-%dT%H:%M:%S")


# Watching


def test_watching_plays_again_when_a_file_changes(apples: Procdef, tmp_path: Path) -> None:
    watching = subprocess.Popen(
        [sys.executable, "-u", "-m", "procdef", "test", "--watch", "."],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (or a background shell has it ignored)
    )  # fmt: skip
    try:
        assert watching.stdout is not None
        lines = iter(watching.stdout.readline, "")
        assert "2 scenarios played, 0 failed\n" in lines
        (tmp_path / "apples.yaml").write_text(PROCESS.replace("price >= 100", "price >= 10"), "utf-8")
        assert "2 scenarios played, 1 failed\n" in lines
        (tmp_path / "apples.yaml").unlink()
        assert "0 scenarios played, 0 failed, 1 file with errors\n" in lines
        time.sleep(1)  # which the clock of this test needs, not the command
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=20)
        assert watching.returncode == 1  # as the last play went
    finally:
        watching.kill()
