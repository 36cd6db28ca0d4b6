"""Languages and currencies are real ones, and a currency without decimals takes none."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.expression import BadValue, coerce
from procdef.language import check, load
from procdef.language.currencies import CURRENCIES, WHOLE, currency_meant
from procdef.language.language_codes import TWO_LETTERS, is_language, language_meant

SOUND = (Path(__file__).parents[2] / "golden" / "ok" / "syntax.yaml").read_text("utf-8")
YEN = SOUND.replace("currency: EUR", "currency: JPY").replace("offer: {type: money}", "offer: {type: money, min: 100}")


@pytest.mark.parametrize("code", ["en", "fi", "ja", "cs", "uk", "se", "sv", "zh-Hant", "pt-BR", "en-GB", "smn", "fil", "nb"])
def test_a_language_is_taken(code: str) -> None:
    assert is_language(code)
    assert check(SOUND.replace("languages: [en]", f"languages: [{code}]")) == []


@pytest.mark.parametrize(
    ("meant", "code"),
    [("ja", "jp"), ("cs", "cz"), (None, "xx"), ("fi", "fin"), ("de", "ger"), ("he", "iw"), ("en-GB", "en-UK"), (None, "en-QQ"),
     (None, "qqq"), ("el", "gr"), ("da", "dk"), ("sv", "Swedish"), ("en", "EN"), ("fr", "fra"), (None, "Klingonish")],
)  # fmt: skip
def test_what_is_no_language_is_told_with_the_one_that_is_meant(meant: str | None, code: str) -> None:
    (found,) = check(SOUND.replace("languages: [en]", f"languages: [{code}]"))
    assert (found.code, found.subject, found.fix, language_meant(code)) == ("unknown-language", code, meant, meant)


def test_a_language_that_texts_are_written_in_is_not_mended_in_one_place_alone() -> None:
    source = SOUND.replace("languages: [en]", "languages: [en, jp]").replace("title: Meeting", "title: {en: Meeting, jp: X}")
    (found,) = [one for one in check(source) if one.code == "unknown-language"]
    assert (found.fix, found.candidates) == (None, ("ja",))


def test_the_codes_of_two_letters_are_those_of_the_standard() -> None:
    assert len(TWO_LETTERS) == 183
    assert not {"jp", "cz", "dk", "xx", "sh"} & TWO_LETTERS


@pytest.mark.parametrize(
    ("meant", "written"),
    [("EUR", "HRK"), ("EUR", "BGN"), ("EUR", "DEM"), ("EUR", "euro"), ("EUR", "€"), ("USD", "$"), ("USD", "usd"),
     ("EUR", "ERU"), (None, "XXX"), (None, "KHQ"), (None, "money"), ("RUB", "RUR")],
)  # fmt: skip
def test_what_is_no_currency_is_told_with_the_one_that_is_meant(meant: str | None, written: str) -> None:
    (found,) = check(SOUND.replace("currency: EUR", f"currency: {written}"))
    assert (found.code, found.fix, currency_meant(written)) == ("unknown-currency", meant, meant)


def test_currencies_without_decimals_are_currencies() -> None:
    assert WHOLE <= CURRENCIES
    assert "EUR" not in WHOLE


def test_whole_amounts_of_a_currency_without_decimals_are_taken() -> None:
    assert check(YEN.replace("{require: [due]}", "{check: offer > 100.0 and due is set}")) == []


@pytest.mark.parametrize(
    ("code", "right", "wrong"),
    [
        ("wrong-type", "min: 100", "min: 100.5"),
        ("wrong-type", "min: 100", "max: 100.25"),
        ("wrong-type", "amount: 1000", "amount: 1000.5"),
        ("wrong-type", "due: {type: date}", "due: {type: date}\n  rows: {type: list, items: {a: {type: money, min: 0.5}}}"),
        ("type-mismatch", "{require: [due]}", "{check: offer > 100.5 and due is set}"),
        ("type-mismatch", "{require: [due]}", "{check: offer between 10 and 100.5 and due is set}"),
    ],
)  # fmt: skip
def test_an_amount_with_decimals_of_a_currency_that_has_none_is_told(code: str, right: str, wrong: str) -> None:
    assert right in YEN
    found = [one for one in check(YEN.replace(right, wrong)) if one.severity == "error"]
    assert [(one.code, "JPY has no decimals" in one.message) for one in found] == [(code, True)]
    assert [one for one in check(YEN.replace(right, wrong).replace("JPY", "EUR")) if one.severity == "error"] == []


@pytest.mark.parametrize("given", ["100.5", "0.01"])
def test_a_value_with_decimals_of_a_currency_that_has_none_is_refused(given: str) -> None:
    price = load(SOUND.replace("currency: EUR", "currency: JPY")).fields["offer"].type
    with pytest.raises(BadValue, match="must be a whole number, as JPY has no decimals"):
        coerce(price, given)
    assert coerce(price, "100.00") == 100
    assert coerce(load(SOUND).fields["offer"].type, given) is not None
