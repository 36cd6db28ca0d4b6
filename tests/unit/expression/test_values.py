"""Values as they are taken in, logged and read back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procdef.expression import BadValue, FieldType, Json, Kind, Value, canonical, coerce, revive, types

LIST = FieldType(Kind.LIST, columns={"name": FieldType(Kind.TEXT), "size": FieldType(Kind.NUMBER)})
CHOICE = FieldType(Kind.CHOICE, options=("fair", "referral"))


@pytest.mark.parametrize(
    ("expected", "logged", "kind", "raw"),
    [
        (1054, 1054, FieldType(Kind.INTEGER), "1054"),
        (Decimal("-3.5"), "-3.5", FieldType(Kind.NUMBER), "-3.50"),
        (Decimal(0), "0", FieldType(Kind.NUMBER), "-0"),
        (Decimal(1000), "1000", FieldType(Kind.MONEY), Decimal("1E+3")),
        (Decimal(15), "15", FieldType(Kind.PERCENT), "15 %"),
        (True, True, FieldType(Kind.BOOLEAN), "true"),
        (date(2026, 1, 31), "2026-01-31", FieldType(Kind.DATE), "2026-01-31"),
        (
            datetime(2026, 1, 31, 10, tzinfo=UTC),
            "2026-01-31T10:00:00.000000Z",
            FieldType(Kind.DATETIME),
            "2026-01-31T12:00+02:00",
        ),
        ("fair", "fair", CHOICE, " fair "),
        ("\u00e9", "\u00e9", FieldType(Kind.TEXT), "e\u0301"),
        (({"name": "A", "size": Decimal(2)},), [{"name": "A", "size": "2"}], LIST, [{"name": "A", "size": "2.0"}]),
    ],
)
def test_a_value_is_taken_in_logged_and_read_back(expected: Value, logged: Json, kind: FieldType, raw: object) -> None:
    value = coerce(kind, raw)
    assert expected == value
    assert value is not None
    assert logged == canonical(kind, value)
    assert expected == revive(kind, logged)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_known_on_the_way_in_and_on_the_way_back(kind: Kind) -> None:
    assert kind in types._COERCED
    assert kind in types._REVIVED


@pytest.mark.parametrize("raw", ["", None, [], "  \n"])
def test_a_blank_unsets(raw: object) -> None:
    assert coerce(FieldType(Kind.TEXT), raw) is None


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (FieldType(Kind.INTEGER), 1.5),
        (FieldType(Kind.INTEGER), True),
        (FieldType(Kind.INTEGER), "1.5"),
        (FieldType(Kind.NUMBER), "1e3"),
        (FieldType(Kind.NUMBER), "1234567890123456"),
        (FieldType(Kind.NUMBER), "0.1234567"),
        (FieldType(Kind.NUMBER), Decimal("NaN")),
        (FieldType(Kind.PERCENT, maximum=Decimal(40)), "41"),
        (FieldType(Kind.BOOLEAN), "yes"),
        (FieldType(Kind.BOOLEAN), 1),
        (FieldType(Kind.DATE), "2026-02-30"),
        (FieldType(Kind.DATETIME), "2026-01-31T12:00"),
        (FieldType(Kind.DATETIME), datetime(2026, 1, 31)),
        (FieldType(Kind.EMAIL), "nobody"),
        (FieldType(Kind.URL), "ftp://example.com"),
        (FieldType(Kind.TEXT), "a\x00b"),
        (LIST, [{"nme": "A"}]),
        (LIST, [{}] * 1001),
    ],
)
def test_what_does_not_fit_is_refused(kind: FieldType, raw: object) -> None:
    with pytest.raises(BadValue):
        coerce(kind, raw)


def test_an_unknown_option_names_the_nearest() -> None:
    with pytest.raises(BadValue, match='did you mean "referral"'):
        coerce(CHOICE, "referal")


@pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.MONEY, Kind.PERCENT])
@pytest.mark.parametrize(
    "text",
    [
        "0", "-0", "5", "-5", "05", "+5", "5.0", "5.10", "0.000001", "0.0000001", "-0.5", "-0.0", ".5", "5.", "5 ", "5%",
        "999999999999999", "1000000000000000", "1e3", "", "x", "\u0665", "5\n", "123456.654321", "7", "8",
    ],
)  # fmt: skip
def test_a_decimal_is_canonical_where_reading_and_writing_it_gives_the_same(kind: Kind, text: str) -> None:
    of = FieldType(kind, minimum=Decimal(-6), maximum=Decimal(10**15))
    try:
        value = coerce(of, text)
    except BadValue:
        value = None
    assert types.is_canonical(of, text) is (value is not None and canonical(of, value) == text)
    assert not types.is_canonical(of, 5)
