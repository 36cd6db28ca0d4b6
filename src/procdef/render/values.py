"""A deal's values as people read them: percent and money as what they mean, times on the clocks of the process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdef.expression.types import Kind
from procdef.model import ProcessDefinition
from procdef.render.text_layout import clipped, moment
from procdef.unsafe_characters import one_line

_LONGEST_TITLE = 60
"""Columns."""


def shown(definition: ProcessDefinition, name: str, value: Any) -> str:
    """A value as the log holds it, in words; of a field that the definition lacks, as it is."""
    field = definition.fields.get(name)
    if isinstance(value, list) and field is not None and field.type.many:
        return ", ".join(map(str, value))
    if isinstance(value, list):
        return f"{len(value)} row{'s' * (len(value) != 1)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    match field.type.kind if field else None:
        case Kind.PERCENT:
            return f"{value} %"
        case Kind.MONEY:
            return f"{value} {definition.currency}"
        case Kind.DATETIME:
            zone = definition.calendar.zone
            try:
                return f"{moment(str(value), zone)} {zone}"
            except (OverflowError, ValueError):
                return str(value)
    return str(value)


def deal_heading(name: str, title: str | None) -> str:
    """How a deal is named to people: its id, and its title beside it where it has one."""
    return one_line(name if title is None else f"{name} ({clipped(title, _LONGEST_TITLE)})")


def titled(name: str, titles: Mapping[str, str]) -> str:
    """A title with its id behind it, or the id where there is no other title."""
    title = titles.get(name, name)
    return name if title == name else f"{title} ({name})"
