"""What is proved of conditions, against all values of small domains tried one after another with the engine's own evaluation.

No condition is said to come never to what it comes to for some values; an example that is shown is one; and what exists is
found, or it is said that it was not decided. ``PROCDEF_PROVED_CONDITIONS`` is how many conditions are drawn, where it is set.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from procdef.expression import Expression, Situation, compile_expression
from procdef.language import load
from procdef.proof.atoms import Atoms
from procdef.proof.domains import fits
from procdef.proof.evaluated import situation
from procdef.proof.formulas import OUTCOMES
from procdef.proof.integers import Undecided
from procdef.proof.search import Search

PROCESS = load("""\
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: JPY
roles: {seller: {title: Seller}}
fields:
  i: {type: integer, min: 0, max: 3}
  j: {type: integer, min: 0, max: 3}
  m: {type: money, min: 0, max: 3}
  d: {type: date, min: 2026-03-01, max: 2026-03-04}
  e: {type: date, min: 2026-03-01, max: 2026-03-04}
  b: {type: boolean}
  c: {type: choice, options: [x, y, z]}
  tags: {type: choice, many: true, options: [x, y, z]}
  rows: {type: list, items: {n: {type: integer, min: 0, max: 2}, w: {type: choice, options: [x, y]}}}
scores:
  fit:
    title: Fit
    points:
      p: {when: i >= 2, points: 2}
      q: {when: b, points: 1}
      r: {when: c == x, points: -1}
stages:
  s: {title: S, start: true, required_actions: {a: {title: A}}, next: won}
  won: {title: Won, outcome: won}
""")
DAYS = [date(2026, 3, 1) + timedelta(days=n) for n in range(4)]
SETS = [("x",), ("y",), ("z",), ("x", "y"), ("x", "z"), ("y", "z"), ("x", "y", "z")]
ROWS = [{k: v for k, v in (("n", n), ("w", w)) if v is not None} for n in (None, 0, 1, 2) for w in (None, "x", "y")][1:]
LISTS = [(row,) for row in ROWS] + [(one, other) for one in ROWS for other in ROWS]
DOMAINS: dict[str, list[Any]] = {
    "i": [0, 1, 2, 3], "j": [0, 1, 2, 3], "m": [0, 1, 2, 3], "d": DAYS, "e": DAYS, "b": [True, False],
    "c": ["x", "y", "z"], "tags": SETS, "rows": LISTS,
}  # fmt: skip
AROUND = [date(2026, 2, 27) + timedelta(days=n) for n in range(9)]
SIGNS = ("==", "!=", "<", "<=", ">", ">=")
MOST_DEALS = 6_000
EXPRESSIONS = int(os.environ.get("PROCDEF_PROVED_CONDITIONS", "900"))


def number(r: random.Random) -> str:
    return r.choice(
        ["i", "j", "i", "j", "count(rows)", "count(tags)", "sum(rows.n)", "max(rows.n)", "count(rows where n > 1)"]
    )


def leaf(r: random.Random) -> str:
    sign = r.choice(SIGNS)
    kinds = [
        lambda: f"{r.choice('ij')} {sign} {r.randint(-1, 4)}",
        lambda: f"m {sign} {r.randint(-1, 4)}",
        lambda: f"{r.choice('ij')} in [{r.randint(0, 3)}, {r.randint(0, 3)}]",
        lambda: f"{r.choice('ijm')} between {r.randint(0, 2)} and {r.randint(1, 3)}",
        lambda: f"i {sign} j",
        lambda: f"i * 2 + j {sign} {r.randint(0, 9)}",
        lambda: f"m {sign} m * 50 % + 1",
        lambda: f"i * j {sign} {r.randint(0, 9)}",
        lambda: f"{number(r)} {sign} {number(r)}",
        lambda: f"{number(r)} {sign} {r.randint(0, 3)}",
        lambda: f"d {sign} e",
        lambda: f"d - e {sign} {r.randint(0, 3)} days",
        lambda: f"d {sign} today",
        lambda: f"e + {r.randint(1, 2)} days {sign} today",
        lambda: f"today {sign} 2026-03-0{r.randint(1, 4)}",
        lambda: f"d {sign} 2026-03-0{r.randint(1, 4)}",
        lambda: f"d + 1 month {sign} 2026-04-0{r.randint(1, 4)}",
        lambda: "b",
        lambda: f"b {r.choice(('==', '!='))} true",
        lambda: f"c {r.choice(('==', '!='))} {r.choice('xyz')}",
        lambda: f"c {r.choice(('in', 'not in'))} [{r.choice('xy')}, z]",
        lambda: f"tags contains {r.choice('xyz')}",
        lambda: f"{r.choice(['i', 'd', 'b', 'c', 'tags', 'rows'])} is {r.choice(['', 'not '])}set",
        lambda: (
            f"{r.choice(('any', 'all'))}(rows where {r.choice(['n > 1', 'w == x', 'n < 2 and w == y', 'n is not set'])})"
        ),
        lambda: f"fit {sign} {r.randint(-1, 4)}",
        lambda: f"s.a is {r.choice(['', 'not '])}done",
    ]
    return r.choice(kinds)()


def condition(r: random.Random, depth: int = 2) -> str:
    kind = r.random()
    if depth == 0 or kind < 0.25:
        return leaf(r)
    if kind < 0.35:
        return f"not ({condition(r, depth - 1)})"
    parts = [condition(r, depth - 1) for _ in range(r.choice([2, 2, 3]))]
    if kind < 0.45:
        return f"at least {r.randint(1, len(parts))} of ({', '.join(parts)})"
    return f" {r.choice(('and', 'or'))} ".join(f"({part})" for part in parts)


def deals(expression: Expression, r: random.Random) -> Iterator[Situation]:
    """Every deal that the condition can tell from another; of very many some, drawn by chance."""
    names = sorted(expression.fields)
    domains = [[None, *DOMAINS[name]] for name in names]
    days = AROUND if expression.clock else [date(2026, 3, 2)]
    done = [frozenset[str](), frozenset(("s.a",))] if expression.actions else [frozenset[str]()]
    size = len(days) * len(done)
    for each in domains:
        size *= len(each)
    every = product(days, done, *domains)
    if size > MOST_DEALS:
        every = ((r.choice(days), r.choice(done), *map(r.choice, domains)) for _ in range(MOST_DEALS // 4))
    for day, actions, *values in every:
        filled = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        yield Situation(filled, actions, now, day, timedelta(0), timedelta(0))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_proved_of_a_condition_agrees_with_all_deals(seed: int) -> None:
    r = random.Random(f"conditions {seed}")
    undecided = asked = 0
    for _ in range(EXPRESSIONS // 6):
        atoms = Atoms(PROCESS)
        search = Search(atoms)
        text = condition(r)
        expression = compile_expression(text, atoms.scope).expression
        assert expression is not None, text
        formula = atoms.of(expression)
        seen = {OUTCOMES[expression.evaluate(each)] for each in deals(expression, r)}
        for outcome in OUTCOMES.values():
            asked += 1
            try:
                found = search.example([(formula, outcome)])
            except Undecided:
                undecided += 1
                continue
            if found is None:
                assert outcome not in seen, f"{text} is said never to come to {outcome}"
                continue
            deal = situation(found.values, found.clock, found.done, atoms.scope.timezone)
            assert OUTCOMES[expression.evaluate(deal)] == outcome, text
            assert all(fits(PROCESS.fields[name].type, value) for name, value in found.values.items()), text
    assert undecided < asked // 20, f"{undecided} of {asked} were not decided"
