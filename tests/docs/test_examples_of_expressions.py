"""Every line of the tables on expressions is true."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from pages import ROOT, blocks

from procdef.diagnostics import message_of
from procdef.expression import FieldType, Kind, Points, Scope, Scoring, Situation, compile_expression
from procdef.expression.given_values import coerce

PAGE = (ROOT / "docs" / "expressions.md").read_text("utf-8")
FILES = {block.file: block.text for block in blocks(PAGE) if block.file}
ROWS = re.findall(r"^\| `([^`]+)` \| (.+?) \| (.*?) ?\|$", PAGE, re.MULTILINE)
VALUES = [row for row in ROWS if row[1] in ("true", "false", "unknown")]
FINDINGS = [row for row in ROWS if row not in VALUES]
NOON = datetime(2026, 1, 31, 10, tzinfo=UTC)


def field_type(described: dict[str, Any]) -> FieldType:
    columns = {name: field_type(column) for name, column in described.get("items", {}).items()}
    kind, options = Kind(described["type"]), tuple(described.get("options", ()))
    return FieldType(kind, options=options, many=described.get("many", False), columns=columns)


FIELDS = {name: field_type(described) for name, described in yaml.safe_load(FILES["fields.yaml"]).items()}
PLAIN = Scope(FIELDS, {"offer": ("approve_discount", "send_offer")}, ZoneInfo("Europe/Helsinki"), "EUR")


def scoring(name: str, described: dict[str, Any]) -> Scoring:
    points = []
    for each, told in described["points"].items():
        compiled = compile_expression(told["when"], PLAIN)
        assert compiled.expression is not None, compiled.faults
        points.append(Points(each, compiled.expression, told["points"]))
    return Scoring(name, tuple(points))


SCORES = {name: scoring(name, described) for name, described in yaml.safe_load(FILES["scores.yaml"]).items()}
SCOPE = replace(PLAIN, scores=SCORES)


@pytest.fixture(scope="module")
def deal() -> Situation:
    written = json.loads(FILES["values.json"])
    values = {name: coerce(FIELDS[name], value) for name, value in written.items()}
    return Situation(
        values={name: value for name, value in values.items() if value is not None},
        done={"offer.approve_discount"},
        now=NOON, today=NOON.date(), age=timedelta(days=3), stage_age=timedelta(days=1),
        idle=timedelta(hours=20), contact_age=timedelta(days=2),
    )  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "_because"), VALUES)
def test_an_expression_is_what_the_page_says(text: str, expected: str, _because: str, deal: Situation) -> None:
    compiled = compile_expression(text, SCOPE)
    assert compiled.faults == ()
    assert compiled.expression is not None
    assert {"true": True, "false": False, "unknown": None}[expected] is compiled.expression.evaluate(deal)


@pytest.mark.parametrize(("text", "finding", "says"), FINDINGS)
def test_a_faulty_expression_gets_the_finding_of_the_page(text: str, finding: str, says: str) -> None:
    found = [(fault.code, message_of(fault)) for fault in compile_expression(text, SCOPE).faults]
    if finding == "none":
        assert found == []
    else:
        ((code, message),) = found
        assert (code, True) == (finding.partition("]")[0][1:], says in message), message


def test_the_page_has_both_kinds_of_lines() -> None:
    assert len(VALUES) > 40
    assert len(FINDINGS) > 10
