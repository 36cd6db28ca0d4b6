"""``at least N of (...)``."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from procdef.diagnostics import message_of
from procdef.expression import FieldType, Kind, Scope, Situation, compile_expression

NAMES = ("yes", "also", "no", "neither", "open", "unset", "at", "least")
SCOPE = Scope({name: FieldType(Kind.BOOLEAN) for name in NAMES}, {"offer": ("send",)}, ZoneInfo("UTC"), None)
DEAL = Situation(
    values={"yes": True, "also": True, "no": False, "neither": False, "at": True, "least": True},
    done={"offer.send"},
    now=datetime(2026, 1, 31, 12, tzinfo=UTC),
    today=date(2026, 1, 31),
    age=timedelta(days=3),
    stage_age=timedelta(hours=2),
)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (True, "at least 2 of (yes, also, no)"),
        (True, "at least 2 of (yes, open, also, unset)"),
        (True, "at least 1 of (no, offer.send is done)"),
        (False, "at least 2 of (yes, no, neither)"),
        (False, "at least 3 of (yes, no, neither, open)"),
        (None, "at least 2 of (yes, no, open)"),
        (None, "at least 3 of (yes, no, open, unset)"),
        (True, "at least 1 of (at least 2 of (yes, no), yes and also) and at and least"),
        (None, "not (at least 1 of (no, open))"),
    ],
)
def test_it_is_true_when_so_many_parts_are_and_false_when_so_many_no_longer_can_be(
    expected: bool | None, text: str
) -> None:
    compiled = compile_expression(text, SCOPE)
    assert compiled.faults == ()
    assert compiled.expression is not None
    assert expected is compiled.expression.evaluate(DEAL)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (
            "at least 2 of: 1 holds; not: no, because no is false; open, because open is not filled in",
            "at least 2 of (yes, no, open)",
        ),
        (
            "at least 1 of: none holds; not: no, because no is false; offer.send is not done, but it is done",
            "at least 1 of (no, offer.send is not done)",
        ),
        (
            "at least 3 of: 2 hold; not: yes and no, because no is false",
            "at least 3 of (yes, also, yes and no)",
        ),
    ],
)
def test_it_explains_how_many_parts_hold_and_why_the_others_do_not(expected: str, text: str) -> None:
    expression = compile_expression(text, SCOPE).expression
    assert expression is not None
    assert expected == expression.explain(DEAL)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (("expression-syntax", "3", "write a number from 1 to 2"), "at least 3 of (yes, no)"),
        (("expression-syntax", "0", "write a number from 1 to 2"), "at least 0 of (yes, no)"),
        (("expression-syntax", "two", "a whole number, as in at least 2 of ("), "at least two of (yes, no)"),
        (("expression-syntax", "1.5", "a whole number, as in at least 2 of ("), "at least 1.5 of (yes, no)"),
        (("expression-syntax", "(", '"of" is due'), "at least 2 (yes, no)"),
        (("expression-syntax", "At least", 'write "at least" in lower case'), "At least 1 of (yes, no)"),
        (("unknown-name", "yess", 'did you mean "yes"?'), "at least 1 of (yess, no)"),
        (("type-mismatch", "today", "expected something true or false"), "at least 1 of (today, no)"),
    ],
)
def test_a_faulty_one_says_what_is_wrong_and_where(expected: tuple[str, str, str], text: str) -> None:
    (fault,) = compile_expression(text, SCOPE).faults
    code, place, says = expected
    assert (code, place) == (fault.code, text[fault.place.start : fault.place.end])
    assert says in message_of(fault)


@pytest.mark.parametrize(("expected", "parts"), [((), 24), (("too-long",), 25)])
def test_it_has_up_to_24_parts(expected: tuple[str, ...], parts: int) -> None:
    text = f"at least 2 of ({', '.join(['yes'] * parts)})"
    assert expected == tuple(fault.code for fault in compile_expression(text, SCOPE).faults)
