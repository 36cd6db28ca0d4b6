"""Rows of approval tables that no deal can be under, against every deal that there can be, one after the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from procdef.expression import Expression, FieldType, Kind, Scope, Situation, compile_expression
from procdef.language.rules.controls.reachable_rows import unreached_rows
from procdef.model import ApproverRow

ZONE, NOW = ZoneInfo("UTC"), datetime(2026, 3, 2, 8, tzinfo=UTC)
FIELDS = {
    "size": FieldType(Kind.INTEGER, minimum=Decimal(0), maximum=Decimal(6)),
    "rate": FieldType(Kind.PERCENT, maximum=Decimal(3)),
    "kind": FieldType(Kind.CHOICE, options=("fair", "web")),
    "ready": FieldType(Kind.BOOLEAN),
    "most": FieldType(Kind.INTEGER, minimum=Decimal(0), maximum=Decimal(2)),
}
VALUES: dict[str, list[Any]] = {
    "size": [*range(7), None],
    "rate": [*(Decimal(n) / 2 for n in range(-2, 7)), None],
    "kind": ["fair", "web", None],
    "ready": [True, False, None],
    "most": [0, 1, 2, None],
}
SCOPE = Scope(FIELDS, {}, ZONE, None)
SIGN = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
PLAIN = st.one_of(
    st.tuples(SIGN, st.integers(-1, 7)).map(lambda drawn: f"size {drawn[0]} {drawn[1]}"),
    st.tuples(SIGN, st.integers(0, 3)).map(lambda drawn: f"rate {drawn[0]} {drawn[1]} %"),
    st.tuples(SIGN, st.integers(0, 6)).map(lambda drawn: f"{drawn[1]} {drawn[0]} size"),
    st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda drawn: f"size between {drawn[0]} and {drawn[1]}"),
    st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda drawn: f"size in [{drawn[0]}, {drawn[1]}]"),
    st.sampled_from(["kind == fair", "kind != web", "kind not in [fair, web]", "ready", "ready == false"]),
    st.sampled_from(["size is set", "kind is not set", "rate is set"]),
)
OTHER = st.sampled_from(["size > most", "size + most <= 3", "most == 1", "today > 2026-01-01"])


def conditions(atoms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pair = st.tuples(inner, inner, st.sampled_from([" and ", " or "]))
        return st.one_of(
            inner.map(lambda one: f"not ({one})"),
            pair.map(lambda drawn: f"({drawn[0]}){drawn[2]}({drawn[1]})"),
            st.tuples(inner, inner, inner).map(lambda drawn: f"at least 2 of ({', '.join(drawn)})"),
        )

    return st.recursive(atoms, larger, max_leaves=3)


def compiled(text: str) -> Expression:
    expression = compile_expression(text, SCOPE).expression
    assert expression is not None, text
    return expression


def ever_taken(whens: list[Expression]) -> set[int]:
    """The rows that some deal is under, by looking at every deal."""
    found = set()
    read = sorted(frozenset[str]().union(*(when.fields for when in whens)))
    for values in product(*(VALUES[name] for name in read)):
        known = {name: value for name, value in zip(read, values, strict=True) if value is not None}
        seen = Situation(known, (), NOW, date(2026, 3, 2), timedelta(0), timedelta(0))
        truths = [*(when.evaluate(seen) for when in whens), True]
        first = truths.index(True)
        if None not in truths[:first]:
            found.add(first + 1)
    return found


def unreached(whens: list[Expression]) -> set[int]:
    table = [*(ApproverRow(when, ("manager",)) for when in whens), ApproverRow(None, ("manager",))]
    return {each.row for each in unreached_rows(table, FIELDS)}


@given(st.lists(conditions(PLAIN), min_size=1, max_size=3))
@settings(max_examples=400, deadline=None)
def test_of_literals_every_row_that_is_never_reached_is_found(texts: list[str]) -> None:
    whens = [compiled(text) for text in texts]
    assert unreached(whens) == set(range(1, len(whens) + 2)) - ever_taken(whens)


@given(st.lists(conditions(PLAIN | OTHER), min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_a_row_that_some_deal_is_under_is_never_told_as_unreached(texts: list[str]) -> None:
    whens = [compiled(text) for text in texts]
    assert unreached(whens).isdisjoint(ever_taken(whens))
