"""Numbers with exactly three decimals, where money or a whole number is due, are never taken for granted."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from procdef.diagnostics import message_of
from procdef.expression import BadValue, FieldType, Kind, Scope, coerce, compile_expression
from procdef.expression.stored_values import is_canonical
from procdef.expression.three_decimals import WrittenNumber, two_readings

LINES = FieldType(Kind.LIST, columns={"price": FieldType(Kind.MONEY), "n": FieldType(Kind.INTEGER)})
FIELDS = {
    "budget": FieldType(Kind.MONEY),
    "seats": FieldType(Kind.INTEGER),
    "weight": FieldType(Kind.NUMBER),
    "discount": FieldType(Kind.PERCENT),
    "lines": LINES,
}
SCOPE = Scope(FIELDS, {}, ZoneInfo("UTC"), "EUR")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (("150", "150000"), "150.000"),
        (("1.5", "1500"), "1.500"),
        (("-1.5", "-1500"), "-1.500"),
        (("1.2550", "1255"), "1.255"),
        (("1234.5", "1234500"), "1234.500"),
        (None, "0.125"),
        (None, "150.00"),
        (None, "150.0000"),
        (None, "150000"),
    ],
)
def test_both_readings_are_given_in_a_form_that_has_only_one(expected: tuple[str, str] | None, text: str) -> None:
    assert expected == two_readings(text)
    assert [two_readings(reading) for reading in expected or ()] == [None] * len(expected or ())


@pytest.mark.parametrize("kind", [Kind.MONEY, Kind.INTEGER])
@pytest.mark.parametrize("raw", ["150.000", " 150.000 ", WrittenNumber("150.000")])
def test_a_value_with_two_readings_is_refused_with_both(raw: object, kind: Kind) -> None:
    with pytest.raises(BadValue) as bad:
        coerce(FieldType(kind), raw)
    assert bad.value.message == "150.000 can be read in two ways: write 150 or 150000"


@pytest.mark.parametrize("kind", [Kind.PERCENT, Kind.NUMBER])
def test_percent_and_plain_numbers_may_have_three_decimals(kind: Kind) -> None:
    assert coerce(FieldType(kind), "150.000") == 150
    assert coerce(FieldType(kind), WrittenNumber("1.255")) == Decimal("1.255")


def test_a_decimal_that_a_program_worked_out_is_taken_as_it_is() -> None:
    assert coerce(FieldType(Kind.MONEY), Decimal("150.000")) == 150


@pytest.mark.parametrize("stored", ["150.125", "1.255"])
def test_an_amount_with_three_decimals_stays_canonical_in_the_log(stored: str) -> None:
    assert is_canonical(FieldType(Kind.MONEY), stored)


@pytest.mark.parametrize(
    ("private", "says"),
    [(False, "row 1, price: 150.000 can be read in two ways: write 150 or 150000"), (True, "row 1, price: can be")],
)
def test_a_personal_number_is_asked_about_without_being_repeated(private: bool, says: str) -> None:
    with pytest.raises(BadValue) as bad:
        coerce(FieldType(Kind.LIST, private, columns=LINES.columns), [{"price": "150.000"}])
    assert bad.value.message.startswith(says)
    assert ("150" in bad.value.message) is not private


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["150.000"], "budget >= 150.000"),
        (["1.000", "2.000"], "budget between 1.000 and 2.000"),
        (["1.500"], "seats in [3, 1.500]"),
        (["1.000"], "budget + 1.000 > 5"),
        (["1.500"], "seats - 1.500 > 2"),
        (["30.000"], "seats * 30.000 <= budget"),
        (["10.000"], "sum(lines.price) > 10.000"),
        (["10.000"], "max(lines.n) > 10.000"),
        (["1.000"], "count(lines) > 1.000"),
        (["1.000"], "any(lines where n > 1.000)"),
        ([], "budget >= 150.00 and budget >= 0.125 and budget >= 150.0000"),
        ([], "budget * 1.125 > 3"),
        ([], "weight > 1.500"),
        ([], "discount > 1.500 %"),
        ([], "seats * 0.500 > 2"),
    ],
)
def test_a_literal_opposite_money_or_a_whole_number_is_asked_about(expected: list[str], text: str) -> None:
    faults = compile_expression(text, SCOPE).faults
    assert expected == [text[fault.place.start : fault.place.end] for fault in faults]
    assert all((fault.code, "write " in message_of(fault)) == ("ambiguous-number", True) for fault in faults)
