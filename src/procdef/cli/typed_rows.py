"""The rows of a list as people type them: ``contacts="Anna; user | Bo; decider"``, and one more with ``+=``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from procdef.errors import InvalidArgument

if TYPE_CHECKING:
    from procdef.model import Field, Text


class AddedRows(str):
    """What was typed behind ``+=``: rows that come to those that are there."""

    __slots__ = ()


def rows_of(field: Field, typed: str, there: Sequence[Any]) -> Any:
    """The rows, a text for each cell, with those that are ``there`` before them where they are added.

    A line or a ``|`` begins a row, a ``;`` a cell; cells are in the order of the columns, or say their column, as
    ``position: user``. Raises ``InvalidArgument`` where a row has more cells than there are columns.
    """
    written = [row for row in typed.replace("\n", "|").split("|") if row.strip(" ;")]
    rows = [_row(field, row, number) for number, row in enumerate(written, 1)]
    if isinstance(typed, AddedRows):
        return [*there, *rows]
    return rows or typed


def _row(field: Field, row: str, number: int) -> dict[str, str]:
    columns = list(field.columns)
    cells: dict[str, str] = {}
    for place, cell in enumerate(row.split(";")):
        head, colon, rest = cell.partition(":")
        named = _column(field, head) if colon else None
        if named is None and place >= len(columns):
            many = f"{field.id} has {len(columns)} columns ({'; '.join(columns)}), and row {number} has more cells"
            raise InvalidArgument(f'{many}; a text with ";" or "|" in it is given as JSON, {field.id}:=', "values")
        name, text = (named, rest) if named is not None else (columns[place], cell)
        if text.strip():
            cells[name] = _cell(field, name, text.strip())
    return cells


def _cell(field: Field, column: str, text: str) -> str:
    """A cell: of a choice the id that a title stands for."""
    return next((option for option, title in field.columns[column].titles.items() if _is(text, option, title)), text)


def _column(field: Field, text: str) -> str | None:
    """The column of this id or title."""
    return next((name for name, column in field.columns.items() if _is(text, name, column.title)), None)


def _is(text: str, name: str, title: Text | None) -> bool:
    bare = text.strip().casefold()
    return bare in (name.casefold(), *(each.casefold() for each in (title.texts.values() if title else ())))
