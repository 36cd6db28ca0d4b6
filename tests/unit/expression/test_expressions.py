"""Every line of the language's section on expressions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from procdef.diagnostics import message_of
from procdef.expression import FieldType, Kind, Scope, Situation, compile_expression

FIELDS = {
    "fit_score": FieldType(Kind.INTEGER),
    "seats": FieldType(Kind.INTEGER),
    "discount": FieldType(Kind.PERCENT),
    "offer_value": FieldType(Kind.MONEY),
    "meeting_at": FieldType(Kind.DATETIME),
    "expected_close": FieldType(Kind.DATE),
    "need": FieldType(Kind.TEXT, private=True),
    "company": FieldType(Kind.TEXT),
    "agreed": FieldType(Kind.BOOLEAN),
    "source": FieldType(Kind.CHOICE, options=("fair", "referral", "inbound", "web-site")),
    "role": FieldType(Kind.TEXT),
    "contacts": FieldType(
        Kind.LIST,
        columns={"name": FieldType(Kind.TEXT), "position": FieldType(Kind.CHOICE, options=("user", "decider"))},
    ),
    "teams": FieldType(Kind.LIST, columns={"role": FieldType(Kind.TEXT)}),
}
SCOPE = Scope(FIELDS, {"closing": ("approve_discount",)}, ZoneInfo("Europe/Helsinki"), "EUR")
DEAL = Situation(
    values={
        "fit_score": 50,
        "seats": 3,
        "discount": Decimal(20),
        "offer_value": Decimal(62000),
        "meeting_at": datetime(2026, 1, 31, 22, 30, tzinfo=UTC),
        "need": "Integration of stores",
        "source": "fair",
        "contacts": ({"position": "user"}, {"position": "user"}),
    },
    done={"closing.approve_discount"},
    now=datetime(2026, 1, 31, 12, tzinfo=UTC),
    today=date(2026, 1, 31),
    age=timedelta(days=3),
    stage_age=timedelta(hours=2),
)


OTHER_NOTATIONS = (
    "2026-02-01 00:30",
    "2026-02-01",
    "20260201T0030",
    "2026-W05-7T00:30",
    "2026-02-01T00",
    "2026-02-01T00:30,5",
    "2026-02-30T00:30",
)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (False, "fit_score >= 60"),
        (True, "fit_score * 2 + 1 == 101"),
        (True, "2 + 3 * 4 == 14"),
        (True, "(2 + 3) * 4 == 20"),
        (False, "discount <= 15 %"),
        (True, "discount <= 15 % or closing.approve_discount is done"),
        (False, "closing.approve_discount is not done"),
        (True, "meeting_at is set and meeting_at > now"),
        (True, "meeting_at == 2026-02-01"),
        (True, 'meeting_at == "2026-02-01T00:30"'),
        (True, 'meeting_at == "2026-01-31T22:30Z"'),
        (True, "source in [fair, referral]"),
        (False, "source not in [fair, referral]"),
        (True, 'source != "web-site"'),
        (True, "fair == source"),
        (False, "any(contacts where position == decider)"),
        (True, "all(contacts where position == user)"),
        (True, "count(contacts) >= 2"),
        (True, "count(contacts where position == user) == 2"),
        (None, "count(contacts where name == company) == 2"),
        (None, "agreed"),
        (True, 'need contains "INTEGRATION"'),
        (False, 'need == "integration of stores"'),
        (None, "expected_close - today <= 14 days"),
        (True, "today + 1 day == 2026-02-01"),
        (True, "now - 36 hours < meeting_at"),
        (True, "2026-03-01 - 2026-02-28 == 1 day"),
        (True, "discount between 15 % and 20 %"),
        (True, "not (source == inbound)"),
        (False, "deal.stage_age >= 5 days"),
        (True, "deal.age == 3 days"),
        (True, "offer_value == 62000"),
        (False, "offer_value <= seats * 30"),
        (True, "offer_value * 10 % == 6200"),
        (True, "discount == 2 * 10 %"),
        (True, "discount * 2 + 5 % == 45 %"),
        (True, "discount == 30 % - seats * 5 % + 5 %"),
        (True, "seats * 5 % + discount * 2 == 55 %"),
        (True, "seats * 5 % + discount * 2 == 0.55"),
        (True, "seats * 10 % * offer_value == 18600"),
        (True, "offer_value * (seats * discount) == 37200"),
        (True, "seats * discount * 50 % == 0.3"),
        (True, "seats * 50 % * deal.age == 108 hours"),
        (None, "not agreed"),
        (None, "expected_close == today"),
        (True, "true or agreed"),
        (False, "false and agreed"),
        (None, "true and agreed"),
        (None, "false or agreed"),
        (False, "agreed is set"),
        (True, "agreed is not set"),
        (None, "any(teams where true)"),
        (None, "all(teams where true)"),
        (True, "count(teams) == 0"),
        (None, "today in [2026-01-31, expected_close]"),
    ],
)
def test_an_expression_is_true_false_or_unknown(expected: bool | None, text: str) -> None:
    compiled = compile_expression(text, SCOPE)
    assert compiled.faults == ()
    assert compiled.expression is not None
    assert expected is compiled.expression.evaluate(DEAL)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ([("expression-syntax", 9)], "discount = 15 %"),
        ([("expression-syntax", 12)], "discount <= 7,5 %"),
        ([("expression-syntax", 10)], "1 < seats < 3"),
        ([("expression-syntax", 13)], "deal.age > 3 business days"),
        ([("expression-syntax", 19)], "any(contacts where count(contacts) > 1)"),
        ([("expression-syntax", 9)], 'company =~ "x"'),
        ([("expression-syntax", 0)], ""),
        ([("missing-unit", 11)], "discount > 15"),
        ([("type-mismatch", 0)], "offer_value <= seats"),
        ([("type-mismatch", 0)], "company < 5"),
        *(([("type-mismatch", 13)], f'meeting_at > "{text}"') for text in OTHER_NOTATIONS),
        ([("unknown-name", 0), ("unknown-option", 27)], "fitscore > 3 and source == fare"),
        ([("unknown-name", 0)], "sorce == fair"),
        ([("expression-syntax", 6)], "seats / 2 > 1"),
        ([("unknown-stage", 0)], "closng.approve_discount is done"),
        ([("unknown-action", 0)], "closing.approve is done"),
        ([("ambiguous-name", 16)], 'any(teams where role == "x")'),
        ([("mixed-and-or", 18)], "agreed and agreed or agreed"),
        ([("too-long", 0)], "agreed or " * 120 + "agreed"),
        ([("too-long", 24)], "(" * 30 + "agreed" + ")" * 30),
    ],
)
def test_a_faulty_expression_says_what_is_wrong_and_where(expected: list[tuple[str, int]], text: str) -> None:
    assert expected == [(fault.code, fault.place.start) for fault in compile_expression(text, SCOPE).faults]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("", "seats == 3"),
        ("offer_value <= 50000, and offer_value is 62000", "offer_value <= 50000"),
        ("contacts: 2 rows, none match", "any(contacts where position == decider)"),
        ("expected_close is not filled in", "expected_close > today"),
        ('need contains "x", and need is (personal)', 'need contains "x"'),
        (
            "meeting_at < now, and meeting_at is 2026-02-01 00:30 Europe/Helsinki and now is 2026-01-31 14:00 Europe/Helsinki",
            "meeting_at < now",
        ),
        (
            "none of these: seats > 5, because seats is 3; agreed, because agreed is not filled in",
            "seats > 5 or agreed",
        ),
        (
            "none of these: 1 == 2; agreed, because agreed is not filled in",
            "1 == 2 or agreed",
        ),
        (
            "none of these: not (seats is set), because seats is filled in; agreed, because agreed is not filled in",
            "not (seats is set) or agreed",
        ),
        (
            "none of these: seats is not set, but it is filled in; seats > 5, because seats is 3",
            "seats is not set or seats > 5",
        ),
    ],
)
def test_an_expression_explains_why_it_is_not_true(expected: str, text: str) -> None:
    expression = compile_expression(text, SCOPE).expression
    assert expression is not None
    assert expected == expression.explain(DEAL)


def test_a_time_at_the_end_of_the_calendar_is_explained_in_utc() -> None:
    expression = compile_expression("meeting_at < now", SCOPE).expression
    assert expression is not None
    last = replace(DEAL, values={"meeting_at": datetime(9999, 12, 31, 23, 30, tzinfo=UTC)})
    assert "meeting_at is 9999-12-31 23:30 UTC" in expression.explain(last)


def test_an_expression_knows_what_it_reads() -> None:
    expression = compile_expression(
        "seats > 1 and now > meeting_at and closing.approve_discount is done", SCOPE
    ).expression
    assert expression is not None
    assert {"seats", "meeting_at"} == expression.fields
    assert {"closing.approve_discount"} == expression.actions
    assert expression.clock


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("use ==", "discount = 15 %"),
        ("write 7.5", "discount <= 7,5 %"),
        ("use between", "1 < seats < 3"),
        ("write 15 %", "discount > 15"),
        ("business time belongs to sla", "deal.age > 3 business days"),
        ("there is no division", "seats / 2 > 1"),
        ('did you mean "fit_score"?', "fitscore > 3"),
        ('did you mean "fair"?', "source == fare"),
        ("text (company)", "company == 5"),
        ("number (5)", "company == 5"),
        ("end the text", 'source == "web-site'),
        ('write it in quotes, "2nd-hand"', "source == 2nd-hand"),
        ('"1e3" is not a number', "seats > 1e3"),
        ("in straight double quotes", "company == “x”"),
        ("cannot subtract number (5) and date", "5 - expected_close > today"),
    ],
)
def test_a_fault_says_how_to_mend_it(expected: str, text: str) -> None:
    faults = compile_expression(text, SCOPE).faults
    assert expected in " ".join(message_of(fault) for fault in faults)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("discount <= 7.5 %", "discount <= 7,5 %"),
        ("offer_value >= 1234567", "offer_value >= 1,234,567"),
        ("offer_value >= 1000.50", "offer_value >= 1.000,50"),
        ('meeting_at > "2026-01-31T12:00"', "meeting_at > 2026-01-31T12:00"),
        ('meeting_at > "2026-01-31T12:00"', "meeting_at > 2026-01-31 12:00"),
        ("expected_close > 2026-01-31", "expected_close > 31.1.2026"),
        ("deal.age > 5 days", "deal.age > 5days"),
        ("seats >= 3", "seats ≥ 3"),
        ('source == "web-site"', "source == web-site"),
        ("discount > 15 %", "discount > 15"),
        ("deal.age > 5 days", "deal.age > 5"),
        ("deal.age + 5 days > 9 days", "deal.age + 5 > 9 days"),
        ("expected_close > today - 3 days", "expected_close > today - 3"),
        ("seats != 3", "seats <> 3"),
        ("seats >= 3", "seats => 3"),
        ("seats == 3", "seats = 3"),
        ("agreed and agreed", "agreed && agreed"),
        ("agreed or agreed", "agreed | agreed"),
        ("agreed and agreed", "agreed AND agreed"),
        ('company contains "x"', "company contains 'x'"),
        ("expected_close > 2026-01-31", 'expected_close > "2026-01-31"'),
        ("source == fair", "source == fare"),
        ("seats > 3", "seat > 3"),
    ],
)
def test_the_fix_of_a_fault_mends_the_expression(expected: str, text: str) -> None:
    fault = compile_expression(text, SCOPE).faults[0]
    assert fault.fix is not None
    assert expected == text[: fault.place.start] + fault.fix + text[fault.place.end :]
    assert compile_expression(expected, SCOPE).faults == ()


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (True, "today + 3 days * seats > today"),
        (True, "today + (seats + 2 * count(contacts)) * 1 week > today"),
        (True, "today + 3 days * 2 == today + 6 days"),
        (None, "today + 3 days * 0.5 > today"),
        (None, "today + 3 days * (seats * 0.5) > today"),
    ],
)
def test_a_date_goes_with_whole_days_times_whole_numbers_only(expected: bool | None, text: str) -> None:
    compiled = compile_expression(text, SCOPE).expression
    assert expected is (compiled.evaluate(DEAL) if compiled else None)
