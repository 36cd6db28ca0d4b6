"""Values that meet the criteria: found by drawing many deals, keeping the best of them, and drawing from these again.

This is the cross-entropy method (R. Y. Rubinstein, "The Cross-Entropy Method for Combinatorial and Continuous Optimization",
Methodology and Computing in Applied Probability 1, 1999), on one distribution for each field by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from procdef.expression import Situation
from procdef.expression.types import NUMBERS, FieldType, Kind
from procdef.model import Criterion, ProcessDefinition
from procdef.simulation.assumptions.distributions import Choice, Constant, LogNormal, Pert, Sample
from procdef.simulation.assumptions.model import FieldValues, Times
from procdef.simulation.assumptions.proved_values import proved_values
from procdef.simulation.assumptions.values import rounded

_DRAWS, _ROUNDS, _BEST = 300, 8, 0.2
_ENOUGH, _HARDLY = 0.9, 0.3
"""The share of deals that is to meet a criterion, and the one below which one deal that was proved to meet it is better."""
_DAY = 86_400.0
_RECORDED = datetime(2026, 3, 2, 10, tzinfo=UTC)
_LATER = timedelta(days=20)
"""How long after dates are recorded the criteria are looked at."""
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_NUMBERS_TRIED = tuple(base * 10**power for power in range(5) for base in (1, 2, 5))
_WIDE = 12
"""From how many times the least on the most is told by its median and a factor."""


@dataclass
class MetValues:
    """``plain`` are the values of fields as their types have them, ``fixed`` those fields that are to keep theirs; ``found``
    are those that had to be others."""

    process: ProcessDefinition
    plain: Mapping[str, FieldValues]
    fixed: frozenset[str] = frozenset()
    found: dict[str, FieldValues] = field(default_factory=dict)
    unmet: tuple[str, ...] = ()
    proved: dict[str, FieldValues] = field(default_factory=dict)
    """Of ``found`` the values that no chance would bring together, so that there is one of each."""

    def criteria_of(self, name: str) -> list[str]:
        """The criteria that read a field."""
        return [each.path for each in self._checks() if name in self._fields(each)]

    def seek(self) -> None:
        """Find them; ``unmet`` are the criteria that fewer than nine of ten deals meet even so."""
        random, now = Random(1), dict(self.plain)
        shares = self._shares(now, random)
        wanted = [each for each in self._checks() if shares[each.path] < _ENOUGH]
        names = {name for each in wanted for name in self._fields(each)}
        checks = [each for each in self._checks() if names & set(self._fields(each))]
        if names:
            now |= {
                name: self._wide(self.process.fields[name].type, self.plain[name], checks) for name in sorted(names)
            }
        for _ in range(_ROUNDS if names else 0):
            drawn = [_drawn(self.process, now, random) for _ in range(_DRAWS)]
            drawn.sort(key=lambda deal: sum(not self._met(each, deal) for each in checks))
            best = drawn[: int(_DRAWS * _BEST)]
            now |= {
                name: _refitted(self.process.fields[name].type, now[name], [deal[name] for deal in best])
                for name in names
            }
            shares = self._shares(now, random)
            if all(shares[each.path] >= _ENOUGH for each in checks):
                break
        self.found = {name: _narrowed(self.process.fields[name].type, now[name]) for name in sorted(names)}
        shares = self._shares(now | self.found, random)
        hardly = [each for each in self._checks() if shares[each.path] < _HARDLY]
        self.proved = proved_values(self.process, hardly, self._fields)
        self.found |= self.proved
        shares = self._shares(now | self.found, random)
        self.unmet = tuple(path for path, share in shares.items() if share < _ENOUGH)

    def _checks(self) -> Iterator[Criterion]:
        return (each for each in self.process.criteria.values() if each.check is not None)

    def _fields(self, criterion: Criterion) -> tuple[str, ...]:
        assert criterion.check is not None
        read = sorted(criterion.check.fields)
        return tuple(name for name in read if name not in self.fixed and _tunable(self.process.fields[name].type))

    def _shares(self, values: Mapping[str, FieldValues], random: Random) -> dict[str, float]:
        deals = [_drawn(self.process, values, random) for _ in range(_DRAWS)]
        return {each.path: sum(self._met(each, deal) for deal in deals) / _DRAWS for each in self._checks()}

    def _met(self, criterion: Criterion, deal: Mapping[str, Any]) -> bool:
        assert criterion.check is not None
        now = _RECORDED + _LATER
        return criterion.check.evaluate(
            Situation(_valued(self.process, deal), self.process.actions.keys(), now, now.date(), _LATER, _LATER)
        ) is True  # fmt: skip

    def _wide(self, kind: FieldType, plain: FieldValues, checks: list[Criterion]) -> FieldValues:
        """What is tried at first: of numbers those of all sizes, and those that the conditions name."""
        if kind.kind in (Kind.DATE, Kind.DATETIME):
            return FieldValues(times=Times(Sample(tuple(days * _DAY for days in range(1, 91)))))
        if kind.kind is Kind.LIST:
            columns = {
                name: self._wide(kind.columns[name], column, checks) if _tunable(kind.columns[name]) else column
                for name, column in plain.columns.items()
            }
            return FieldValues(rows=Sample((1.0, 2.0, 3.0, 4.0, 5.0)), columns=columns)
        if kind.kind not in NUMBERS:
            return plain
        texts = [each.check.text for each in checks if each.check is not None]
        texts += [point.when.text for score in self.process.scores.values() for point in score.rule.points]
        named = [float(number) for text in texts for number in _NUMBER.findall(text)]
        tried = [*_NUMBERS_TRIED, 0, *named, *(number * factor for number in named for factor in (0.5, 0.9, 1.1, 2))]
        return FieldValues(Sample(tuple(sorted({float(rounded(kind, one)) for one in tried}))))


def _tunable(kind: FieldType) -> bool:
    return kind.kind not in (Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL)


def _drawn(process: ProcessDefinition, values: Mapping[str, FieldValues], random: Random) -> dict[str, Any]:
    return {name: _one(process.fields[name].type, of, random) for name, of in values.items()}


def _one(kind: FieldType, of: FieldValues, random: Random) -> Any:
    """A value, of a date the seconds until then."""
    if of.rows is not None:
        count = max(1, round(of.rows.draw(random)))
        return [
            {name: _one(kind.columns[name], each, random) for name, each in of.columns.items()} for _ in range(count)
        ]
    if of.each:
        return tuple(sorted(option for option, chance in of.each.items() if random.random() < chance))
    if of.times is not None:
        return of.times.draw(random).seconds
    assert of.source is not None
    drawn = of.source.draw(random)
    return rounded(kind, drawn) if kind.kind in NUMBERS else drawn


def _valued(process: ProcessDefinition, deal: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(process.fields[name].type, given) for name, given in deal.items() if given not in ((), [])}


def _value(kind: FieldType, given: Any) -> Any:
    if kind.kind is Kind.LIST:
        return tuple({name: _value(kind.columns[name], cell) for name, cell in row.items()} for row in given)
    if kind.kind in (Kind.DATE, Kind.DATETIME):
        then = _RECORDED + timedelta(seconds=given)
        return then if kind.kind is Kind.DATETIME else then.date()
    return given


def _refitted(kind: FieldType, of: FieldValues, best: list[Any]) -> FieldValues:
    """Draws from what the best deals had."""
    if of.rows is not None:
        rows = [row for deal in best for row in deal]
        columns = {
            name: _refitted(kind.columns[name], each, [row[name] for row in rows])
            if _tunable(kind.columns[name])
            else each
            for name, each in of.columns.items()
        }
        return replace(of, rows=Sample(tuple(float(len(deal)) for deal in best)), columns=columns)
    if of.each:
        return replace(of, each={option: sum(option in one for one in best) / len(best) for option in of.each})
    if of.times is not None:
        return replace(of, times=replace(of.times, seconds=Sample(tuple(best))))
    if kind.kind in NUMBERS:
        return replace(of, source=Sample(tuple(float(one) for one in best)))
    counted, known = Counter(best), of.source.weights if isinstance(of.source, Choice) else {}
    return replace(of, source=Choice({one: float(counted[one]) for one in known}))


def _narrowed(kind: FieldType, of: FieldValues) -> FieldValues:
    """What is drawn in the end, in a form that people read: three points instead of many numbers, shares in hundredths."""
    if of.rows is not None:
        return replace(
            of,
            rows=_points([float(round(one)) for one in _values(of.rows)], 1),
            columns={name: _narrowed(kind.columns[name], each) for name, each in of.columns.items()},
        )
    if of.each:
        return replace(of, each={option: round(chance, 2) for option, chance in of.each.items()})
    if of.times is not None and isinstance(of.times.seconds, Sample):
        return replace(of, times=replace(of.times, seconds=_points(list(of.times.seconds.values), _DAY)))
    if isinstance(of.source, Sample):
        return replace(of, source=_points(list(of.source.values), 1 if kind.kind is Kind.INTEGER else 0.01))
    if isinstance(of.source, Choice) and kind.kind in (Kind.BOOLEAN, Kind.CHOICE):
        total = sum(of.source.weights.values())
        return replace(of, source=Choice({one: round(100 * each / total) for one, each in of.source.weights.items()}))
    return of


def _values(of: Any) -> list[float]:
    return list(of.values) if isinstance(of, Sample) else [of.low, of.likely, of.high]


def _points(values: list[float], unit: float) -> Pert | Constant | LogNormal:
    ordered = sorted(values)
    low, likely, high = (ordered[int(share * (len(ordered) - 1))] for share in (0.1, 0.5, 0.9))
    if low > 0 and high / low >= _WIDE:
        return LogNormal(_neat(likely, unit), round((high / low) ** (1 / _BETWEEN_TENTHS), 1))
    low, likely, high = (_neat(each, unit) for each in (low, likely, high))
    return Constant(low) if low == high else Pert(low, likely, high)


_BETWEEN_TENTHS = 2.563
"""Standard deviations between the tenth and the ninetieth percentile of a normal distribution."""


def _neat(number: float, unit: float) -> float:
    return float(Decimal(str(round(number / unit))) * Decimal(str(unit)))
