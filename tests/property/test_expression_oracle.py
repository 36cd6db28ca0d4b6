"""The evaluator against a second, naive one, on random typed expressions and deals.

The generator makes the text and, beside it, a function on plain fractions and dates that says what the language's page
says of that text; nothing of procdef's own evaluation is used for it.
"""

from __future__ import annotations

import random
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from procdef.expression import FieldType, Kind, Scope, Situation, compile_expression

ZONE = ZoneInfo("Europe/Helsinki")
OPTIONS = ("fair", "referral", "inbound")
FIELDS = {
    **{f"n{i}": FieldType(Kind.NUMBER) for i in range(2)},
    **{f"i{i}": FieldType(Kind.INTEGER) for i in range(2)},
    **{f"m{i}": FieldType(Kind.MONEY) for i in range(2)},
    **{f"p{i}": FieldType(Kind.PERCENT) for i in range(2)},
    **{f"b{i}": FieldType(Kind.BOOLEAN) for i in range(2)},
    **{f"d{i}": FieldType(Kind.DATE) for i in range(2)},
    **{f"t{i}": FieldType(Kind.DATETIME) for i in range(2)},
    **{f"c{i}": FieldType(Kind.CHOICE, options=OPTIONS) for i in range(2)},
    **{f"s{i}": FieldType(Kind.CHOICE, options=OPTIONS, many=True) for i in range(2)},
    **{f"x{i}": FieldType(Kind.TEXT) for i in range(2)},
    "rows": FieldType(
        Kind.LIST,
        columns={
            "size": FieldType(Kind.NUMBER),
            "word": FieldType(Kind.CHOICE, options=OPTIONS),
            "cost": FieldType(Kind.MONEY),
            "share": FieldType(Kind.PERCENT),
            "due": FieldType(Kind.DATE),
            "met": FieldType(Kind.DATETIME),
        },
    ),
}
COLUMNS = FIELDS["rows"].columns
SCOPE = Scope(FIELDS, {"closing": ("offer", "approve")}, ZONE, "EUR")
Meaning = Callable[[Situation, dict[str, Any]], Any]
Part = tuple[str, Meaning]
EXPRESSIONS, DEALS = 5_000, 5


def read(name: str) -> Part:
    def value(s: Situation, row: dict[str, Any]) -> Any:
        seen = row.get(name) if name in COLUMNS else s.values.get(name)
        return Fraction(seen) if isinstance(seen, Decimal | int) and not isinstance(seen, bool) else seen

    return name, value


def constant(text: str, value: Any) -> Part:
    return text, lambda s, row: value


def strict(act: Callable[..., Any], *parts: Part) -> Meaning:
    def value(s: Situation, row: dict[str, Any]) -> Any:
        seen = [meaning(s, row) for _, meaning in parts]
        return None if any(each is None for each in seen) else act(*seen)

    return value


def decimal(r: random.Random) -> str:
    return r.choice(["0", "1", "2", "-3", "10", "0.5", "-2.25", "7.000001", "999999999999999"])


def number(r: random.Random, depth: int, inside: bool) -> Part:
    """A number with no literal in it, so that it is never money."""
    pick = r.random()
    if inside and pick < 0.3:
        return read("size")
    if depth and pick < 0.5:
        one, other = number(r, depth - 1, inside), number(r, depth - 1, inside)
        sign, act = r.choice([("+", lambda a, b: a + b), ("-", lambda a, b: a - b), ("*", lambda a, b: a * b)])
        return f"({one[0]} {sign} {other[0]})", strict(act, one, other)
    if not inside and pick < 0.55:
        return of_a_column(r, depth, "size")
    if not inside and pick < 0.58:
        name = r.choice(["s0", "s1"])
        return f"count({name})", lambda s, row: Fraction(len(s.values.get(name, ())))  # type: ignore[arg-type]
    if not inside and pick < 0.6:
        return "count(rows)", lambda s, row: Fraction(len(s.values.get("rows", ())))
    return read(r.choice(["n0", "n1", "i0", "i1"]))


def plain_number(r: random.Random, depth: int, inside: bool) -> Part:
    if r.random() < 0.4:
        text = decimal(r)
        return constant(text, Fraction(text))
    return number(r, depth, inside)


def money(r: random.Random, depth: int, inside: bool) -> Part:
    pick = r.random()
    if depth and pick < 0.3:
        one, other = money(r, depth - 1, inside), money(r, depth - 1, inside)
        sign, act = r.choice([("+", lambda a, b: a + b), ("-", lambda a, b: a - b)])
        return f"({one[0]} {sign} {other[0]})", strict(act, one, other)
    if depth and pick < 0.45:
        one, other = money(r, depth - 1, inside), percent(r, 0, inside)
        return f"{one[0]} * {other[0]}", strict(lambda a, b: a * b / 100, one, other)
    if depth and pick < 0.6:
        one, other = money(r, depth - 1, inside), number(r, depth - 1, inside)
        return f"{other[0]} * {one[0]}", strict(lambda a, b: a * b, one, other)
    if depth and pick < 0.7:
        one, other, share = money(r, depth - 1, inside), number(r, depth - 1, inside), percent(r, 0, inside)
        return f"{other[0]} * {share[0]} * {one[0]}", strict(lambda a, b, c: a * b * c / 100, one, other, share)
    if pick < 0.8:
        return read("cost") if inside else of_a_column(r, depth, "cost")
    return read(r.choice(["m0", "m1"]))


def percent(r: random.Random, depth: int, inside: bool) -> Part:
    if depth and r.random() < 0.4:
        one, other = percent(r, depth - 1, inside), percent(r, depth - 1, inside)
        sign, act = r.choice([("+", lambda a, b: a + b), ("-", lambda a, b: a - b)])
        return f"({one[0]} {sign} {other[0]})", strict(act, one, other)
    if depth and r.random() < 0.3:
        one, times = percent(r, 0, inside), number(r, 0, inside)
        return f"({times[0]} * {one[0]} + {one[0]})", strict(lambda a, b: a * b + a, one, times)
    if r.random() < 0.5:
        text = decimal(r)
        return constant(f"{text} %", Fraction(text))
    if r.random() < 0.3:
        return read("share") if inside else of_a_column(r, depth, "share")
    return read(r.choice(["p0", "p1"]))


def later(shown: date, count: int) -> date:
    """The same day of the month so many months later, or its last."""
    year, month = divmod(shown.year * 12 + shown.month - 1 + count, 12)
    return shown.replace(year=year, month=month + 1, day=min(shown.day, monthrange(year, month + 1)[1]))


def later_moment(seen: datetime, count: int) -> datetime:
    """The same time of the day in Helsinki."""
    shown = seen.astimezone(ZONE).replace(tzinfo=None, fold=0)
    return seen if not count else datetime.combine(later(shown.date(), count), shown.time(), ZONE).astimezone(UTC)


def months(r: random.Random, depth: int, inside: bool) -> Part:
    """Whole months or years, in months."""
    count, (unit, size) = r.randint(0, 30), r.choice([("months", 1), ("month", 1), ("years", 12)])
    text = f"{count} {unit}"
    if r.random() < 0.3:
        times = read(r.choice(["i0", "i1"]))
        return f"{times[0]} * {text}", strict(lambda a: int(a) * count * size, times)
    if depth and r.random() < 0.2:
        other = months(r, 0, inside)
        return f"({other[0]} - {text})", strict(lambda a: a - count * size, other)
    return constant(text, count * size)


def day(r: random.Random, depth: int, inside: bool) -> Part:
    if depth and r.random() < 0.4:
        one, days = day(r, depth - 1, inside), r.randint(0, 40)
        if r.random() < 0.5:
            return f"{one[0]} + {days} days", strict(lambda a: a + timedelta(days), one)
        return f"{one[0]} - {days} days", strict(lambda a: a - timedelta(days), one)
    if depth and r.random() < 0.2:
        one, other = day(r, depth - 1, inside), months(r, depth - 1, inside)
        if r.random() < 0.5:
            return f"{other[0]} + {one[0]}", strict(later, one, other)
        return f"{one[0]} - {other[0]}", strict(lambda a, b: later(a, -b), one, other)
    if r.random() < 0.2:
        return read("due") if inside else of_a_column(r, depth, "due", ["min", "max"])
    return r.choice(
        [read("d0"), read("d1"), constant("2026-02-01", date(2026, 2, 1)), ("today", lambda s, row: s.today)]
    )


def moment(r: random.Random, depth: int, inside: bool) -> Part:
    if depth and r.random() < 0.4:
        one, count = moment(r, depth - 1, inside), r.randint(0, 90)
        unit = r.choice(["hours", "minutes"])
        return f"{one[0]} + {count} {unit}", strict(lambda a: a + timedelta(**{unit: count}), one)
    if depth and r.random() < 0.2:
        one, other = moment(r, depth - 1, inside), months(r, depth - 1, inside)
        return f"{one[0]} - {other[0]}", strict(lambda a, b: later_moment(a, -b), one, other)
    if r.random() < 0.2:
        return read("met") if inside else of_a_column(r, depth, "met", ["min", "max"])
    return r.choice([read("t0"), read("t1"), ("now", lambda s, row: s.now)])


def duration(r: random.Random, depth: int, inside: bool) -> Part:
    pick = r.random()
    if pick < 0.3:
        one, other = day(r, depth, inside), day(r, 0, inside)
        return f"{one[0]} - {other[0]}", strict(lambda a, b: a - b, one, other)
    if pick < 0.5:
        one, other = moment(r, depth, inside), moment(r, 0, inside)
        return f"{one[0]} - {other[0]}", strict(lambda a, b: a - b, one, other)
    if pick < 0.6:
        return "deal.age", lambda s, row: s.age
    if pick < 0.7:
        return "deal.stage_age", lambda s, row: s.stage_age
    if pick < 0.8:
        return r.choice([("deal.idle", lambda s, row: s.idle), ("deal.contact_age", lambda s, row: s.contact_age)])
    count, unit = r.randint(0, 9), r.choice(["minutes", "hours", "days", "weeks"])
    return constant(f"{count} {unit}", timedelta(**{unit: count}))


KINDS = (plain_number, money, percent, day, moment, duration, months)
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def comparison(r: random.Random, depth: int, inside: bool) -> Part:
    kind = r.choice(KINDS)
    one, other, third = (kind(r, depth, inside) for _ in range(3))
    pick = r.random()
    if pick < 0.15:
        return f"{one[0]} between {other[0]} and {third[0]}", strict(lambda a, b, c: b <= a <= c, one, other, third)
    if pick < 0.3:
        word, wanted = r.choice([("in", True), ("not in", False)])
        return f"{one[0]} {word} [{other[0]}, {third[0]}]", strict(
            lambda a, b, c: (a in (b, c)) is wanted, one, other, third
        )
    if pick < 0.4:
        one, other = moment(r, depth, inside), day(r, depth, inside)
        return f"{one[0]} <= {other[0]}", strict(lambda a, b: a.astimezone(ZONE).date() <= b, one, other)
    if pick < 0.5:
        one, amount = read(r.choice(["m0", "m1"])), decimal(r)
        return f"{one[0]} > {amount}", strict(lambda a: a > Fraction(amount), one)
    sign = r.choice(list(SIGNS))
    return f"{one[0]} {sign} {other[0]}", strict(SIGNS[sign], one, other)


def atom(r: random.Random, depth: int, inside: bool) -> Part:
    pick = r.randrange(10)
    if pick == 0:
        return read(r.choice(["b0", "b1"]))
    if pick == 1:
        name = r.choice(list(FIELDS))
        word, wanted = r.choice([("is set", True), ("is not set", False)])
        return f"{name} {word}", lambda s, row: (name in s.values) is wanted
    if pick == 2:
        path = r.choice(["closing.offer", "closing.approve"])
        word, wanted = r.choice([("is done", True), ("is not done", False)])
        return f"{path} {word}", lambda s, row: (path in s.done) is wanted
    if pick == 3 and r.random() < 0.4:
        one, option = read(r.choice(["s0", "s1"])), r.choice([constant(each, each) for each in OPTIONS])
        other = read(r.choice(["c0", "c1"])) if r.random() < 0.3 else option
        return f"{one[0]} contains {other[0]}", strict(lambda a, b: b in a, one, other)
    if pick == 3:
        one, option = read(r.choice(["word"] if inside else ["c0", "c1"])), r.choice(OPTIONS)
        return f"{one[0]} == {option}", strict(lambda a: a == option, one)
    if pick == 4:
        one, part = read(r.choice(["x0", "x1"])), r.choice(["a", "B", "ab", "zz"])
        return f'{one[0]} contains "{part}"', strict(lambda a: part.lower() in a.lower(), one)
    if pick == 5 and not inside:
        return over_rows(r, depth)
    return comparison(r, depth, inside)


def of_a_column(r: random.Random, depth: int, column: str, words: list[str] | None = None) -> Part:
    """The sum, minimum or maximum of a column, of all rows or of some."""
    word, (where, counts) = r.choice(words or ["sum", "min", "max"]), ("", lambda s, row: True)
    if r.random() < 0.5:
        text, counts = logical(r, max(depth - 2, 0), True)
        where = f" where {text}"
    _, cell = read(column)

    def value(s: Situation, row: dict[str, Any]) -> Any:
        rows: Any = s.values.get("rows", ())
        judged = [(counts(s, dict(each)), cell(s, dict(each))) for each in rows]
        if any(truth is None or (truth and found is None) for truth, found in judged):
            return None
        found = [each for truth, each in judged if truth]
        if word == "sum":
            return sum(found, Fraction(0))
        return (min(found) if word == "min" else max(found)) if found else None

    return f"{word}(rows.{column}{where})", value


def over_rows(r: random.Random, depth: int) -> Part:
    text, meaning = logical(r, max(depth - 1, 0), True)
    word = r.choice(["any", "all", "count"])

    def value(s: Situation, row: dict[str, Any]) -> Any:
        rows: Any = s.values.get("rows", ())
        seen = [meaning(s, dict(each)) for each in rows]
        if word == "count":
            return None if None in seen else len([each for each in seen if each]) >= 1
        if not seen:
            return None
        if word == "any":
            return True if True in seen else None if None in seen else False
        return False if False in seen else None if None in seen else True

    return (f"count(rows where {text}) >= 1" if word == "count" else f"{word}(rows where {text})"), value


def logical(r: random.Random, depth: int, inside: bool = False) -> Part:
    if not depth or r.random() < 0.3:
        return atom(r, depth, inside)
    if r.random() < 0.25:
        text, meaning = logical(r, depth - 1, inside)
        return f"not ({text})", lambda s, row: None if (seen := meaning(s, row)) is None else not seen
    parts = [logical(r, depth - 1, inside) for _ in range(r.choice([2, 3]))]
    if r.random() < 0.25:
        return at_least(r, parts)
    joint = r.choice(["and", "or"])

    def value(s: Situation, row: dict[str, Any]) -> bool | None:
        seen = [meaning(s, row) for _, meaning in parts]
        if joint == "and":
            return False if False in seen else None if None in seen else True
        return True if True in seen else None if None in seen else False

    return f" {joint} ".join(f"({text})" for text, _ in parts), value


def at_least(r: random.Random, parts: list[Part]) -> Part:
    wanted = r.randint(1, len(parts))

    def value(s: Situation, row: dict[str, Any]) -> bool | None:
        seen = [meaning(s, row) for _, meaning in parts]
        true, unknown = seen.count(True), seen.count(None)
        return True if true >= wanted else False if true + unknown < wanted else None

    return f"at least {wanted} of ({', '.join(text for text, _ in parts)})", value


def some(r: random.Random, kind: Kind) -> Any:
    if kind in (Kind.NUMBER, Kind.MONEY, Kind.PERCENT):
        return Decimal(decimal(r))
    return {
        Kind.INTEGER: lambda: r.randint(-3, 10),
        Kind.BOOLEAN: lambda: r.random() < 0.5,
        Kind.DATE: lambda: date(2026, 1, 25) + timedelta(days=r.randint(0, 12)),
        Kind.DATETIME: lambda: datetime(2026, 1, 25, 20, tzinfo=UTC) + timedelta(hours=r.randint(0, 240)),
        Kind.CHOICE: lambda: r.choice(OPTIONS),
        Kind.TEXT: lambda: r.choice(["ab", "AB", "cab", "none"]),
        Kind.LIST: lambda: tuple(
            {name: some(r, column.kind) for name, column in FIELDS["rows"].columns.items() if r.random() < 0.8}
            for _ in range(r.randint(1, 3))
        ),
    }[kind]()


def chosen(r: random.Random) -> tuple[str, ...]:
    return tuple(sorted(r.sample(OPTIONS, r.randint(1, 3))))


def situation(r: random.Random) -> Situation:
    now = datetime(2026, 1, 31, 20, tzinfo=UTC) + timedelta(hours=r.randint(0, 5))
    return Situation(
        values={
            name: chosen(r) if kind.many else some(r, kind.kind) for name, kind in FIELDS.items() if r.random() < 0.75
        },
        done={path for path in ("closing.offer", "closing.approve") if r.random() < 0.5},
        now=now,
        today=now.astimezone(ZONE).date(),
        age=timedelta(hours=r.randint(0, 500)),
        stage_age=timedelta(hours=r.randint(0, 200)),
        idle=timedelta(hours=r.randint(0, 99)),
        contact_age=timedelta(minutes=r.randint(0, 999)),
    )


def test_the_evaluator_agrees_with_a_naive_one_on_random_expressions_and_deals() -> None:
    r = random.Random(20260131)
    ran = 0
    seen: set[bool | None] = set()
    while ran < EXPRESSIONS:
        text, meaning = logical(r, r.randint(0, 3))
        if len(text) > 900 or len(text.split()) > 120:
            continue
        compiled = compile_expression(text, SCOPE)
        assert compiled.expression is not None, (text, compiled.faults)
        for _ in range(DEALS):
            deal = situation(r)
            expected = meaning(deal, {})
            assert expected is compiled.expression.evaluate(deal), (text, deal)
            assert bool(compiled.expression.explain(deal)) is (expected is not True), (text, deal)
            seen.add(expected)
        ran += 1
    assert {True, False, None} == seen
