"""A row for each thing: its name, marks on one axis, and its numbers in words beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from procdef.pages.charts.axis import Axis, axis
from procdef.pages.charts.chart import EDGE, WIDE, Chart, legend, nothing
from procdef.pages.charts.drawing import LEADING, SIZES, Drawing, wide, wrapped

MOST, LARGEST = 40, 30 * 1024
"""So many rows are drawn, or fewer, so that a picture has no more than so many bytes."""
_FEWER = 4
_NARROW, _CROWDED = 480.0, 12
_LONGEST, _LONGEST_IN_A_CROWD = 120, 50
"""Characters of a name; a longer one is cut, also in the words for those who see none."""
_TRACK, _BETWEEN = 12.0, 3.0


@dataclass(frozen=True, slots=True)
class Bar:
    """From 0 to a number. Each bar of a row has a track of its own; the second kind is hatched."""

    value: float | None
    second: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A line from one number to another, as from the lower to the upper end of an interval."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Point:
    """A mark at a number: a filled ``dot``, an open ``diamond``, a ``tip`` that ends a span, or a ``limit``."""

    value: float | None
    kind: Literal["dot", "diamond", "tip", "limit"] = "dot"


Mark = Bar | Span | Point


@dataclass(frozen=True, slots=True)
class Key:
    """What a kind of mark means; ``kind`` as the style names it."""

    kind: Literal["bar", "other", "span", "dot", "diamond", "tip", "limit"]
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    """``said`` has the numbers of its marks in words; it stands beside them, and in the text for those who see none."""

    label: str
    said: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows(Chart):
    """``unit`` names the axis, ``suffix`` stands behind each number on it (percent), ``most`` is where it ends, if anywhere.

    ``more`` is said in the foot where not all rows are drawn, with ``{shown}`` and ``{all}`` of them.
    """

    title: str
    unit: str
    rows: tuple[Row, ...]
    keys: tuple[Key, ...]
    foot: str
    language: str = "en"
    suffix: str = ""
    most: float | None = None
    more: str = "{shown} / {all}"

    def svg(self, prefix: str, width: float = WIDE) -> str:
        """The picture, of as many rows as it has room for; ``prefix`` is for ids, and no other picture has the same."""
        for most in range(MOST, 0, -_FEWER):
            drawn = Chart.svg(self._first(most), prefix, width)
            if len(drawn.encode()) <= LARGEST:
                break
        return drawn

    def _first(self, most: int) -> Rows:
        """The chart of the first of its rows."""
        if len(self.rows) <= most:
            return self
        more = self.more.format(shown=self.numbers.plain(most), all=self.numbers.plain(len(self.rows)))
        return replace(self, rows=self.rows[:most], foot=f"{self.foot} {more}")

    @property
    def _shown(self) -> tuple[Row, ...]:
        longest = _LONGEST if len(self.rows) <= _CROWDED else _LONGEST_IN_A_CROWD
        return tuple(replace(row, label=_cut(row.label, longest)) for row in self.rows)

    @property
    def _lines(self) -> int:
        """How many lines a text has at most: fewer where many rows are."""
        return 3 if len(self.rows) <= _CROWDED else 2

    def _told(self) -> Iterator[str]:
        return (f"{row.label}: {row.said}" for row in self._shown)

    def _drawn(self, drawing: Drawing, y: float) -> float:
        if not self.rows:
            return nothing(drawing, y)
        y = legend(drawing, y, [(key.kind, key.word) for key in self.keys])
        return self._narrow(drawing, y) if drawing.width < _NARROW else self._wide(drawing, y)

    def _axis(self, left: float, right: float) -> Axis:
        values = [value for row in self._shown for mark in row.marks for value in _values(mark)]
        return axis(values, left, right, self.numbers, most=self.most, unit=self.suffix)

    def _wide(self, drawing: Drawing, y: float) -> float:
        """Three columns: the name, the marks, the words."""
        width = drawing.width
        rows, most = self._shown, self._lines
        name_room = min(0.3 * width, max(wide(row.label, "label") for row in rows) + 1)
        said_room = min(0.34 * width, max(wide(row.said, "said") for row in rows) + 1)
        left, right = EDGE + name_room + 14, width - EDGE - said_room - 18
        along = self._axis(left, right)
        placed = []
        for row in rows:
            names, words = wrapped(row.label, "label", name_room, most), wrapped(row.said, "said", said_room, most)
            height = max(_tall(names), _tall(words), _tracks(row)) + 10
            placed.append((row, names, words, y, height))
            y += height
        top = placed[0][3]
        drawing.uprights("grid", ((along.place(value), top, y) for value, _ in along.ticks))
        drawing.rule("base", along.place(0), top, along.place(0), y)
        for row, names, words, at, height in placed:
            middle = at + height / 2
            drawing.lines(EDGE, middle - _tall(names) / 2, names, "label")
            drawing.lines(right + 18, middle - _tall(words) / 2, words, "said")
            self._marks(drawing, row, along, middle - _tracks(row) / 2)
        return self._scale(drawing, along, y)

    def _narrow(self, drawing: Drawing, y: float) -> float:
        """One column: the name, the words below it, then the marks."""
        room = drawing.width - 2 * EDGE
        along = self._axis(EDGE, drawing.width - EDGE)
        for row in self._shown:
            y = drawing.lines(EDGE, y, wrapped(row.label, "label", room, self._lines), "label")
            y = drawing.lines(EDGE, y, wrapped(row.said, "quiet", room, self._lines), "quiet") + 4
            height = _tracks(row)
            drawing.uprights("grid", [(along.place(value), y - 2, y + height + 2) for value, _ in along.ticks])
            self._marks(drawing, row, along, y)
            y += height + 12
        return self._scale(drawing, along, y)

    def _scale(self, drawing: Drawing, along: Axis, y: float) -> float:
        for value, text in along.ticks:
            place, half = along.place(value), wide(text, "tick") / 2
            inside = min(max(place, half + 2), drawing.width - half - 2)
            drawing.lines(inside, y + 2, [text], "tick", "middle")
        y += 2 + SIZES["tick"] * LEADING
        lines = wrapped(self.unit, "quiet", along.end - along.start)
        return drawing.lines((along.start + along.end) / 2, y, lines, "quiet", "middle")

    def _marks(self, drawing: Drawing, row: Row, along: Axis, y: float) -> None:
        """The marks of a row, whose tracks begin at that height: bars below one another, all else in the middle."""
        said = f"{row.label}: {row.said}" if len(self.rows) <= _CROWDED else ""
        bars = [mark for mark in row.marks if isinstance(mark, Bar)]
        middle = y + _tracks(row) / 2
        track = middle - (len(bars) * (_TRACK + _BETWEEN) - _BETWEEN) / 2
        for bar in bars:
            if bar.value:
                ends = sorted((along.place(0), along.place(bar.value)))
                drawing.box("other" if bar.second else "bar", ends[0], track, ends[1] - ends[0], _TRACK, said)
            track += _TRACK + _BETWEEN
        for mark in row.marks:
            if isinstance(mark, Span) and mark.low is not None and mark.high is not None:
                drawing.rule("span", along.place(mark.low), middle, along.place(mark.high), middle)
        for mark in row.marks:
            if isinstance(mark, Point) and mark.value is not None:
                drawing.point(mark.kind, along.place(mark.value), middle, said)


def _tall(lines: list[str]) -> float:
    return len(lines) * SIZES["label"] * LEADING


def _tracks(row: Row) -> float:
    bars = sum(isinstance(mark, Bar) for mark in row.marks)
    return max(_TRACK + 6, bars * (_TRACK + _BETWEEN) - _BETWEEN)


def _values(mark: Mark) -> tuple[float | None, ...]:
    return (mark.low, mark.high) if isinstance(mark, Span) else (mark.value,)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
