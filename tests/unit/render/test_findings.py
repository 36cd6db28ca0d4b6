"""Findings in the forms that people, programs, code hosts and editors read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from procdef.diagnostics import Diagnostic, Related, Severity, Span
from procdef.language import check
from procdef.render.findings import github, json_lines, sarif, text


def finding(path: str = "p.yaml", message: str = "a fault", severity: Severity = Severity.ERROR) -> Diagnostic:
    first = Related(Span(path, 1, 2, 1, 3), "first defined here")
    return Diagnostic("bad-id", severity, Span(path, 3, 5, 3, 8), message, (first,), "good", "Good", "role", ("good",))


def run_of(*findings: Diagnostic) -> dict[str, Any]:
    log = json.loads(sarif(findings, {"bad-id": "Why it matters."}))
    assert {"$schema", "version", "runs"} == log.keys()
    assert log["version"] == "2.1.0"
    run: dict[str, Any] = log["runs"][0]
    return run


def test_a_sarif_result_names_its_rule_level_message_and_place() -> None:
    place = {
        "artifactLocation": {"uri": "p.yaml"},
        "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 8},
    }
    first = {
        "artifactLocation": {"uri": "p.yaml"},
        "region": {"startLine": 1, "startColumn": 2, "endLine": 1, "endColumn": 3},
    }
    expected = {
        "ruleId": "bad-id",
        "level": "error",
        "message": {"text": "a fault"},
        "locations": [{"physicalLocation": place}],
        "relatedLocations": [{"physicalLocation": first, "message": {"text": "first defined here"}}],
        "properties": {"subject": "Good", "kind": "role", "candidates": ["good"]},
    }
    assert [expected] == run_of(finding())["results"]


def test_sarif_describes_each_rule_once() -> None:
    rule = {
        "id": "bad-id",
        "fullDescription": {"text": "Why it matters."},
        "defaultConfiguration": {"level": "error"},
    }
    run = run_of(finding(), finding())
    assert [rule] == run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "procdef"
    assert run["columnKind"] == "unicodeCodePoints"


def test_sarif_of_no_findings_is_a_run_without_results() -> None:
    assert run_of()["results"] == []
    assert run_of()["tool"]["driver"]["rules"] == []


@pytest.mark.parametrize(
    ("level", "severity"), [("error", Severity.ERROR), ("warning", Severity.WARNING), ("note", Severity.INFO)]
)
def test_sarif_has_three_levels(level: str, severity: Severity) -> None:
    assert level == run_of(finding(severity=severity))["results"][0]["level"]


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("processes/b2b.yaml", "processes/b2b.yaml"),
        ("my%20sales/myynti%C3%A4.yaml", "my sales/myyntiä.yaml"),
        ("a%3Ab%23c%3Fd%25.yaml", "a:b#c?d%.yaml"),
        ("sub/p.yaml", "sub\\p.yaml"),
        ("file:///C:/sales/p%201.yaml", "C:\\sales\\p 1.yaml"),
        ("%FF.yaml", "\udcff.yaml"),
        ("%3Ctext%3E", "<text>"),
    ],
)
def test_a_path_in_sarif_is_a_uri_reference(uri: str, path: str) -> None:
    location = run_of(finding(path))["results"][0]["locations"][0]
    assert uri == location["physicalLocation"]["artifactLocation"]["uri"]


@pytest.mark.parametrize(
    ("expected", "path", "message"),
    [
        ("::error file=p.yaml,line=3,endLine=3,col=5::a fault [bad-id]\n", "p.yaml", "a fault"),
        ("::error file=a%3Ab%2Cc.yaml,line=3,endLine=3,col=5::x: y, z [bad-id]\n", "a:b,c.yaml", "x: y, z"),
        (
            "::error file=p.yaml,line=3,endLine=3,col=5::15 %25 %250A%0Anext%0D%0A::stop [bad-id]\n",
            "p.yaml",
            "15 % %0A\nnext\r\n::stop",
        ),
    ],
)
def test_a_github_annotation_escapes_what_would_end_it(expected: str, path: str, message: str) -> None:
    assert expected == github([finding(path, message)])


@pytest.mark.parametrize(
    ("command", "severity"), [("error", Severity.ERROR), ("warning", Severity.WARNING), ("notice", Severity.INFO)]
)
def test_github_has_three_commands(command: str, severity: Severity) -> None:
    assert github([finding(severity=severity)]).startswith(f"::{command} ")


def test_a_json_line_has_every_part_of_a_finding() -> None:
    expected = {
        "code": "bad-id",
        "severity": "error",
        "path": "p.yaml",
        "line": 3,
        "column": 5,
        "end_line": 3,
        "end_column": 8,
        "message": "a fault",
        "related": [
            {"path": "p.yaml", "line": 1, "column": 2, "end_line": 1, "end_column": 3, "message": "first defined here"}
        ],
        "fix": "good",
        "subject": "Good",
        "kind": "role",
        "candidates": ["good"],
    }
    assert expected == json.loads(json_lines([finding()]))


@pytest.mark.parametrize(
    ("line", "carets", "source"),
    [
        ("ab: Cde", "    ^^^", "x\ny\nab: Cde"),
        ("\tb: Cde", "\t   ^^^", "x\r\ny\r\n\tb: Cde"),
        ("漢字: Cde", "      ^^^", "x\ry\r漢字: Cde"),
        ("a\ufffdb Cde", "    ^^^", "x\ny\na\u202eb Cde"),
    ],
)
def test_text_marks_the_place_below_its_line(line: str, carets: str, source: str) -> None:
    shown = text([finding()], {"p.yaml": source}).splitlines()
    assert [f"    3 | {line}", f"      | {carets}"] == shown[1:3]


def test_a_message_is_one_line_for_programs_and_wrapped_on_a_terminal() -> None:
    long = finding(message="a fault that is told at length " * 4)
    assert len(text([long], {}).splitlines()) == 2
    shown = text([long], {}, 60).splitlines()
    assert len(shown) > 3
    assert max(map(len, shown)) <= 60


def test_every_format_takes_the_findings_of_a_real_file() -> None:
    found = check("procdef: 1\nid: X Y\n")
    assert len(found) == len(json_lines(found).splitlines()) == len(github(found).splitlines())
    assert len(found) == len(run_of(*found)["results"])


def test_a_file_name_cannot_steer_the_terminal_nor_begin_a_line() -> None:
    shown = text([finding("a\nb\x1b[2J\u202e\udcff.yaml")], {})
    assert [line.partition(":")[0] for line in shown.splitlines()] == ["a\ufffdb\ufffd[2J\ufffd\ufffd.yaml"] * 2
