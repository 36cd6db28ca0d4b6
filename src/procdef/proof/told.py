"""Examples in words, and the steps that lead to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from procdef.expression import FieldType, Kind
from procdef.expression.dates_as_numbers import EPOCH
from procdef.expression.stored_values import plain
from procdef.model import ProcessDefinition
from procdef.proof.search import Example


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a deal: who takes it (``person:role``), which one it is, with its arguments, and when."""

    by: str
    do: str
    given: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""


def worded(process: ProcessDefinition, example: Example) -> str:
    """The deal of an example: "discount 16 %, concession gift"; what it has not is not told."""
    parts = [f"{name} {_shown(process.fields[name].type, value)}" for name, value in sorted(example.values.items())]
    parts += [f"{path} done" for path in sorted(example.done)]
    parts += _times(example.clock)
    return ", ".join(parts) or "nothing filled in"


def _times(clock: Mapping[str, int]) -> list[str]:
    found = []
    if "now" in clock:
        found.append(f"at {(EPOCH + timedelta(microseconds=clock['now'])).isoformat()}")
    elif "today" in clock:
        found.append(f"on {date.fromordinal(clock['today'])}")
    found += [f"{name} {timedelta(microseconds=number)}" for name, number in clock.items() if name.startswith("deal.")]
    return found


def _shown(of: FieldType, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return plain(value) + (" %" if of.kind is Kind.PERCENT else "")
    if isinstance(value, tuple) and of.many:
        return "[" + ", ".join(value) + "]"
    if isinstance(value, tuple):
        rows = [", ".join(f"{name} {_shown(of.columns[name], cell)}" for name, cell in row.items()) for row in value]
        return "[" + "; ".join(rows[:3]) + (f"; {len(rows) - 3} more" if len(rows) > 3 else "") + "]"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return f'"{value}"' if of.kind not in (Kind.INTEGER, Kind.CHOICE) else str(value)
