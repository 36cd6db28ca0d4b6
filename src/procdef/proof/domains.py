"""The values that a field takes, as whole numbers where they are numbers, dates or times, and examples of all others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from procdef.expression import BadValue, FieldType, Kind, Value, coerce
from procdef.expression.dates_as_numbers import DAY, EPOCH, microseconds

STEP = Fraction(1, 1_000_000)
"""Numbers have at most six decimals."""
_LARGEST = 999_999_999_999_999
TODAY = date(2026, 3, 2)
"""The day on which examples are set, where a condition does not ask for another."""
NOON = 12 * 3_600_000_000
_COUNTED = frozenset((Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DATE, Kind.DATETIME))
_EPOCH_DAY = EPOCH.toordinal()
FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)
"""Between which days a deal is looked at."""
AGES = ("deal.age", "deal.stage_age", "deal.idle", "deal.contact_age")
_LONGEST = 365_000 * DAY
LATE = date(2900, 1, 1)
"""After every day that a process names, and long after a deal was started: what is done then can be done at any time before,
by waiting."""
_LONG = 146_000 * DAY


@dataclass(frozen=True, slots=True)
class Domain:
    """A variable of whole numbers: ``step`` is what one of them stands for; ``first`` and ``last`` are the outermost."""

    step: Fraction
    first: int
    last: int
    likely: int | None = None


def is_counted(of: FieldType) -> bool:
    """Whether the values are numbers, dates or times."""
    return of.kind in _COUNTED


def domain(of: FieldType) -> Domain:
    """The domain of a field of numbers, dates or times."""
    if of.kind is Kind.DATE:
        low = of.minimum.toordinal() if isinstance(of.minimum, date) else 1
        high = of.maximum.toordinal() if isinstance(of.maximum, date) else date.max.toordinal()
        return Domain(Fraction(1), low, high, TODAY.toordinal())
    if of.kind is Kind.DATETIME:
        low = microseconds(of.minimum) if isinstance(of.minimum, datetime) else (2 - _EPOCH_DAY) * DAY
        high = (
            microseconds(of.maximum)
            if isinstance(of.maximum, datetime)
            else (date.max.toordinal() - 1 - _EPOCH_DAY) * DAY
        )
        return Domain(Fraction(1), low, high, (TODAY.toordinal() - _EPOCH_DAY) * DAY + NOON)
    whole = of.kind is Kind.INTEGER or of.whole_currency is not None
    step = Fraction(1) if whole else STEP
    limit = _LARGEST if whole else _LARGEST * 1_000_000 + 999_999
    low = -limit if of.minimum is None else -(-Fraction(cast(Decimal, of.minimum)) // step)
    high = limit if of.maximum is None else Fraction(cast(Decimal, of.maximum)) // step
    return Domain(step, max(-limit, int(low)), min(limit, int(high)))


def of_clock(name: str, late: bool = False) -> Domain:
    """The domain of a fact of time; ``late``: of a time after all that the process names."""
    begin = LATE if late else FIRST
    if name == "today":
        return Domain(Fraction(1), begin.toordinal(), LAST.toordinal(), TODAY.toordinal())
    if name == "now":
        first, last, likely = ((day.toordinal() - _EPOCH_DAY) * DAY for day in (begin, LAST, TODAY))
        return Domain(Fraction(1), first, last, likely + NOON)
    return Domain(Fraction(1), _LONG if late else 0, _LONGEST)


def value_of(of: FieldType, number: int) -> Value:
    """The value that a whole number stands for."""
    if of.kind is Kind.DATE:
        return date.fromordinal(number)
    if of.kind is Kind.DATETIME:
        return EPOCH + timedelta(microseconds=number)
    if of.kind is Kind.INTEGER:
        return number
    exact = domain(of).step * number
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).normalize() + 0


def whole_number(of: FieldType, value: Any) -> int:
    """The whole number that stands for a value of a field of numbers, dates or times."""
    if isinstance(value, datetime):
        return microseconds(value)
    if isinstance(value, date):
        return value.toordinal()
    return int(Fraction(value) / domain(of).step)


def picked(of: Domain, low: int | None, high: int | None) -> list[int]:
    """A few numbers between two bounds, the one that reads best first."""
    first = of.first if low is None else max(low, of.first)
    last = of.last if high is None else min(high, of.last)
    if first > last:
        return []
    found = [_roundest(first, last, of)]
    found += [first, last, (first + last) // 2]
    return list(dict.fromkeys(found))


def _roundest(first: int, last: int, of: Domain) -> int:
    if of.likely is not None and first <= of.likely <= last:
        return of.likely
    if of.step == 1 and of.likely is not None:
        near = first if first > of.likely else last
        for unit in (DAY, DAY // 24, 60_000_000, 1_000_000) if abs(near) > DAY else ():
            inside = -(-near // unit) * unit if near == first else near // unit * unit
            if first <= inside <= last:
                return inside
        return near
    if first <= 0 <= last and last < 1 / of.step:
        return 0
    one = int(1 / of.step)
    start = one if first <= one <= last else first
    size: int = 10 ** (len(str(abs(start) or 1)) - 1)
    while size > 1:
        inside = -(-start // size) * size
        if first <= inside <= last:
            return inside
        size //= 10
    return start


def choices(of: FieldType) -> list[Value] | None:
    """Every value of a field that has only few; ``None`` where it has many."""
    if of.kind is Kind.BOOLEAN:
        return [True, False]
    if of.kind is Kind.CHOICE and not of.many:
        return list(of.options)
    if of.many and len(of.options) <= _MOST_OPTIONS:
        sets: list[tuple[str, ...]] = [()]
        for option in sorted(of.options):
            sets += [(*each, option) for each in sets]
        return [*sorted((each for each in sets if each), key=lambda each: (len(each), each))]
    if is_counted(of) and domain(of).last - domain(of).first < _FEW:
        return [value_of(of, number) for number in range(domain(of).first, domain(of).last + 1)]
    return None


_MOST_OPTIONS = 8
_FEW = 16
_EXAMPLES: Mapping[Kind, Sequence[str]] = {
    Kind.TEXT: ("something", "something else"),
    Kind.EMAIL: ("someone@example.com", "another@example.com"),
    Kind.PHONE: ("+358 40 1234567", "+358 40 7654321"),
    Kind.URL: ("https://example.com/one", "https://example.com/other"),
}
_UNLIKE: Mapping[Kind, str] = {Kind.TEXT: "{} and more", Kind.EMAIL: "x{}", Kind.PHONE: "{}0", Kind.URL: "{}0"}
"""From a text another one of its kind, so that one of those that are longest is none of the texts that are known."""


def texts(of: FieldType, literals: Iterable[str]) -> Iterator[str]:
    """Texts that a field takes and that tell conditions with these texts in them apart, as far as such are easily found."""
    known = sorted(set(literals))
    tried = [*_EXAMPLES[of.kind], *known, *(_UNLIKE[of.kind].format(each) for each in known)]
    tried += [f"{one} {other}" for one in known for other in known if one != other]
    tried += [" ".join(known)] if len(known) > 2 else []
    for each in dict.fromkeys(tried):
        try:
            value = coerce(of, each)
        except BadValue:
            continue
        if isinstance(value, str):
            yield value


def examples(of: FieldType) -> list[Value]:
    """One or two values that a field takes."""
    few = choices(of)
    if few is not None:
        return few[:2]
    if of.many:
        return [(of.options[0],), tuple(sorted(of.options[:2]))]
    if of.kind is Kind.LIST:
        row = {name: examples(column)[0] for name, column in of.columns.items() if column.required}
        if not row:
            name, column = next(iter(of.columns.items()))
            row = {name: examples(column)[0]}
        return [cast(Value, (row,)), cast(Value, (row, row))]
    if of.kind in _EXAMPLES:
        return list[Value](texts(of, ()))[:2]
    reach = domain(of)
    first = picked(reach, None, None)[0]
    one = int(1 / reach.step)
    others = [each for each in (first + one, first - one) if reach.first <= each <= reach.last]
    return [value_of(of, each) for each in (first, *others[:1])]


def fits(of: FieldType, value: Any) -> bool:
    """Whether a field takes a value as it is."""
    try:
        return bool(coerce(of, [*value] if isinstance(value, tuple) else value) == value)
    except BadValue:
        return False
