"""A deal's values as a page shows them: on the clocks of the process, options by their titles, lists as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from procdef.expression.types import Kind
from procdef.log.event import ERASED
from procdef.model import Field, ProcessDefinition
from procdef.pages.charts.numbers import Numbers
from procdef.pages.passages import Passage, Words, passage


@dataclass(frozen=True, slots=True)
class Cell:
    """A value. ``text`` tells it in a line; ``address`` is where it leads, where it is a link; ``heads`` and ``rows`` are those
    of a list. ``gone``: it was erased, or there is none, and ``text`` says so."""

    text: Passage
    address: str | None = None
    heads: tuple[Passage, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    gone: bool = False


class Values:
    """What makes values of the deals of one process readable."""

    def __init__(self, definition: ProcessDefinition, language: str, words: Words) -> None:
        self._definition, self._language, self._words = definition, language, words
        self._zone: tzinfo = definition.calendar.zone
        self._numbers = Numbers(language)

    def field(self, name: str) -> Passage:
        """What a field is called."""
        field = self._definition.fields.get(name)
        return passage(field.title, self._language) if field and field.title else Passage(name)

    def cell(self, name: str, value: Any) -> Cell:
        """The value of a field, in the log's form; ``None`` is empty."""
        field = self._definition.fields.get(name)
        return self._cell(field, value) if field else Cell(Passage(str(value)))

    def moment(self, text: str) -> str:
        """A time of the log as the clocks of the process show it, to the minute."""
        return f"{datetime.fromisoformat(text).astimezone(self._zone):%Y-%m-%d %H:%M}"

    def money(self, amount: str, currency: str | None) -> str:
        """An amount, to its last decimal, with its currency."""
        written = self._numbers.exact(amount)
        return f"{written}\u00a0{currency}" if currency else written

    def _cell(self, field: Field, value: Any) -> Cell:
        if value is None or value == "":
            return Cell(self._words["empty"], gone=True)
        if value == ERASED:
            return Cell(self._words["erased"], gone=True)
        if field.type.kind is Kind.LIST and isinstance(value, list):
            return self._list(field, value)
        if isinstance(value, list):
            return Cell(Passage(", ".join(str(self._option(field, each)) for each in value)))
        if isinstance(value, bool):
            return Cell(self._words["yes" if value else "no"])
        match field.type.kind:
            case Kind.CHOICE:
                return Cell(self._option(field, value))
            case Kind.MONEY:
                return Cell(Passage(self.money(str(value), self._definition.currency)))
            case Kind.PERCENT:
                return Cell(Passage(f"{value} %"))
            case Kind.DATETIME:
                return Cell(Passage(self._local(str(value))))
            case Kind.URL:
                return Cell(Passage(str(value)), address=str(value) if leads_to_web(str(value)) else None)
        return Cell(Passage(str(value)))

    def _local(self, text: str) -> str:
        try:
            return self.moment(text)
        except (ValueError, OverflowError):
            return text

    def _option(self, field: Field, value: Any) -> Passage:
        title = field.titles.get(str(value))
        return passage(title, self._language) if title else Passage(str(value))

    def _list(self, field: Field, rows: list[Any]) -> Cell:
        used = {name for row in rows if isinstance(row, Mapping) for name in row}
        columns = [each for name, each in field.columns.items() if name in used]
        plain = {name: kind for name, kind in field.type.columns.items() if name in used and name not in field.columns}
        columns += [Field(name, kind) for name, kind in plain.items()]
        heads = tuple(passage(each.title, self._language) if each.title else Passage(each.id) for each in columns)
        cells = tuple(
            tuple(self._cell(each, row[each.id]) if each.id in row else Cell(Passage(""), gone=True) for each in columns)
            for row in rows
            if isinstance(row, Mapping)
        )
        return Cell(Passage(f"{len(rows)} {self._words['row' if len(rows) == 1 else 'rows']}"), heads=heads, rows=cells)


def leads_to_web(address: str) -> bool:
    """Whether an address that somebody gave for a deal is one that a page leads to: http or https, and nothing else."""
    lowered = address.strip().lower()
    return lowered.startswith(("http://", "https://")) and address.isprintable() and " " not in address.strip()
