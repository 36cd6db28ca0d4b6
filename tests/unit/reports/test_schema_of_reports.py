"""The JSON of a report is what its declared fields say, whatever was counted."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from made_histories import at, deal, gate, history, report, scope, stay

from procdef.reports.behind import BehindFigure
from procdef.reports.figures.groups import grouping
from procdef.reports.report import Report
from procdef.reports.scope import Window

ROWS = [
    history(deal("01-05", "won", "02-01", amount="9", offered=at("01-20"), values=("5", '"9"', '"3"')), gate(1, "01-06")),
    history(deal("01-05", "lost", "02-01", amount="7", offered=at("01-20")), stay(1, "lead", "01-05", "02-01", "lost")),
    history(deal(), stay(1, "lead", "01-05"), gate(1, "01-06", result="waived")),
]


@pytest.mark.parametrize("rows", [[], ROWS], ids=["no deal", "deals"])
def test_the_json_of_a_report_is_as_its_schema_says(rows: list) -> None:
    of = scope(since=at("01-01"), until=at("03-01"), before=Window(at("01-01"), at("01-02")))
    for by in (None, grouping(of, "month"), grouping(of, "discount")):
        shown = report(*rows, by=by, of=of).as_dict()
        Draft202012Validator(Report.json_schema()).validate(json.loads(json.dumps(shown)))


def test_both_schemas_are_schemas() -> None:
    for kind in (Report, BehindFigure):
        Draft202012Validator.check_schema(kind.json_schema())
