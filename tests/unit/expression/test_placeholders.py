"""Placeholders: texts that a field does not take for an answer."""

from __future__ import annotations

import pytest

from procdef.expression import BadValue, FieldType, Kind, coerce
from procdef.expression.placeholders import bare
from procdef.expression.stored_values import is_canonical

TEXT = FieldType(Kind.TEXT, placeholders={bare(text): text for text in ("TBD", "n/a", "not known", "-", "?", "Straße")})


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        ("TBD", "TBD"),
        ("TBD", "tbd"),
        ("TBD", " Tbd. "),
        ("TBD", "(TBD)"),
        ("TBD", "<<tbd>>"),
        ("TBD", "*** TBD ***"),
        ("TBD", "T\u200bBD\u2060"),
        ("TBD", "\u00bfTBD?"),
        ("n/a", "N/A"),
        ("n/a", "n/a!"),
        ("not known", "Not  known"),
        ("not known", "not\nknown..."),
        ("-", "-"),
        ("-", "---"),
        ("-", "- -"),
        ("?", "???"),
        ("Straße", "STRASSE"),
    ],
)
def test_a_field_refuses_a_placeholder_whatever_its_case_spaces_and_punctuation(expected: str, given: str) -> None:
    with pytest.raises(BadValue) as told:
        coerce(TEXT, given)
    assert f"{expected} is a placeholder; leave the field empty until you know" == str(told.value)


@pytest.mark.parametrize("given", ["TBD Oy", "T.B.D", "na", "n a", "known", "?-", "!", "Strasser"])
def test_what_only_holds_a_placeholder_is_a_value(given: str) -> None:
    assert given == coerce(TEXT, given)


def test_a_column_refuses_a_placeholder_too_and_is_named() -> None:
    rows = FieldType(Kind.LIST, columns={"name": TEXT})
    with pytest.raises(BadValue, match="row 2, name: TBD is a placeholder; leave the field empty until you know") as told:
        coerce(rows, [{"name": "Anna"}, {"name": "tbd"}])
    assert told.value.column == "name"


def test_an_address_that_is_a_placeholder_is_told_as_one() -> None:
    with pytest.raises(BadValue, match="TBD is a placeholder"):
        coerce(FieldType(Kind.URL, placeholders=TEXT.placeholders), "tbd")


@pytest.mark.parametrize("stored", ["TBD", "tbd.", "\u00bfTBD?"])
def test_a_placeholder_is_no_value_in_a_log_either(stored: str) -> None:
    assert not is_canonical(TEXT, stored)
    assert is_canonical(FieldType(Kind.TEXT), stored)
