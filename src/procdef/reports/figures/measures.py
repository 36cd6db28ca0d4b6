"""The figures that a process declares itself: an aggregate of a field over deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from procdef.expression.types import NUMBERS, Kind
from procdef.language.currencies import decimals_of
from procdef.model import Measure
from procdef.reports.figures.arithmetic import mean, median, total
from procdef.reports.history import History
from procdef.reports.report import MeasureFigures
from procdef.reports.scope import Scope
from procdef.store.rows import DealFactsRow

_DIGITS = 4
"""Decimals of a mean or median that is no money."""


def declared(scope: Scope) -> Mapping[str, Measure]:
    """The measures whose values may be shown: those of personal fields may not."""
    return {name: each for name, each in scope.newest.measures.items() if each.field not in scope.private}


class MeasuresTally:
    """The values of each measure; ``fields`` are those whose values the deals come with, in their order."""

    def __init__(self, scope: Scope, fields: Sequence[str]) -> None:
        self._scope = scope
        self._measures = declared(scope)
        self._places = {name: fields.index(each.field) for name, each in self._measures.items()}
        self.values: dict[str, dict[str, list[Decimal]]] = {name: {} for name in self._measures}
        self.counts: dict[str, int] = dict.fromkeys(self._measures, 0)

    def add(self, history: History) -> None:
        """Count one deal."""
        deal = history.deal
        for name, measure in self._measures.items():
            text = deal.values[self._places[name]]
            if text is None or not _counts(deal, measure.over, *self._scope.window):
                continue
            self.counts[name] += 1
            kind = self._scope.newest.fields[measure.field].type.kind
            number = _number(text) if kind in NUMBERS else None
            if number is not None:
                currency = self._scope.currency(deal.version) if kind is Kind.MONEY else ""
                self.values[name].setdefault(currency, []).append(number)

    def merge(self, other: MeasuresTally) -> None:
        """Count what the other has counted, of other deals."""
        for name, values in other.values.items():
            self.counts[name] += other.counts[name]
            for currency, numbers in values.items():
                self.values[name].setdefault(currency, []).extend(numbers)

    def figures(self) -> Mapping[str, MeasureFigures]:
        """What they come to."""
        return {name: self._figures(name, measure) for name, measure in self._measures.items()}

    def _figures(self, name: str, measure: Measure) -> MeasureFigures:
        n, values = self.counts[name], self.values[name]
        value: Decimal | None = None
        money: dict[str, Decimal] = {}
        if measure.aggregate == "count":
            value = Decimal(n)
        elif self._scope.newest.fields[measure.field].type.kind is Kind.MONEY:
            found = {currency: _aggregate(measure, values[currency], decimals_of(currency)) for currency in sorted(values)}
            money = {currency: amount for currency, amount in found.items() if amount is not None}
        else:
            value = _aggregate(measure, values.get("", []), _DIGITS)
        return MeasureFigures(measure.field, measure.aggregate, measure.over, n, value, money)


def _counts(deal: DealFactsRow, over: str, since: str, until: str) -> bool:
    """Whether that happened to the deal in the period."""
    match over:
        case "started":
            moment: str | None = deal.started
        case "offered":
            moment = deal.offered
        case _:
            moment = deal.won if deal.outcome == "won" else deal.lost if deal.outcome == "lost" else None
            if over != "closed" and over != deal.outcome:
                return False
    return moment is not None and since <= moment < until


def _number(text: str) -> Decimal | None:
    """A number of the log; ``None`` for what is none, as of an older version where the field was of another type."""
    try:
        found = Decimal(text[1:-1] if text[0] == '"' else text)
    except ArithmeticError:
        return None
    return found if found.is_finite() else None


def _aggregate(measure: Measure, values: list[Decimal], digits: int) -> Decimal | None:
    if not values:
        return None
    match measure.aggregate:
        case "mean":
            return mean(values, digits)
        case "median":
            return median(values, digits)
        case "min":
            return min(values)
        case "max":
            return max(values)
    return total(values)
