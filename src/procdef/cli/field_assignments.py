"""``field=value``, ``field:=JSON`` and, of a list, ``field+=row`` on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import click

from procdef.cli.exact_json import exact
from procdef.cli.typed_rows import AddedRows

_FORM = re.compile(r"(?P<name>[^=:+\s]+)(?P<sign>[:+]?=)(?P<value>.*)", re.DOTALL)


def values_of(pairs: Iterable[str]) -> dict[str, Any]:
    """Field values by name; an empty value unsets the field. Raises ``click.UsageError`` for anything else."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, value = _one(pair)
        if isinstance(value, AddedRows) and isinstance(found.get(name), AddedRows):
            value = AddedRows(f"{found.pop(name)}\n{value}")
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
    if sign == "+=":
        return name, AddedRows(value)
    try:
        return name, exact(value)
    except RecursionError:
        raise click.UsageError(f'what follows "{name}:=" is nested too deep') from None
    except ValueError as wrong:
        if value.strip().lower() in ("true", "false"):
            raise click.UsageError(f"{name} is true or false: write {name}={value.strip().lower()}") from None
        raise click.UsageError(f'what follows "{name}:=" is not JSON: {wrong}') from None
