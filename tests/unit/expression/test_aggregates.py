"""Sums, minima and maxima of the column of a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from procdef.diagnostics import message_of
from procdef.expression import FieldType, Kind, Scope, Situation, compile_expression

LINES = FieldType(
    Kind.LIST,
    columns={
        "price": FieldType(Kind.MONEY),
        "count_of": FieldType(Kind.INTEGER),
        "rebate": FieldType(Kind.PERCENT),
        "optional": FieldType(Kind.BOOLEAN),
        "ready": FieldType(Kind.DATE),
        "called": FieldType(Kind.DATETIME),
        "cost": FieldType(Kind.MONEY, private=True),
        "word": FieldType(Kind.TEXT),
    },
)
FIELDS = {
    "lines": LINES,
    "none": LINES,
    "payroll": FieldType(Kind.LIST, private=True, columns={"pay": FieldType(Kind.MONEY)}),
    "budget": FieldType(Kind.MONEY),
    "plan": FieldType(Kind.CHOICE, options=("min", "max")),
}
SCOPE = Scope(FIELDS, {"offer": ("send",)}, ZoneInfo("Europe/Helsinki"), "EUR")
DEAL = Situation(
    values={
        "budget": Decimal(5000),
        "plan": "max",
        "payroll": ({"pay": Decimal(10)},),
        "lines": (
            {"price": Decimal("7000.50"), "optional": False, "count_of": 2, "rebate": Decimal(5), "cost": Decimal(1)},
            {"price": Decimal(3000), "optional": False, "count_of": 3, "ready": date(2026, 3, 1), "cost": Decimal(2)},
            {"price": Decimal(900), "optional": True, "called": datetime(2026, 1, 31, 22, 30, tzinfo=UTC)},
        ),
    },
    done=(),
    now=datetime(2026, 1, 31, 12, tzinfo=UTC),
    today=date(2026, 1, 31),
    age=timedelta(days=3),
    stage_age=timedelta(hours=2),
)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (True, "sum(lines.price where optional == false) >= 10000"),
        (True, "sum(lines.price) == 10900.50"),
        (False, "sum(lines.price) <= budget"),
        (True, "min(lines.price) == 900"),
        (True, "max(lines.price where optional == false) > 7000"),
        (True, "sum(lines.price where price < budget) == 3900"),
        (True, "sum(lines.count_of where optional == false) == 5"),
        (True, "max(lines.rebate where rebate is set) == 5 %"),
        (True, "max(lines.ready where ready is set) - today == 29 days"),
        (True, "max(lines.called where called is set) == 2026-02-01"),
        (True, "sum(lines.price) * 10 % == 1090.05"),
        (True, "today + sum(lines.count_of where optional == false) * 1 day == 2026-02-05"),
        (True, "plan == max"),
    ],
)
def test_a_column_is_summed_up_over_the_rows_that_count(expected: bool, text: str) -> None:
    assert expected is truth(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (True, "sum(none.price) == 0"),
        (True, "sum(lines.price where price > 90000) == 0"),
        (None, "min(none.price) > 0"),
        (None, "max(none.price) > 0"),
        (None, "min(lines.price where price > 90000) > 0"),
    ],
)
def test_the_sum_of_no_rows_is_nothing_and_their_minimum_is_unknown(expected: bool | None, text: str) -> None:
    assert expected is truth(text)


@pytest.mark.parametrize(
    "text",
    [
        "sum(lines.count_of) > 1",
        "min(lines.count_of) > 1",
        "sum(lines.price where count_of > 1) > 1",
        'max(lines.price where word == "x") > 1',
    ],
)
def test_an_aggregate_is_unknown_when_a_row_that_counts_lacks_the_column_or_may_count(text: str) -> None:
    assert truth(text) is None


def test_a_row_that_does_not_count_may_lack_the_column() -> None:
    assert truth("sum(lines.count_of where optional == false) == 5") is True


def truth(text: str) -> bool | None:
    compiled = compile_expression(text, SCOPE)
    assert compiled.faults == ()
    assert compiled.expression is not None
    assert {"budget", "plan", *FIELDS} >= compiled.expression.fields
    return compiled.expression.evaluate(DEAL)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("sum(lines.price) > 20000, and sum(lines.price) is 10900.5", "sum(lines.price) > 20000"),
        ("min(lines.price) > budget, and min(lines.price) is 900 and budget is 5000", "min(lines.price) > budget"),
        ("max(lines.rebate where rebate is set) > 6 %, and max(lines.rebate where rebate is set) is 5 %",
         "max(lines.rebate where rebate is set) > 6 %"),
        ("max(lines.ready where ready is set) < today, and max(lines.ready where ready is set) is 2026-03-01"
         " and today is 2026-01-31", "max(lines.ready where ready is set) < today"),
        ("max(lines.called where called is set) < 2026-02-01, and max(lines.called where called is set) is"
         " 2026-02-01 00:30 Europe/Helsinki", "max(lines.called where called is set) < 2026-02-01"),
        ("sum(lines.count_of) is unknown, for 1 of 3 rows lacks count_of", "sum(lines.count_of) > 1"),
        ("sum(lines.rebate) is unknown, for 2 of 3 rows lack rebate", "sum(lines.rebate) > 1 %"),
        ("sum(lines.price where count_of > 1) is unknown, for 1 of 3 rows cannot be judged",
         "sum(lines.price where count_of > 1) > 1"),
        ("max(none.price) is unknown, for none has no rows", "max(none.price) > 1"),
        ("max(lines.price where price > 90000) is unknown, for no row counts", "max(lines.price where price > 90000) > 1"),
        ("count(lines where count_of > 1) is unknown, for 1 of 3 rows cannot be judged", "count(lines where count_of > 1) > 1"),
        ("sum(lines.cost where cost is set) > 9, and sum(lines.cost where cost is set) is (personal)",
         "sum(lines.cost where cost is set) > 9"),
        ("sum(payroll.pay) > 90, and sum(payroll.pay) is (personal)", "sum(payroll.pay) > 90"),
    ],
)  # fmt: skip
def test_an_aggregate_explains_what_it_came_to(expected: str, text: str) -> None:
    expression = compile_expression(text, SCOPE).expression
    assert expression is not None
    assert expected == expression.explain(DEAL)


def test_the_sum_of_a_single_row_that_lacks_the_column_says_so() -> None:
    expression = compile_expression("sum(lines.price) > 1", SCOPE).expression
    assert expression is not None
    one = replace(DEAL, values={"lines": ({"optional": True},)})
    assert expression.explain(one) == "sum(lines.price) is unknown, for 1 of 1 row lacks price"


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (("type-mismatch", "lines", "sum takes a column of a list: write lines.price or lines.count_of"), "sum(lines) > 1"),
        (("type-mismatch", "budget", "sum takes a column of a list, found money (budget)"), "sum(budget) > 1"),
        (("type-mismatch", "lines.word", "max takes a column of numbers, money, percent, dates or times, found text"),
         "max(lines.word) > 1"),
        (("type-mismatch", "lines.ready", "sum takes a column of numbers, money or percent, found date (ready)"),
         "sum(lines.ready) > 1"),
        (("type-mismatch", "lines.price", "count takes a whole list: write lines"), "count(lines.price) > 1"),
        (("type-mismatch", "sum(lines.price) > min(lines.rebate)", "cannot compare percent with money"),
         "sum(lines.price) > min(lines.rebate)"),
        (("unknown-name", "lines.prise", 'there is no column "prise" in "lines" (did you mean "price"?)'),
         "sum(lines.prise) > 1"),
        (("unknown-name", "line", 'there is no list "line" (did you mean "lines"?)'), "sum(line.price) > 1"),
        (("expression-syntax", "max(budget,", "max takes one column of a list"), "max(budget, 3) > 1"),
        (("expression-syntax", "sum(lines.price)", "cannot stand inside one another"),
         "any(lines where sum(lines.price) > 1)"),
        (("expression-syntax", "avg", "only any, all, count, sum, min and max look into a list"), "avg(lines.price) > 1"),
        (("missing-unit", "1", "write 1 %"), "sum(lines.rebate) > 1"),
        (("type-mismatch", "lines.price", "write max(lines.price) or any(lines where price >= 100)"), "lines.price >= 100"),
        (("type-mismatch", "lines.price", "write max(lines.price) or any(lines where price > 3 * budget)"),
         "lines.price > 3 * budget"),
        (("type-mismatch", "lines.price", "write max(lines.price)"), "lines.price * 2 > 100"),
        (("type-mismatch", "lines.ready", "many rows: write any(lines where ready is set)"), "lines.ready is set"),
        (("type-mismatch", "lines.word", 'many rows: write any(lines where word contains "lines.x")'),
         'lines.word contains "lines.x"'),
        (("type-mismatch", "lines.optional", "many rows: write any(lines where optional)"), "lines.optional"),
        (("type-mismatch", "lines.price", "stands alone: write price"), "any(lines where lines.price > 5)"),
        (("unknown-name", "lines.prise", 'there is no column "prise" in "lines" (did you mean "price"?)'),
         "lines.prise > 1"),
    ],
)  # fmt: skip
def test_a_faulty_aggregate_says_what_is_wrong_and_where(expected: tuple[str, str, str], text: str) -> None:
    (fault,) = compile_expression(text, SCOPE).faults
    code, place, says = expected
    assert (code, place) == (fault.code, text[fault.place.start : fault.place.end])
    assert says in message_of(fault)


@pytest.mark.parametrize(
    ("expected", "text"),
    [("sum(lines.price) > 1", "sum(lines.prise) > 1"), ("sum(lines.price) > 1", "sum(line.price) > 1"),
     ("count(lines) > 1", "count(lines.price) > 1")],
)  # fmt: skip
def test_the_fix_of_a_faulty_aggregate_mends_it(expected: str, text: str) -> None:
    (fault,) = compile_expression(text, SCOPE).faults
    assert expected == text[: fault.place.start] + (fault.fix or "") + text[fault.place.end :]
