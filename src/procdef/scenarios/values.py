"""Values as scenarios write them: those of the command line, and times on the clocks of the process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdef.expression.given_values import coerce
from procdef.expression.stored_values import canonical
from procdef.expression.types import FieldType, Kind
from procdef.model import ProcessDefinition
from procdef.scenarios.times import NoTime, moment


def localized(definition: ProcessDefinition, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the engine takes them: a time without an offset is one on the clocks of the process."""
    return {name: _localized(definition, definition.fields[name].type, value) for name, value in values.items()}


def _localized(definition: ProcessDefinition, of: FieldType, value: Any) -> Any:
    if of.kind is Kind.LIST and isinstance(value, list):
        return [_row(definition, of, row) if isinstance(row, dict) else row for row in value]
    if not isinstance(value, str) or of.kind is not Kind.DATETIME:
        return value
    try:
        return moment(value, definition.calendar.zone)
    except NoTime:
        return value  # which the rules refuse


def _row(definition: ProcessDefinition, of: FieldType, row: Mapping[str, Any]) -> dict[str, Any]:
    known = of.columns
    return {name: _localized(definition, known[name], cell) if name in known else cell for name, cell in row.items()}


def stored(definition: ProcessDefinition, name: str, value: Any) -> Any:
    """A value of a field as the log holds it; None where it is empty."""
    kind = definition.fields[name].type
    typed = coerce(kind, localized(definition, {name: value})[name])
    return None if typed is None else canonical(kind, typed)
