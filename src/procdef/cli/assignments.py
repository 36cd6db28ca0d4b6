"""``field=value`` and ``field:=JSON`` on the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import click

_FORM = re.compile(r"(?P<name>[^=:\s]+)(?P<sign>:?=)(?P<value>.*)", re.DOTALL)


def values_of(pairs: Iterable[str]) -> dict[str, Any]:
    """Field values by name; an empty value unsets the field. Raises ``click.UsageError`` for anything else."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, value = _one(pair)
        if name in found:
            raise click.UsageError(f'"{name}" is given twice')
        found[name] = value
    return found


def _one(pair: str) -> tuple[str, Any]:
    form = _FORM.fullmatch(pair)
    if form is None:
        raise click.UsageError(f'"{pair}" is not of the form field=value (or field:=JSON)')
    name, sign, value = form["name"], form["sign"], form["value"]
    if sign == "=":
        return name, value
    try:
        return name, json.loads(value, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as wrong:
        raise click.UsageError(f'what follows "{name}:=" is not JSON: {wrong}') from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")
