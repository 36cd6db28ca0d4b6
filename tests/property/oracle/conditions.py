"""Random conditions: the text for the process file and, beside it, what it means on a plain picture of a deal.

A picture is a dictionary: ``values`` in the log's form, ``done`` (whether an action is done), ``now``, ``today``,
``started``, ``entered``, ``active`` (the last step) and ``contacted``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import Any, TypeVar

T = TypeVar("T")
Choose = Callable[[Sequence[Any]], Any]
Truth = bool | None
Picture = dict[str, Any]


@dataclass(frozen=True)
class Condition:
    """``truth`` is true, false or ``None`` (unknown); ``fields`` and ``actions`` are what it reads."""

    text: str
    truth: Callable[[Picture], Truth]
    fields: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()


def chance(choose: Choose, of_ten: int) -> bool:
    """True ``of_ten`` times of ten."""
    return bool(choose(range(10)) >= 10 - of_ten)


def compare(sign: str, one: Any, other: Any) -> bool:
    return bool({"==": one == other, "!=": one != other}[sign]) if sign in ("==", "!=") else ordered(sign, one, other)


def ordered(sign: str, one: Any, other: Any) -> bool:
    return bool({"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign])


def on_value(field: str, text: str, holds: Callable[[Any], bool]) -> Condition:
    """A comparison: unknown while the field is unset."""

    def truth(seen: Picture) -> Truth:
        value = seen["values"].get(field)
        return None if value is None else holds(value)

    return Condition(text, truth, frozenset({field}))


def number(choose: Choose) -> Condition:
    field, limits, unit = choose(
        [("size", (3, 7, 0), ""), ("amount", (100, 500, 1200), ""), ("rate", (15, 16, 5), " %")]
    )
    limit, sign = choose(limits), choose([">=", "<", "==", "!=", "<=", ">"])
    if chance(choose, 2):
        text = f"{field} between 1{unit} and {limit}{unit}"
        return on_value(field, text, lambda value: 1 <= Fraction(value) <= limit)
    return on_value(field, f"{field} {sign} {limit}{unit}", lambda value: compare(sign, Fraction(value), limit))


def word(choose: Choose) -> Condition:
    return choose(
        [
            on_value("ready", "ready", lambda value: value),
            on_value("ready", "ready == false", lambda value: not value),
            on_value("kind", "kind == fair", lambda value: value == "fair"),
            on_value("kind", "kind not in [web]", lambda value: value != "web"),
            on_value("tags", "tags contains b", lambda value: "b" in value),
            Condition("count(tags) < 2", lambda seen: len(seen["values"].get("tags", ())) < 2, frozenset({"tags"})),
            on_value("name", 'name contains "ACM"', lambda value: "acm" in value.lower()),
        ]
    )


def presence(choose: Choose) -> Condition:
    field, there = choose(["mail", "size", "tags", "rows", "amount", "met"]), choose([True, False])
    text = f"{field} is set" if there else f"{field} is not set"
    return Condition(text, lambda seen: (field in seen["values"]) == there, frozenset({field}))


def rows(choose: Choose) -> Condition:
    def sizes(seen: Picture) -> list[Truth]:
        return [row["n"] > 1 if "n" in row else None for row in seen["values"].get("rows", [])]

    def some(seen: Picture) -> Truth:
        each = sizes(seen)
        return True if True in each else None if None in each or not each else False

    def every(seen: Picture) -> Truth:
        each = sizes(seen)
        return False if False in each else None if None in each or not each else True

    def counted(seen: Picture) -> Truth:
        each = sizes(seen)
        return None if None in each else each.count(True) >= 1

    def numbers(seen: Picture) -> list[int | None]:
        return [row.get("n") for row in seen["values"].get("rows", [])]

    def added(seen: Picture) -> Truth:
        each = numbers(seen)
        return None if None in each else sum(n for n in each if n is not None) >= 3

    def greatest(seen: Picture) -> Truth:
        """Of the rows where somebody is named; of none it is unknown."""
        each = [row.get("n") for row in seen["values"].get("rows", []) if "who" in row]
        return None if None in each or not each else max(n for n in each if n is not None) < 3

    text, truth = choose(
        [
            ("count(rows) >= 2", lambda seen: len(sizes(seen)) >= 2),
            ("any(rows where n > 1)", some),
            ("all(rows where n > 1)", every),
            ("count(rows where n > 1) >= 1", counted),
            ("sum(rows.n) >= 3", added),
            ("max(rows.n where who is set) < 3", greatest),
        ]
    )
    return Condition(text, truth, frozenset({"rows"}))


def clock(choose: Choose) -> Condition:
    def on_met(seen: Picture) -> Truth:
        met = seen["values"].get("met")
        return None if met is None else date.fromisoformat(met) <= seen["today"]

    def a_month_later(seen: Picture) -> Truth:
        met = seen["values"].get("met")
        return None if met is None else met.replace("-03-", "-04-") > "2026-04-04"

    two_days = timedelta(days=2)
    return choose(
        [
            Condition("deal.stage_age < 2 days", lambda seen: seen["now"] - seen["entered"] < two_days),
            Condition("deal.age <= 2880 minutes", lambda seen: seen["now"] - seen["started"] <= two_days),
            Condition("deal.idle < 5 hours", lambda seen: seen["now"] - seen["active"] < timedelta(hours=5)),
            Condition("deal.contact_age >= 30 hours", lambda seen: seen["now"] - seen["contacted"] >= timedelta(hours=30)),
            Condition("met <= today", on_met, frozenset({"met"})),
            Condition("met + 1 month > 2026-04-04", a_month_later, frozenset({"met"})),
            Condition("today < 2026-03-09", lambda seen: seen["today"] < date(2026, 3, 9)),
        ]
    )


def doing(choose: Choose, actions: Sequence[str]) -> Condition:
    action, there = choose(actions), choose([True, False])
    text = f"{action} is done" if there else f"{action} is not done"


    def truth(seen: Picture) -> Truth:
        done = seen["done"](action)
        return None if done is None else done == there

    return Condition(text, truth, frozenset(), frozenset({action}))


FIT = (
    (on_value("size", "size >= 3", lambda value: value >= 3), 20),
    (on_value("ready", "ready", lambda value: value), 15),
    (Condition("mail is set", lambda seen: "mail" in seen["values"], frozenset({"mail"})), 5),
    (on_value("kind", "kind == fair", lambda value: value == "fair"), -10),
)
SCORES = {
    "fit": {"title": "Fit", "points": {f"p{n}": {"when": when.text, "points": each} for n, (when, each) in enumerate(FIT)}}
}
"""The score of every random process."""


def scored(choose: Choose) -> Condition:
    """A comparison of the score, which is known where every way in which the open points could turn out agrees."""
    sign, limit = choose([">=", "<", "==", "!="]), choose([20, 15, 0, 40, -10, 7])

    def truth(seen: Picture) -> Truth:
        each = [((0, points) if (held := when.truth(seen)) is None else (held * points,)) for when, points in FIT]
        outcomes = {compare(sign, sum(totals), limit) for totals in product(*each)}
        return outcomes.pop() if len(outcomes) == 1 else None

    return Condition(f"fit {sign} {limit}", truth, frozenset({"size", "ready", "mail", "kind"}))


def joined(choose: Choose, parts: list[Condition]) -> Condition:
    word = choose(["and", "or"])
    fields = frozenset().union(*(part.fields for part in parts))
    actions = frozenset().union(*(part.actions for part in parts))
    if chance(choose, 2):
        wanted = choose(range(1, len(parts) + 1))

        def reached(seen: Picture) -> Truth:
            each = [part.truth(seen) for part in parts]
            true, unknown = each.count(True), each.count(None)
            return True if true >= wanted else None if true + unknown >= wanted else False

        text = f"at least {wanted} of ({', '.join(part.text for part in parts)})"
        return Condition(text, reached, fields, actions)
    deciding = word == "or"  # the truth of one part that settles the whole

    def truth(seen: Picture) -> Truth:
        each = [part.truth(seen) for part in parts]
        return deciding if deciding in each else None if None in each else not deciding

    return Condition(
        f" {word} ".join(f"({part.text})" for part in parts),
        truth,
        fields,
        actions,
    )


def negated(part: Condition) -> Condition:
    def truth(seen: Picture) -> Truth:
        held = part.truth(seen)
        return None if held is None else not held

    return Condition(f"not ({part.text})", truth, part.fields, part.actions)


def condition(choose: Choose, actions: Sequence[str], depth: int = 1) -> Condition:
    """A random condition over the fields, the clock and the given actions (``stage.action``)."""
    kinds = ["number", "scored", "word", "presence", "number", "rows", "clock"]
    kind = choose(kinds + (["doing", "doing"] if actions else []) + (["and", "not"] if depth else []))
    if kind == "and":
        return joined(choose, [condition(choose, actions, depth - 1) for _ in range(2)])
    if kind == "not":
        return negated(condition(choose, actions, depth - 1))
    if kind == "doing":
        return doing(choose, actions)
    draw = {"number": number, "scored": scored, "word": word, "presence": presence, "rows": rows, "clock": clock}
    made: Condition = draw[kind](choose)
    return made
