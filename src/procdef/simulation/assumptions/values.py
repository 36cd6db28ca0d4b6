"""The values of a deal, drawn as they are assumed, in the form in which the engine takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from random import Random
from typing import Any

from procdef.expression.types import NUMBERS, FieldType, Kind
from procdef.model import ProcessDefinition
from procdef.simulation.assumptions.distributions import Choice
from procdef.simulation.assumptions.model import Assumptions, FieldValues, Span
from procdef.simulation.assumptions.working_clock import WorkingClock

_PLACES = {
    Kind.INTEGER: Decimal(1),
    Kind.MONEY: Decimal("0.01"),
    Kind.NUMBER: Decimal("0.01"),
    Kind.PERCENT: Decimal("0.1"),
}


class ValueSource:
    """Draws the values of deals. One for each run; deals have their own, drawn once when they come in."""

    def __init__(self, definition: ProcessDefinition, assumptions: Assumptions, clock: WorkingClock) -> None:
        self._definition = definition
        self._assumptions = assumptions
        self._clock = clock

    def deal(self, random: Random, number: int) -> dict[str, Any]:
        """The values of the deal of that number, by field, without those that stay empty.

        Dates and times are ``Span``\\ s after the moment at which they are recorded: ``recorded`` makes values of them.
        """
        found: dict[str, Any] = {}
        together = self._assumptions.together
        if together is not None:
            row = together.rows[int(random.random() * len(together.rows))]
            found = {name: cell for name, cell in zip(together.fields, row, strict=True) if cell is not None}
        for name, values in self._assumptions.values.items():
            drawn = self._drawn(random, self._definition.fields[name].type, values, number)
            if name not in found and drawn is not None:
                found[name] = drawn
        return found

    def again(self, random: Random, number: int, fields: Iterable[str]) -> dict[str, Any]:
        """Other values of some fields of a deal, each drawn for itself: what is recorded anew."""
        drawn = {
            name: self._drawn(random, self._definition.fields[name].type, self._assumptions.values[name], number)
            for name in fields
        }
        return {name: value for name, value in drawn.items() if value is not None}

    def recorded(self, values: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
        """The values as they are given to the engine at a moment (aware)."""
        return {name: self._at(self._definition.fields[name].type, value, moment) for name, value in values.items()}

    def _at(self, kind: FieldType, value: Any, moment: datetime) -> Any:
        if isinstance(value, Span):
            then = self._clock.after(moment, value)
            if kind.kind is Kind.DATETIME:
                return then.isoformat(timespec="seconds")
            return then.astimezone(self._definition.calendar.zone).date().isoformat()
        if kind.kind is Kind.LIST:
            return [{name: self._at(kind.columns[name], cell, moment) for name, cell in row.items()} for row in value]
        return value

    def _drawn(self, random: Random, kind: FieldType, of: FieldValues, number: int) -> Any:
        if of.empty and random.random() < of.empty:
            return None
        if of.rows is not None:
            rows = [
                {name: cell for name, column in of.columns.items()
                 if (cell := self._drawn(random, kind.columns[name], column, number)) is not None}
                for _ in range(max(0, round(of.rows.draw(random))))
            ]  # fmt: skip
            return [row for row in rows if row] or None
        if of.each:
            found = [option for option, chance in of.each.items() if random.random() < chance]
            return found or ([Choice(of.each).draw(random)] if any(of.each.values()) else None)
        if of.times is not None:
            return of.times.draw(random)
        if of.source is None:
            return None
        drawn = of.source.draw(random)
        if kind.kind in NUMBERS:
            return rounded(kind, drawn)
        return drawn.replace("{number}", str(number)) if isinstance(drawn, str) else drawn


def rounded(kind: FieldType, drawn: float | Decimal) -> Decimal | int:
    """A number as the field takes it: within its bounds, whole where that is due, else to two decimals (percent: one)."""
    places = Decimal(1) if kind.whole_currency else _PLACES[kind.kind]
    value = Decimal(str(drawn)).quantize(places, ROUND_HALF_EVEN) if not isinstance(drawn, Decimal) else drawn
    low, high = kind.minimum, kind.maximum
    if isinstance(low, Decimal) and value < low:
        value = low.quantize(places, ROUND_CEILING)
    if isinstance(high, Decimal) and value > high:
        value = high.quantize(places, ROUND_FLOOR)
    return int(value) if kind.kind is Kind.INTEGER else value
