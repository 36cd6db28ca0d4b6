"""Scores against a second, naive reading: every way in which what is unknown could turn out, one after the other."""

from __future__ import annotations

import operator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from procdef.expression import FieldType, Kind, Points, Scope, Scoring, Situation, compile_expression

FLAGS = tuple(f"f{k}" for k in range(6))
FIELDS = {name: FieldType(Kind.BOOLEAN) for name in FLAGS} | {"n": FieldType(Kind.INTEGER)}
ZONE = ZoneInfo("UTC")
SIGNS = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
points = st.lists(st.integers(-1000, 1000) | st.sampled_from([0, 5, 10, -5]), min_size=1, max_size=6)


def scoring(name: str, numbers: list[int]) -> Scoring:
    scope = Scope(FIELDS, {}, ZONE, None)
    found = []
    for flag, number in zip(FLAGS, numbers, strict=False):
        condition = compile_expression(flag, scope).expression
        assert condition is not None
        found.append(Points(flag, condition, number))
    return Scoring(name, tuple(found))


@given(
    points,
    points,
    st.dictionaries(st.sampled_from(FLAGS), st.booleans()),
    st.sampled_from(list(SIGNS)),
    st.integers(-2500, 2500) | st.sampled_from([0, 5, 10, 15]),
    st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_a_comparison_of_scores_is_known_exactly_where_every_way_to_fill_in_the_rest_agrees(
    one: list[int], other: list[int], known: dict[str, bool], sign: str, limit: int, both: bool
) -> None:
    scope = Scope(FIELDS, {}, ZONE, None, {"a": scoring("a", one), "b": scoring("b", other)})
    expression = compile_expression(f"{'a + b' if both else 'a'} {sign} {limit}", scope).expression
    assert expression is not None
    now = datetime(2026, 1, 31, tzinfo=UTC)
    situation = Situation(dict(known), (), now, date(2026, 1, 31), timedelta(), timedelta())

    def totals(numbers: list[int]) -> set[int]:
        chances = [((number,) if known[flag] else (0,)) if flag in known else (0, number)
                   for flag, number in zip(FLAGS, numbers, strict=False)]  # fmt: skip
        return {sum(chance) for chance in product(*chances)}

    outcomes = {SIGNS[sign](a + (b if both else 0), limit) for a in totals(one) for b in totals(other)}
    assert (outcomes.pop() if len(outcomes) == 1 else None) is expression.evaluate(situation)
