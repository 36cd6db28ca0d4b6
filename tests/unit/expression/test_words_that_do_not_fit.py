"""What people write in expressions from habit is told in plain words, and where a mend is offered it works."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.diagnostics import Diagnostic, Severity
from procdef.language import check

SOUND = (Path(__file__).parents[1] / "language" / "sound" / "solar-sales.yaml").read_text("utf-8")
MENDED = [
    ("budget > 5 y price > 3", "y", "and"),
    ("budget > 5 o price > 3", "o", "or"),
    ("urgent und price > 3", "und", "and"),
    ("budget > 5 oder urgent", "oder", "or"),
    ("no urgent", "no", "not"),
    ("nicht urgent", "nicht", None),
    ("urgent == sí", "sí", "true"),
    ("urgent == kyllä", "kyllä", "true"),
    ("urgent == verdadero", "verdadero", "true"),
    ('urgent == "true"', '"true"', "true"),
    ("first_call > hoy", "hoy", "today"),
    ("first_call - today > 5 días", "5 días", "5 days"),
    ("first_call - today > 5 Tage", "5 Tage", "5 days"),
    ("budget > 5000 €", "5000 €", "5000"),
    ("budget > €5000", "€5000", "5000"),
    ("budget > 5k", "5k", "5000"),
    ("discount > 0,15", "0,15", "15 %"),
    ("discount < -0.15", "-0.15", "-15 %"),
    ("price * (1 - discount) < 50", "1", "100 %"),
    ("price * (1 + discount) < 50", "1", "100 %"),
    ("discount + 0.05 > 20 %", "0.05", "5 %"),
    ("discount + 5 > 20 %", "5", "5 %"),
    ("budget > 5&&urgent", "&&", " and "),
    ("budget > 5 ||urgent", "||", "or "),
    ("first_call - today() > 5 days", "today()", "today"),
    ("first_call - TODAY() > 5 days", "TODAY()", "today"),
    ("deal.age > -3 months", "-3 months", "-90 days"),
    ("lead.call is set", "set", "done"),
    ("lead.call is not set", "set", "done"),
    ("budget between 5 to 10", "to", "and"),
    ("budget between 5 y 10", "y", "and"),
    ("panels >= 1", "panels", "count(panels)"),
    ("SUMA(panels.amount) > 3", "SUMA", "sum"),
    ("CONTAR(panels) > 3", "CONTAR", "count"),
    ("SUM(panels.amount) > 3", "SUM", "sum"),
    ("=SI(discount>15%;1;0)", "=SI(discount>15%;1;0)", "discount > 15 %"),
    ("=Y(budget>5;urgent=VERDADERO)", "=Y(budget>5;urgent=VERDADERO)", "budget > 5 and urgent == true"),
]
SAID = [
    ("(budget > 5", "(", 'this "(" is not closed: write ")" where it ends'),
    ("source in [referral, web", "[", 'this "[" is not closed: write "]" where it ends'),
    ("budget > 5)", ")", 'there is no "(" to go with this ")": remove it, or add the other one'),
    ("budget > 5 mil", "mil", '"mil" does not fit behind what stands before it: conditions are joined by "and" or "or"'),
    ("Budget of it > 5", "of", '"of" does not fit behind what stands before it'),
    ("budget >", ">", "the expression breaks off here: a field, a value or a parenthesis is due"),
    ("sum(panels.amount * panels.price) > 5", "*", "sum takes one column of a list, and calculates nothing"),
    ("SI.ERROR(budget) > 5", "SI.ERROR", 'there is no "SI.ERROR" in expressions: only any, all, count, sum, min and max'),
    ("budget > 5 and sonst", "sonst", 'there is no field "sonst"; the way that is open where no other one is has'),
    ("budget > presupuestó", "presupuestó", 'there is no field "presupuestó"'),
]


def within(expression: str) -> str:
    lists = "  panels: {type: list, items: {price: {type: money}, amount: {type: integer}}}\n  price: {"
    written = "'" + expression.replace("'", "''") + "'"
    return SOUND.replace("  price: {", lists, 1).replace("when: discount > 15 %", f"when: {written}", 1)


def errors(text: str) -> list[Diagnostic]:
    return [one for one in check(text) if one.severity is Severity.ERROR]


@pytest.mark.parametrize(("expression", "wrong", "fix"), MENDED)
def test_a_habit_is_told_once_with_a_mend_that_works(expression: str, wrong: str, fix: str | None) -> None:
    (found,) = errors(within(expression))
    lines = within(expression).split("\n")
    line = lines[found.span.line - 1]
    start, end = found.span.column - 1, found.span.end_column - 1
    if fix is None:
        assert found.fix is None
        return
    assert (line[start:end], found.fix) == (wrong, fix), found.message
    lines[found.span.line - 1] = line[:start] + fix + line[end:]
    assert errors("\n".join(lines)) == []


@pytest.mark.parametrize(("expression", "wrong", "said"), SAID)
def test_what_does_not_fit_is_told_in_plain_words(expression: str, wrong: str, said: str) -> None:
    (found,) = errors(within(expression))
    line = within(expression).split("\n")[found.span.line - 1]
    assert said in found.message
    assert line[found.span.column - 1 : found.span.end_column - 1] == wrong
    assert "expected" not in found.message


def test_fields_in_quotes_are_told_each() -> None:
    found = [one for one in check(within('"budget" > "price"')) if one.code == "type-mismatch"]
    assert [one.fix for one in found] == ["budget", "price"]
