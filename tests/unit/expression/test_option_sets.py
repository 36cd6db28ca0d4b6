"""A choice with ``many``: a set of its options."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from procdef.diagnostics import message_of
from procdef.expression import BadValue, FieldType, Json, Kind, Scope, Situation, canonical, coerce, compile_expression
from procdef.expression.stored_values import is_canonical, revive

SET = FieldType(Kind.CHOICE, options=("globex", "acme", "in-house"), many=True)
FIELDS = {
    "competitors": SET,
    "partners": FieldType(Kind.CHOICE, options=("north", "acme"), many=True),
    "main": FieldType(Kind.CHOICE, options=("acme", "globex")),
    "secret": FieldType(Kind.CHOICE, options=("acme",), many=True, private=True),
    "note": FieldType(Kind.TEXT),
}
SCOPE = Scope(FIELDS, {}, ZoneInfo("UTC"), None)
DEAL = Situation(
    values={"competitors": ("acme", "in-house"), "main": "acme", "secret": ("acme",)},
    done=(),
    now=datetime(2026, 1, 31, 12, tzinfo=UTC),
    today=date(2026, 1, 31),
    age=timedelta(days=3),
    stage_age=timedelta(hours=2),
)


@pytest.mark.parametrize("raw", [[], (), set(), frozenset(), "", " , ", ["", "\u200b"], None])
def test_no_options_unset_the_field(raw: object) -> None:
    assert coerce(SET, raw) is None


@pytest.mark.parametrize(
    ("says", "raw"),
    [
        ('each must be one of: globex, acme, in-house (did you mean "acme"?)', "globex,acmee"),
        ("each must be one of: globex, acme, in-house", ["initech"]),
        ("must be a list of options", ["acme", 3]),
        ("must be a list of options", [["acme"]]),
        ("must be a list of options", 3),
        ("must be a list of options", {"acme": True}),
        ("must be a list of options", [{"acme": "x"}]),
    ],
)
def test_what_is_no_set_of_the_options_is_refused(says: str, raw: object) -> None:
    with pytest.raises(BadValue) as bad:
        coerce(SET, raw)
    assert says in bad.value.message


@pytest.mark.parametrize(
    ("expected", "stored"),
    [
        (True, ["acme"]),
        (True, ["acme", "globex", "in-house"]),
        (False, ["globex", "acme"]),
        (False, ["acme", "acme"]),
        (False, []),
        (False, "acme"),
        (False, ["initech"]),
        (False, [3]),
        (False, [["acme"]]),
        (False, [{}]),
        (False, None),
    ],
)
def test_the_log_holds_sorted_options_none_of_them_twice(expected: bool, stored: Json) -> None:
    assert expected is is_canonical(SET, stored)


def test_an_option_that_the_field_no_longer_has_is_read_back_all_the_same() -> None:
    assert revive(SET, ["initech"]) == ("initech",)
    assert canonical(SET, ("initech",)) == ["initech"]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (True, "competitors contains acme"),
        (True, 'competitors contains "in-house"'),
        (False, "competitors contains globex"),
        (True, "competitors contains main"),
        (True, "count(competitors) == 2"),
        (True, "competitors is set"),
        (True, "count(partners) == 0"),
        (False, "partners is set"),
        (None, "partners contains north"),
        (True, "not (competitors contains globex) and secret contains acme"),
    ],
)
def test_an_expression_asks_what_a_set_contains_and_how_much(expected: bool | None, text: str) -> None:
    compiled = compile_expression(text, SCOPE)
    assert compiled.faults == ()
    assert compiled.expression is not None
    assert expected is compiled.expression.evaluate(DEAL)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("competitors contains globex, and competitors is acme, in-house", "competitors contains globex"),
        ("partners is not filled in", "partners contains north"),
        ("count(competitors) > 2, and count(competitors) is 2", "count(competitors) > 2"),
        ("not (secret contains acme), and secret is (personal)", "not (secret contains acme)"),
    ],
)
def test_an_expression_explains_what_the_set_holds(expected: str, text: str) -> None:
    expression = compile_expression(text, SCOPE).expression
    assert expression is not None
    assert expected == expression.explain(DEAL)


@pytest.mark.parametrize(
    ("code", "says", "fixed", "text"),
    [
        ("unknown-option", 'did you mean "acme"?', "competitors contains acme", "competitors contains acne"),
        ("type-mismatch", "write competitors contains acme", "competitors contains acme", "competitors == acme"),
        ("type-mismatch", "write not (comp", "not (competitors contains acme)", "competitors != acme"),
        (
            "type-mismatch",
            "is a set of options: write",
            "(competitors contains acme or competitors contains globex)",
            "competitors in [acme, globex]",
        ),
        (
            "type-mismatch",
            "write not (comp",
            "not (competitors contains acme or competitors contains globex)",
            "competitors not in [acme, globex]",
        ),
        ("type-mismatch", "write not (comp", "not (competitors contains acme)", "acme not in [competitors]"),
        ("unknown-option", 'did you mean "in-house"?', 'competitors contains "in-house"', 'competitors contains "in-hous"'),
        ("type-mismatch", "write competitors contains acme", "competitors contains acme", "acme contains competitors"),
        ("type-mismatch", "main is one option, not several", "main == acme", "main contains acme"),
        (
            "type-mismatch",
            "has no columns: write count(",
            "count(competitors) > 1",
            "count(competitors where true) > 1",
        ),
        ("type-mismatch", "as competitors contains ...", None, "competitors == partners"),
        ("type-mismatch", "as competitors contains ...", None, "competitors > acme"),
        ("type-mismatch", "contains takes one option on its right", None, "competitors contains partners"),
        ("type-mismatch", "found set of options (competitors)", None, "any(competitors where true)"),
        ("type-mismatch", "found set of options (competitors)", None, "competitors"),
        ("type-mismatch", "found set of options (competitors)", None, "sum(competitors) > 1"),
        ("type-mismatch", "cannot compare choice with text (note)", None, "competitors contains note"),
        ("type-mismatch", "only in a set of options", None, "note contains main"),
    ],
)
def test_a_faulty_question_about_a_set_says_how_to_mend_it(code: str, says: str, fixed: str | None, text: str) -> None:
    (fault,) = compile_expression(text, SCOPE).faults
    assert (code, True) == (fault.code, says in message_of(fault)), message_of(fault)
    place = fault.place
    mended = None if fault.fix is None else text[: place.start] + fault.fix + text[place.end :]
    assert fixed == mended
    assert mended is None or compile_expression(mended, SCOPE).faults == ()
