"""Values as they are taken in, logged and read back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procdef.expression import (
    BadValue,
    FieldType,
    Json,
    Kind,
    Value,
    canonical,
    coerce,
    given_values,
    revive,
    stored_values,
)

LIST = FieldType(Kind.LIST, columns={"name": FieldType(Kind.TEXT), "size": FieldType(Kind.NUMBER)})
CHOICE = FieldType(Kind.CHOICE, options=("fair", "referral"))
SET = FieldType(Kind.CHOICE, options=("globex", "acme", "in-house"), many=True)


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
        (("acme", "globex"), ["acme", "globex"], SET, "globex, acme"),
        (("acme", "globex"), ["acme", "globex"], SET, ["globex", "acme", " globex "]),
        (("acme",), ["acme"], SET, ("acme", "")),
        (("acme", "in-house"), ["acme", "in-house"], SET, {"in-house", "acme"}),
        (("acme",), ["acme"], SET, frozenset({"acme"})),
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
    assert kind in given_values._COERCED
    assert kind in stored_values._REVIVED


NOTHING = (
    *("", " ", "\n", "\u00a0", "\u3000", "\u2028"),
    *("\u200b", "\u200d", "\u200e", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u061c", "\U000e0041"),
    *("\u2800", "\u3164", "\u115f", "\u1160", "\uffa0", "\u034f", "\u17b4", "\ufe0f", "\U000e0100", "\U0001d159"),
)
"""White space, format characters (Unicode: Cf), and fillers."""


@pytest.mark.parametrize("raw", [None, *NOTHING, *(f" \u200b{sign}\u2060 " for sign in NOTHING)])
def test_a_blank_unsets(raw: object) -> None:
    assert coerce(FieldType(Kind.TEXT), raw) is None


@pytest.mark.parametrize("kind", [Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.INTEGER, Kind.DATE, Kind.CHOICE, Kind.BOOLEAN])
def test_a_blank_unsets_fields_of_every_type(kind: Kind) -> None:
    assert coerce(FieldType(kind), "\u200b\u3164 ") is None


@pytest.mark.parametrize("empty", [[], (), set(), frozenset()], ids=repr)
def test_an_empty_list_unsets_only_what_takes_a_list(empty: object) -> None:
    assert coerce(LIST, empty) is None
    assert coerce(SET, empty) is None
    for kind in (CHOICE, *(FieldType(each) for each in Kind if each is not Kind.LIST)):
        with pytest.raises(BadValue):
            coerce(kind, empty)


@pytest.mark.parametrize(
    ("expected", "raw"),
    [
        ("Acme", "\u200bAcme\u2060"),
        ("Acme", " \ufeff Acme \u3164"),
        ("Ac\u200bme", "Ac\u200bme"),
        ("\u0661\u06dd", "\u0661\u06dd "),  # the end of a verse is to be seen
        ("\u2764\ufe0f", "\u2764\ufe0f"),  # a heart as a picture
        ("\u0915\u094d\u200d", "\u0915\u094d\u200d"),  # half a letter of Hindi
        ("\U0001f3f4\U000e0067\U000e007f", "\U0001f3f4\U000e0067\U000e007f"),  # a flag, its code in tags
        ("\u1100\u1160", "\u1100\u1160"),  # a Korean consonant alone
    ],
)
def test_blanks_at_the_ends_go_and_what_belongs_to_a_letter_stays(expected: str, raw: str) -> None:
    assert expected == coerce(FieldType(Kind.TEXT), raw)


def test_a_control_character_is_no_blank() -> None:
    with pytest.raises(BadValue, match="control characters"):
        coerce(FieldType(Kind.TEXT), "\x00")


@pytest.mark.parametrize("raw", [[{}], [{}, {}], [{"name": "\u200b"}], [{"name": " ", "size": None}], ({},)])
def test_rows_without_a_value_unset_a_list(raw: object) -> None:
    assert coerce(LIST, raw) is None


def test_a_row_without_a_value_is_left_out() -> None:
    assert coerce(LIST, [{}, {"name": "A"}, {"name": "\u2060"}, {"name": "B"}]) == ({"name": "A"}, {"name": "B"})


def test_a_faulty_row_is_named_by_its_number_among_all() -> None:
    with pytest.raises(BadValue, match="row 3, size"):
        coerce(LIST, [{}, {"name": "A"}, {"size": "much"}])


def test_a_row_without_a_required_column_is_refused_with_its_number_and_the_column() -> None:
    guests = FieldType(Kind.LIST, columns={"name": FieldType(Kind.TEXT, required=True), "size": FieldType(Kind.NUMBER)})
    with pytest.raises(BadValue, match="row 2, name: must be filled in") as told:
        coerce(guests, [{"name": "Anna"}, {"size": "2", "name": "\u200b"}])
    assert told.value.column == "name"
    assert coerce(guests, [{}, {"name": "Anna"}]) == ({"name": "Anna"},)


@pytest.mark.parametrize("stored", ["\u200b", "Acme\u200b", "\u3164", "\u2764\ufe0f"])
def test_what_was_stored_before_blanks_counted_is_canonical_for_ever(stored: str) -> None:
    assert stored_values.is_canonical(FieldType(Kind.TEXT), stored)
    assert stored_values.is_canonical(LIST, [{}, {"name": stored}])


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
    assert stored_values.is_canonical(of, text) is (value is not None and canonical(of, value) == text)
    assert not stored_values.is_canonical(of, 5)
