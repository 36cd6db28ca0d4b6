"""Values of a deal that was led past criteria which hardly any other meets, as lines that add up to a price."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from procdef.expression.types import NUMBERS, FieldType, Kind
from procdef.model import Criterion, ProcessDefinition
from procdef.simulation.assumptions.distributions import Choice, Constant
from procdef.simulation.assumptions.model import FieldValues, Times

_DAY = 86_400.0


def proved_values(
    process: ProcessDefinition, hard: Iterable[Criterion], fields: Callable[[Criterion], tuple[str, ...]]
) -> dict[str, FieldValues]:
    """Of each field that these criteria read, and those that read the same fields, the value of one deal that got past them.

    None of a field where no such deal was found. ``fields`` tells those of a criterion that may be changed.
    """
    names = {name for each in hard for name in fields(each)}
    if not names:
        return {}
    checks = [each for each in process.criteria.values() if each.check is not None]
    while more := {name for each in checks if names & set(fields(each)) for name in fields(each)} - names:
        names |= more
    values, today = _led(process)
    found = {
        name: _constant(process.fields[name].type, values[name], today) for name in sorted(names) if name in values
    }
    return {name: each for name, each in found.items() if each is not None}


def _led(process: ProcessDefinition) -> tuple[Mapping[str, Any], date]:
    """The values, as a log has them, of the deal that was led the farthest, and the day on which it is looked at."""
    from procdef.proof.domains import TODAY
    from procdef.proof.plans import Plans

    led = [player.values for player in Plans.of(process).taken.values()]
    return max(led, key=len, default={}), TODAY


def _constant(kind: FieldType, value: Any, today: date) -> FieldValues | None:
    if kind.kind is Kind.LIST:
        return _rows(kind, value, today)
    if kind.many:
        return FieldValues(each=dict.fromkeys(value, 1.0))
    if kind.kind in NUMBERS:
        return FieldValues(Constant(float(value)))
    if kind.kind is Kind.BOOLEAN:
        return FieldValues(Choice({True: 100.0 * value, False: 100.0 * (not value)}))
    if kind.kind in (Kind.DATE, Kind.DATETIME):
        day = date.fromisoformat(value) if kind.kind is Kind.DATE else datetime.fromisoformat(value).date()
        return FieldValues(times=Times(Constant(max(0, (day - today).days) * _DAY)))
    return FieldValues(Choice({value: 1.0}))


def _rows(kind: FieldType, rows: list[Mapping[str, Any]], today: date) -> FieldValues | None:
    """As many rows; what differs between them is drawn for each by itself, of numbers nothing that could add up."""
    columns = {}
    for name, column in kind.columns.items():
        cells = [row[name] for row in rows if name in row]
        if not cells:
            continue
        if len({str(cell) for cell in cells}) == 1:
            found = _constant(column, cells[0], today)
        else:
            found = (
                FieldValues(Choice({cell: float(cells.count(cell)) for cell in cells}))
                if column.kind is Kind.CHOICE
                else None
            )
        if found is None:
            return None
        columns[name] = found
    return FieldValues(rows=Constant(float(len(rows))), columns=columns)
