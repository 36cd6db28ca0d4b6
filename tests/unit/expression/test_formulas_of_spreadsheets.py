"""Formulas of spreadsheets and words in capitals are told once, with the whole expression as it should be."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.language import check

SOUND = (Path(__file__).parents[1] / "language" / "sound" / "solar-sales.yaml").read_text("utf-8")
FORMS = [
    ("budget > 3000 AND price > 3", "budget > 3000 and price > 3"),
    ("budget>3000 Or urgent", "budget > 3000 or urgent"),
    ("=AND(budget>5,urgent=TRUE)", "budget > 5 and urgent == true"),
    ("=OR(budget>5;price>3)", "budget > 5 or price > 3"),
    ("OR(AND(budget>5,price>3),urgent)", "(budget > 5 and price > 3) or urgent"),
    ("=IF(budget>5,TRUE,FALSE)", "budget > 5"),
    ("IF(budget>5, urgent, FALSE)", "budget > 5 and urgent"),
    ("IF(budget>5, price>3, urgent)", "(budget > 5 and price > 3) or (not (budget > 5) and urgent)"),
    ("NOT(ISBLANK(budget))", "budget is set"),
    ("=ISBLANK(source)", "source is not set"),
    ("=budget>5", "budget > 5"),
    ("NOT urgent", "not urgent"),
    ('=AND(first_call>TODAY(),source<>"")', "first_call > today and source is set"),
    ('first_call != ""', "first_call is set"),
    ('source == ""', "source is not set"),
]
PIECES = [
    ("urgent == yes", "true"),
    ("urgent == TRUE", "true"),
    ("urgent != No", "false"),
    ("first_call > 12/31/2026", "2026-12-31"),
    ("first_call > 31/12/2026", "2026-12-31"),
]
SAID = [
    ("first_call > 03/04/2026", "write 2026-03-04 or 2026-04-03"),
    ("first_call is weekday", "not the days of the week"),
    ("NOT(ISBLANK(budget)", "write not in lower case"),
    ("FOO(budget, 3)", 'there is no "FOO" in expressions'),
]


def with_check(expression: str) -> str:
    quoted = expression.replace("'", "''")
    return SOUND.replace("check: budget >= 8000", f"check: '{quoted}'")


@pytest.mark.parametrize(("written", "form"), FORMS)
def test_a_formula_is_told_once_with_the_expression_that_it_means(written: str, form: str) -> None:
    (found,) = check(with_check(written))
    assert (found.fix, found.message.endswith(f"write {form}")) == (form, True)
    assert not check(with_check(form))


@pytest.mark.parametrize(("written", "form"), PIECES)
def test_a_value_in_another_notation_is_told_once_with_the_right_one(written: str, form: str) -> None:
    (found,) = check(with_check(written))
    assert found.fix == form


@pytest.mark.parametrize(("written", "said"), SAID)
def test_what_cannot_be_put_right_for_certain_is_told_once(written: str, said: str) -> None:
    (found,) = check(with_check(written))
    assert said in found.message


@pytest.mark.parametrize(("written", "form"), [("400,000", "400000"), ("1,400,000", "1400000"), ("30,5", "30.5")])
def test_a_comma_in_a_number_in_braces_is_told_once(written: str, form: str) -> None:
    (found,) = check(SOUND.replace("\nlost:", f"\ngoals: {{won_value: {{amount: {written}, per: month}}}}\nlost:"))
    assert found.fix == form
