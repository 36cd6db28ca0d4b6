"""Numbers among the values of scenarios that can be read in two ways: no step may be tried with a guess."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.diagnostics import Finding, Route
from procdef.expression.types import FieldType, Kind
from procdef.language.shape.ambiguous_numbers import read_in_two_ways
from procdef.model import ProcessDefinition


def ambiguous(step: Mapping[str, Any], route: Route, definition: ProcessDefinition) -> Iterator[Finding]:
    """The numbers with exactly three decimals that a step gives, or expects, where money or a whole number is due."""
    then = step.get("then")
    places = [(step.get("values"), (*route, "values"))]
    if isinstance(then, dict):
        places.append((then.get("values"), (*route, "then", "values")))
    for values, here in places:
        for name, value in values.items() if isinstance(values, dict) else ():
            if name in definition.fields:
                yield from _in_value(definition.fields[name].type, value, (*here, name))


def _in_value(kind: FieldType, value: object, route: Route) -> Iterator[Finding]:
    if kind.kind is Kind.LIST:
        for number, row in enumerate(value if isinstance(value, list) else ()):
            for name, cell in row.items() if isinstance(row, dict) else ():
                if name in kind.columns:
                    yield from _in_value(kind.columns[name], cell, (*route, number, name))
    elif kind.kind in (Kind.MONEY, Kind.INTEGER) and (finding := read_in_two_ways(value, route)) is not None:
        yield finding
