"""What fields hold where nobody says: by their type, bounds and options, drawn towards what the criteria ask for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from procdef.expression.types import NUMBERS, FieldType, Kind
from procdef.model import Field, ProcessDefinition
from procdef.simulation.assumptions.distributions import Choice, Pert
from procdef.simulation.assumptions.explained import Route
from procdef.simulation.assumptions.met_values import MetValues
from procdef.simulation.assumptions.model import FieldValues, Times

DAY = 86_400.0
AHEAD = (5 * DAY, 14 * DAY, 30 * DAY)
"""How long after it is recorded a date lies."""
_TEXTS: dict[Kind, str] = {
    Kind.TEXT: "Example {number}",
    Kind.EMAIL: "contact{number}@example.com",
    Kind.PHONE: "+358 9 123 4567",
    Kind.URL: "https://example.com/{number}",
}
_USUAL: dict[Kind, tuple[int, int, int]] = {
    Kind.INTEGER: (1, 10, 50),
    Kind.NUMBER: (1, 10, 50),
    Kind.MONEY: (2000, 15_000, 60_000),
    Kind.PERCENT: (0, 5, 20),
}
_NARROW = 100
"""Bounds that are not farther apart say what is usual."""


def default_values(
    definition: ProcessDefinition, given: Mapping[str, FieldValues]
) -> tuple[dict[str, FieldValues], dict[Route, str]]:
    """The values of every field, and where they come from; those that are ``given`` stay as they are."""
    plain = {name: given.get(name) or _plain(field.type) for name, field in definition.fields.items()}
    notes: dict[Route, str] = {
        ("values", name): _told(field) for name, field in definition.fields.items() if name not in given
    }
    met = MetValues(definition, plain, frozenset(given))
    met.seek()
    for name, values in met.found.items():
        plain[name] = values
        criteria = " and ".join(met.criteria_of(name))
        notes["values", name] = f"so that deals can meet {criteria}"
        if name in met.proved:
            notes["values", name] = f"one of the few values with which deals can meet {criteria}; write what is usual"
    return plain, notes


def _plain(kind: FieldType) -> FieldValues:
    match kind.kind:
        case Kind.BOOLEAN:
            return FieldValues(Choice({True: 50.0, False: 50.0}))
        case Kind.CHOICE if kind.many:
            return FieldValues(each=dict.fromkeys(kind.options, round(1 / len(kind.options), 2)))
        case Kind.CHOICE:
            return FieldValues(Choice(dict.fromkeys(kind.options, 1.0)))
        case Kind.DATE | Kind.DATETIME:
            return FieldValues(times=Times(Pert(*AHEAD)))
        case Kind.LIST:
            return FieldValues(rows=Pert(1, 2, 3), columns={name: _plain(each) for name, each in kind.columns.items()})
    if kind.kind in NUMBERS:
        return FieldValues(Pert(*usual(kind)))
    return FieldValues(Choice({_TEXTS[kind.kind]: 1.0}))


def usual(kind: FieldType) -> tuple[float, float, float]:
    """Low, likely and high of a number of which nothing is known but its type and bounds."""
    low, high = _bound(kind.minimum), _bound(kind.maximum)
    if low is not None and high is not None and high - low <= _NARROW and kind.kind is not Kind.PERCENT:
        likely = low + 0.7 * (high - low)
        return low, round(likely) if low <= round(likely) <= high else likely, high
    found = [float(one) for one in _USUAL[kind.kind]]
    if low is not None and low > found[0]:
        found = [low, *(max(one, low * factor or one) for one, factor in zip(found[1:], (3, 10), strict=True))]
    if high is not None:
        found = [min(one, high) for one in found]
    return found[0], found[1], found[2]


def _bound(limit: Any) -> float | None:
    return float(limit) if isinstance(limit, Decimal) else None


def _told(field: Field) -> str:
    match field.type.kind:
        case Kind.BOOLEAN | Kind.CHOICE:
            return "a guess: each as likely"
        case Kind.DATE | Kind.DATETIME:
            return "a guess, counted from when it is recorded"
    if field.type.kind in NUMBERS:
        bounded = field.type.minimum is not None or field.type.maximum is not None
        return "a guess within its bounds" if bounded else "a guess"
    return "a stand-in" if field.type.kind is not Kind.LIST else "a guess"
