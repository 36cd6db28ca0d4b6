"""Scores: what a sum of points comes to, and what a comparison comes to while some of them are open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from procdef.diagnostics import message_of
from procdef.expression import FieldType, Kind, Points, Scope, Scoring, Situation, compile_expression

FIELDS = {
    "employees": FieldType(Kind.INTEGER),
    "problem": FieldType(Kind.BOOLEAN),
    "late": FieldType(Kind.BOOLEAN),
    "email": FieldType(Kind.EMAIL, private=True),
    "seats": FieldType(Kind.INTEGER),
}
ACTIONS = {"meeting": ("hold",)}
ZONE = ZoneInfo("Europe/Helsinki")


def rule(name: str, **points: tuple[str, int]) -> Scoring:
    scope = Scope(FIELDS, ACTIONS, ZONE, "EUR")
    found = []
    for each, (when, number) in points.items():
        compiled = compile_expression(when, scope)
        assert compiled.expression is not None, compiled.faults
        found.append(Points(each, compiled.expression, number))
    return Scoring(name, tuple(found))


FIT = rule(
    "fit",
    size=("employees between 50 and 500", 40),
    problem=("problem", 30),
    reachable=("email is set", 20),
    late=("late", -10),
)
HEAT = rule("heat", met=("meeting.hold is done", 10), seats=("seats >= 100", 5))
SCOPE = Scope(FIELDS, ACTIONS, ZONE, "EUR", {"fit": FIT, "heat": HEAT, "ill": None})


def seen(*done: str, **values: Any) -> Situation:
    now = datetime(2026, 1, 31, 12, tzinfo=UTC)
    return Situation(values, done, now, date(2026, 1, 31), timedelta(), timedelta())


@pytest.mark.parametrize(
    ("expected", "text", "deal"),
    [
        (True, "fit >= 60", seen(employees=80, problem=True, late=False)),
        (False, "fit >= 60", seen(employees=10, problem=True, late=False)),
        (None, "fit >= 60", seen(problem=True, email="a@b.example", late=False)),
        (True, "fit >= 40", seen(problem=True, email="a@b.example")),  # 40, or 80 with the size: 10 less if late
        (None, "fit >= 41", seen(problem=True, email="a@b.example")),
        (False, "fit > 90", seen(problem=True)),
        (False, "fit == 35", seen(problem=True)),
        (None, "fit == 30", seen(problem=True)),
        (True, "fit != 35", seen(problem=True)),
        (True, "fit between 20 and 70", seen(problem=True)),
        (False, "fit in [1, 2, 3]", seen()),
        (True, "not (fit > 90)", seen()),
        (True, "fit - fit == 0", seen()),
        (True, "fit + heat >= -10", seen()),
        (False, "fit + heat > 105", seen()),
        (None, "fit + heat > 70", seen()),  # 70 and 5 at the most: no address is set, no meeting was held
        (True, "fit * 2 <= 180", seen()),
        (True, "heat == 15", seen("meeting.hold", seats=100)),
        (None, "fit >= seats", seen(problem=True)),
        (True, "fit >= 60 or problem", seen(problem=True)),
    ],
)
def test_a_comparison_comes_out_where_it_is_the_same_for_all_that_open_points_could_add(
    expected: bool | None, text: str, deal: Situation
) -> None:
    compiled = compile_expression(text, SCOPE)
    assert compiled.expression is not None, compiled.faults
    assert expected is compiled.expression.evaluate(deal)


def test_two_scores_with_too_many_combinations_stay_unknown() -> None:
    many = {f"p{k}": ("problem", 2**k) for k in range(9)}
    scope = Scope(FIELDS, ACTIONS, ZONE, "EUR", {"a": rule("a", **many), "b": rule("b", **many)})
    expression = compile_expression("a + b >= 0", scope).expression
    assert expression is not None
    assert expression.evaluate(seen()) is None
    assert expression.evaluate(seen(problem=False)) is True


@pytest.mark.parametrize(
    ("made_of", "deal"),
    [
        ("20 to 70 (problem 30; still open: size 40, late -10; missed: reachable 20)", seen(problem=True)),
        ("70 (size 40, problem 30; missed: reachable 20, late -10)", seen(employees=80, problem=True, late=False)),
        ("0 (missed: size 40, problem 30, reachable 20, late -10)", seen(employees=8, problem=False, late=False)),
    ],
)
def test_a_refusal_tells_what_made_the_score_and_what_could_still_be_won(made_of: str, deal: Situation) -> None:
    expression = compile_expression("fit >= 95", SCOPE).expression
    assert expression is not None
    assert f"fit >= 95, and fit is {made_of}" == expression.explain(deal)


def test_an_expression_reads_what_its_score_reads() -> None:
    expression = compile_expression("fit + heat >= 60 and late", SCOPE).expression
    assert expression is not None
    assert expression.fields == {"employees", "problem", "email", "late", "seats"}
    assert expression.actions == {"meeting.hold"}
    assert [each.id for each in expression.scores] == ["fit", "heat"]


@pytest.mark.parametrize(
    ("code", "message", "text"),
    [
        ("unknown-name", 'there is no field "fitt" (did you mean "fit"?)', "fitt >= 60"),
        ("type-mismatch", "expected something true or false, found number (fit): compare it with a value", "fit"),
        ("type-mismatch", '"fit" is always set', "fit is set"),
        ("type-mismatch", "cannot compare number (fit) with text", 'fit == "high"'),
        ("type-mismatch", "any takes a list, found number (fit)", "any(fit where problem)"),
    ],
)
def test_a_score_is_a_number_and_nothing_else(code: str, message: str, text: str) -> None:
    assert [(code, message)] == [(fault.code, message_of(fault)) for fault in compile_expression(text, SCOPE).faults]


def test_a_score_whose_own_rule_is_faulty_is_told_of_there_alone() -> None:
    compiled = compile_expression("ill >= 60", SCOPE)
    assert (compiled.expression, compiled.faults) == (None, ())


def test_scores_may_not_read_scores() -> None:
    scope = Scope(FIELDS, ACTIONS, ZONE, "EUR", {"fit": None, "heat": None}, scoring=True)
    message = '"fit" is a score, and a score cannot read another: repeat its condition here'
    assert [("expression-syntax", message)] == [(f.code, message_of(f)) for f in compile_expression("fit >= 60", scope).faults]


def test_the_numbers_that_a_score_can_be_are_the_sums_of_its_points() -> None:
    assert {0, 5, 10, 15} == HEAT.possible()
    assert FIT.judged(seen(employees=80)).total is None
    assert FIT.judged(seen(employees=80, problem=False, late=True)).total == Decimal(30)
