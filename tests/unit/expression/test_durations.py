"""Minutes, and months and years, which have no fixed length."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from procdef.diagnostics import message_of
from procdef.expression import FieldType, Kind, Scope, Situation, compile_expression

FIELDS = {
    "renewal": FieldType(Kind.DATE),
    "signed": FieldType(Kind.DATETIME),
    "notice": FieldType(Kind.INTEGER),
    "factor": FieldType(Kind.NUMBER),
    "fee": FieldType(Kind.MONEY),
}
SCOPE = Scope(FIELDS, {}, ZoneInfo("Europe/Helsinki"), "EUR")
DEAL = Situation(
    values={"renewal": date(2026, 5, 31), "signed": datetime(2025, 12, 29, 1, 30, tzinfo=UTC), "notice": 3},
    done=(),
    now=datetime(2026, 2, 28, 12, tzinfo=UTC),
    today=date(2026, 2, 28),
    age=timedelta(days=3),
    stage_age=timedelta(minutes=20),
)


def truth(text: str, deal: Situation = DEAL) -> bool | None:
    compiled = compile_expression(text, SCOPE)
    assert compiled.faults == ()
    assert compiled.expression is not None
    return compiled.expression.evaluate(deal)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (True, "deal.stage_age < 30 minutes"),
        (False, "deal.stage_age < 1 minute"),
        (True, "60 minutes == 1 hour"),
        (True, "now + 90 minutes > now + 1 hour"),
    ],
)
def test_minutes_are_a_fixed_length(expected: bool, text: str) -> None:
    assert expected is truth(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (True, "renewal - 3 months <= today"),
        (True, "renewal - 3 months == 2026-02-28"),
        (True, "renewal + 1 month == 2026-06-30"),
        (True, "1 month + renewal == 2026-06-30"),
        (True, "2024-02-29 + 1 year == 2025-02-28"),
        (True, "2024-02-29 + 4 years == 2028-02-29"),
        (True, "renewal - notice * 1 month == 2026-02-28"),
        (True, "renewal + (1 year - 2 months) == 2027-03-31"),
        (True, "renewal + 1 month + 1 day == 2026-07-01"),
        (True, "notice * 1 month <= 1 year"),
    ],
)
def test_months_and_years_lead_to_the_same_day_of_the_month_or_its_last(expected: bool, text: str) -> None:
    assert expected is truth(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        # 03:30 in Helsinki; on 29 March 2026 the clocks jump from 3 to 4, so that it is an hour later
        (True, 'signed + 3 months == "2026-03-29T04:30"'),
        # on 25 October 2026 they show 03:30 twice: the earlier is at 00:30 UTC
        (True, 'signed - 4 days + 10 months == "2026-10-25T00:30Z"'),
        (True, "signed + 2 months == 2026-02-28"),
        (True, "signed + 0 months == signed"),
    ],
)
def test_a_time_stays_the_same_on_the_clocks_of_the_process(expected: bool, text: str) -> None:
    assert expected is truth(text)


@pytest.mark.parametrize(
    "text",
    [
        "renewal + 999999999999999 years > today",
        "renewal - 999999999999999 years < today",
        "today - 999999999999999 years + 999999999999999 years == today",
        "now + 999999999999999 months > now",
        "signed - notice * 999999999999999 years < now",
        "now + deal.age * factor + 1 month > now",
    ],
)
def test_no_number_of_months_leaves_the_reach_of_an_expression(text: str) -> None:
    assert truth(text, replace(DEAL, values={**DEAL.values, "factor": Decimal("0.000001")})) is True


@pytest.mark.parametrize(
    ("says", "fixed", "text"),
    [
        ("a month has no fixed length: write 90 days", "deal.age > 90 days", "deal.age > 3 months"),
        ("a year has no fixed length: write 730 days", "deal.age > 730 days", "deal.age > 2 years"),
        ("write renewal > today + 3 months", "renewal > today + 3 months", "renewal - today > 3 months"),
        ("write today + 1 year <= renewal", "today + 1 year <= renewal", "1 year <= renewal - today"),
        ("write 30 days", "deal.age + 30 days > 9 days", "deal.age + 1 month > 9 days"),
        ("write 30 days", "deal.age in [30 days, 2 days]", "deal.age in [1 month, 2 days]"),
        ("write it in days", None, "deal.age > notice * 1 month"),
    ],
)
def test_a_month_opposite_a_fixed_duration_says_what_to_write(says: str, fixed: str | None, text: str) -> None:
    (fault,) = compile_expression(text, SCOPE).faults
    assert fault.code == "type-mismatch"
    assert says in message_of(fault)
    mended = None if fault.fix is None else text[: fault.place.start] + fault.fix + text[fault.place.end :]
    assert fixed == mended
    assert mended is None or compile_expression(mended, SCOPE).faults == ()


@pytest.mark.parametrize(
    ("code", "says", "text"),
    [
        ("type-mismatch", "multiplied by whole numbers", "renewal - factor * 1 month < today"),
        ("type-mismatch", "cannot multiply money (fee) and months or years", "renewal - fee * 1 month < today"),
        ("type-mismatch", "cannot subtract months or years and date (renewal)", "3 months - renewal < today"),
        ("type-mismatch", "cannot compare money (fee) with months or years", "fee == 3 months"),
        ("missing-unit", "write 5 months", "notice * 1 month > 5"),
        ("expression-syntax", "a duration takes a whole number of months", "renewal - 1.5 months < today"),
        ("expression-syntax", '"quarters" is not a unit here: write months', "renewal - 2 quarters < today"),
        ("expression-syntax", "space between them: write 3 months", "renewal - 3months < today"),
    ],
)
def test_a_faulty_duration_says_how_to_mend_it(code: str, says: str, text: str) -> None:
    (fault,) = compile_expression(text, SCOPE).faults
    assert (code, True) == (fault.code, says in message_of(fault)), message_of(fault)


@pytest.mark.parametrize(
    ("expected", "minutes"),
    [("1 minute", 1), ("119 minutes", 119), ("2 hours", 120), ("47 hours", 2879), ("2 days", 2880)],
)
def test_an_age_is_told_in_minutes_hours_or_days(expected: str, minutes: int) -> None:
    expression = compile_expression("deal.stage_age > 90 days", SCOPE).expression
    assert expression is not None
    there = replace(DEAL, stage_age=timedelta(minutes=minutes))
    assert f"deal.stage_age > 90 days, and deal.stage_age is {expected}" == expression.explain(there)
