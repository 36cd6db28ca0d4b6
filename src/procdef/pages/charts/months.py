"""A line over months: what came, and what is expected, with the band that most of it falls into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from procdef.pages.charts.axis import Axis, axis
from procdef.pages.charts.chart import EDGE, Chart, legend, nothing
from procdef.pages.charts.drawing import LEADING, SIZES, Drawing, wide, wrapped

_NARROW = 480.0


@dataclass(frozen=True, slots=True)
class Month:
    """``came`` is what came; ``likely`` with ``low`` and ``high`` what is expected, ``less`` another expectation beside it.

    ``said`` has these numbers in words.
    """

    label: str
    said: str
    came: float | None = None
    low: float | None = None
    likely: float | None = None
    high: float | None = None
    less: float | None = None


@dataclass(frozen=True, slots=True)
class Months(Chart):
    """``words`` name the line of what came, the line of what is likely, the band, the other expectation, and the line between
    what is over and what is not."""

    title: str
    unit: str
    months: tuple[Month, ...]
    words: tuple[str, str, str, str, str]
    foot: str
    language: str = "en"

    def _told(self) -> Iterator[str]:
        return (f"{month.label}: {month.said}" for month in self.months)

    def _drawn(self, drawing: Drawing, y: float) -> float:
        if not self.months:
            return nothing(drawing, y)
        y = legend(drawing, y, list(self._keys()))
        y = drawing.lines(EDGE, y, wrapped(self.unit, "quiet", drawing.width - 2 * EDGE), "quiet") + 6
        bottom = y + (190 if drawing.width < _NARROW else 240)
        upright = axis(self._values(), bottom, y, self.numbers)
        left = EDGE + max(wide(text, "tick") for _, text in upright.ticks) + 8
        right = drawing.width - EDGE - 4
        for value, text in upright.ticks:
            at = upright.place(value)
            drawing.rule("base" if value == 0 else "grid", left, at, right, at)
            drawing.lines(left - 8, at - SIZES["tick"] * LEADING / 2, [text], "tick", "end")
        step = (right - left) / len(self.months)
        places = [left + step * (number + 0.5) for number in range(len(self.months))]
        self._lines(drawing, upright, places, step)
        return self._names(drawing, places, bottom)

    def _values(self) -> list[float | None]:
        return [value for each in self.months for value in (each.came, each.low, each.likely, each.high, each.less)]

    def _keys(self) -> Iterator[tuple[str, str]]:
        """The kinds of lines that are there, with their words."""
        present = ("came", "run"), ("likely", "likely"), ("high", "band"), ("less", "less")
        for (name, kind), word in zip(present, self.words, strict=False):
            if any(getattr(month, name) is not None for month in self.months):
                yield kind, word
        if self._over:
            yield "now", self.words[-1]

    @property
    def _over(self) -> int:
        """How many months are over, where others follow; none where all are, or none is."""
        over = max((place for place, month in enumerate(self.months, 1) if month.came is not None), default=0)
        return over if over < len(self.months) else 0

    def _lines(self, drawing: Drawing, upright: Axis, places: list[float], step: float) -> None:
        seen = list(zip(self.months, places, strict=True))
        band = [(month, x) for month, x in seen if month.low is not None and month.high is not None]
        upper = [(x, upright.place(month.high)) for month, x in band if month.high is not None]
        lower = [(x, upright.place(month.low)) for month, x in reversed(band) if month.low is not None]
        if len(band) == 1:
            (x, top), (_, end) = upper[0], lower[0]
            upper, lower = [(x - step / 3, top), (x + step / 3, top)], [(x + step / 3, end), (x - step / 3, end)]
        drawing.path("band", [*upper, *lower], closed=True)
        if self._over:
            x = places[self._over] - step / 2
            drawing.rule("now", x, upright.start, x, upright.end)
        for name, kind, mark in (("less", "less", ""), ("likely", "likely", "ring"), ("came", "run", "dot")):
            line = [(x, upright.place(value), month) for month, x in seen if (value := getattr(month, name)) is not None]
            drawing.path(kind, [(x, at) for x, at, _ in line])
            for x, at, month in line if mark else ():
                drawing.point(mark, x, at, f"{month.label}: {month.said}")

    def _names(self, drawing: Drawing, places: list[float], bottom: float) -> float:
        """The names of as many months as have room, the first and every so many after it."""
        room = 90.0
        lines = [wrapped(month.label, "tick", room, 1)[:1] for month in self.months]
        widest = max(wide(line, "tick") for each in lines for line in each or [""]) + 10
        step = places[1] - places[0] if len(places) > 1 else drawing.width
        every = max(1, -int(-widest // step))
        for number in range(0, len(places), every):
            half = widest / 2
            x = min(max(places[number], half), drawing.width - half)
            drawing.lines(x, bottom + 8, lines[number], "tick", "middle")
        return bottom + 8 + SIZES["tick"] * LEADING
