"""What a section of the report is made of: charts, tables and sentences, as plain values for the template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from procdef.pages.charts import Chart
from procdef.pages.charts.chart import NARROW, WIDE
from procdef.pages.passages import Passage

Words = Passage | str


@dataclass(frozen=True, slots=True)
class Column:
    """``number``: its cells stand at the right, one under the other."""

    title: Words
    number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """``value`` is what the column is sorted by, where the text is not: a number without blanks and units."""

    text: Words
    value: float | Decimal | int | None = None

    @property
    def sorted_by(self) -> str | None:
        """As the page's script reads it."""
        return None if self.value is None else f"{float(self.value):.15g}"


@dataclass(frozen=True, slots=True)
class Table:
    """The first cell of each row is its heading."""

    caption: Words
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, drawn for a wide and for a narrow page."""

    chart: Chart
    id: str

    def __html__(self) -> str:
        """Both drawings; the stylesheet shows one of them."""
        wide, narrow = self.chart.svg(f"{self.id}-w", WIDE), self.chart.svg(f"{self.id}-n", NARROW)
        return f'<figure class="picture"><div class="wider">{wide}</div><div class="narrower">{narrow}</div></figure>'


@dataclass(frozen=True, slots=True)
class Card:
    """An answer of the first screen: the question, the answer in few words, its figures, and whether it is well."""

    question: Words
    answer: Words
    details: tuple[Words, ...]
    link: str
    well: bool | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to look at: what is seen, what to ask, and by which rule it stands here. ``link`` leads to its figures."""

    seen: Words
    ask: Words
    rule: Words
    link: str


@dataclass(frozen=True, slots=True)
class Section:
    """``defined`` are the figures in it that the glossary explains. Without a table and a picture ``empty`` stands there."""

    id: str
    title: Words
    intro: tuple[Words, ...]
    defined: tuple[str, ...]
    parts: tuple[Picture | Table, ...]
    empty: Words


def pictures_first(picture: Picture | None, tables: Iterable[Table | None]) -> tuple[Picture | Table, ...]:
    """The picture and the tables that there are; a table without rows is none."""
    found: list[Picture | Table] = [picture] if picture else []
    return (*found, *(table for table in tables if table is not None and table.rows))
