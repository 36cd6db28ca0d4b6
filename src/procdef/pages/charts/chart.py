"""What every chart has in common: a title, words for all it shows, and how it is drawn at a width."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from procdef.pages.charts.drawing import Drawing, wide, wrapped
from procdef.pages.charts.numbers import NOTHING, Numbers

WIDE, NARROW = 840.0, 336.0
"""The widths of the two pictures of a chart; a unit is about a pixel."""
EDGE = 8.0


class Chart(ABC):
    """A picture of numbers with their words. ``foot`` says n, period and source; ``language`` is that of its texts."""

    title: str
    unit: str
    foot: str
    language: str

    @property
    def numbers(self) -> Numbers:
        """How its numbers are written."""
        return Numbers(self.language)

    @property
    def told(self) -> str:
        """All that the picture shows, in words: a line for each row or month."""
        rows = list(self._told())
        return "\n".join([f"{self.title} ({self.unit})" if self.unit else self.title, *(rows or [NOTHING]), self.foot])

    def svg(self, prefix: str, width: float = WIDE) -> str:
        """The picture; ``prefix`` is for ids, and no other picture of the page has the same."""
        drawing = Drawing(width, prefix)
        y = drawing.lines(EDGE, EDGE, wrapped(self.title, "name", width - 2 * EDGE), "name") + 4
        y = self._drawn(drawing, y)
        y = drawing.lines(EDGE, y + 6, wrapped(self.foot, "quiet", width - 2 * EDGE, 5), "quiet")
        return drawing.svg(y + EDGE, self.title, self.told, self.language)

    @abstractmethod
    def _told(self) -> Iterator[str]:
        """A sentence for each row or month."""

    @abstractmethod
    def _drawn(self, drawing: Drawing, y: float) -> float:
        """Draw all but the title and the foot, from that height on; the height where it ends."""


def nothing(drawing: Drawing, y: float) -> float:
    """What is drawn where there is nothing to draw."""
    return drawing.lines(EDGE, y, [NOTHING], "label")


def legend(drawing: Drawing, y: float, keys: list[tuple[str, str]]) -> float:
    """What each kind of mark means: samples with their words, in as many lines as they need."""
    x, line, room = EDGE, y, drawing.width - EDGE
    for kind, word in keys:
        words = wrapped(word, "quiet", room - EDGE - 30, 1)
        width = 30 + max((wide(each, "quiet") for each in words), default=0) + 16
        if x > EDGE and x + width - 16 > room:
            x, line = EDGE, line + 20
        _sample(drawing, kind, x, line + 9)
        drawing.lines(x + 30, line, words, "quiet")
        x += width
    return line + 24 if keys else y


def _sample(drawing: Drawing, kind: str, x: float, middle: float) -> None:
    if kind in ("bar", "other", "band"):
        drawing.box(kind, x, middle - 5, 22, 10)
    elif kind in ("span", "run", "likely", "less"):
        drawing.rule(kind, x, middle, x + 22, middle)
    elif kind == "now":
        drawing.rule(kind, x + 11, middle - 7, x + 11, middle + 7)
    else:
        drawing.point(kind, x + 11, middle)
