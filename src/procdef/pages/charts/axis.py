"""An axis: from numbers to places, and the round numbers that are named on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from procdef.pages.charts.numbers import Numbers
from procdef.pages.text_widths import text_width

TICK = 12.0
"""The size of the letters of an axis."""
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """``low`` lies at ``start`` and ``high`` at ``end``; ``ticks`` are the numbers to name, ascending, with their texts."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[tuple[float, str], ...]

    def place(self, number: float) -> float:
        """Where that number lies; one beyond the ends lies at the end."""
        within = min(max(number, self.low), self.high)
        return self.start + (within - self.low) / (self.high - self.low) * (self.end - self.start)


def axis(
    numbers: Iterable[float | None], start: float, end: float, form: Numbers, *, most: float | None = None, unit: str = ""
) -> Axis:
    """An axis that holds 0 and all those numbers, or ends at ``most``, with as many names as have room beside one another.

    ``unit`` stands behind each, where it is short (percent).
    """
    finite = [number for number in numbers if number is not None and isfinite(number)]
    least, greatest = min([0.0, *finite]), max([0.0, *finite]) if most is None else most
    if least == greatest:
        greatest = least + 1
    counts = most is None and all(number == int(number) for number in finite)
    length = abs(end - start)
    across = start < end
    for count in (6, 5, 4, 3, 2, 1):
        step = _step(greatest - least, count, counts)
        first, last = floor(least / step + 1e-9), ceil(greatest / step - 1e-9)
        low, high = first * step, last * step
        named = [(number * step, form.plain(number * step, _places(step)) + unit) for number in range(first, last + 1)]
        room = length / max(1, last - first)
        widest = max(text_width(text, TICK) for _, text in named)
        if (1.5 * widest + 10 if across else 1.6 * TICK) <= room or count == 1:
            break
    if most is not None:
        high = max(most, low + step)
        named = [(number, text) for number, text in named if number <= high]
    return Axis(low, high, start, end, tuple(named))


def _step(length: float, count: int, counts: bool) -> float:
    """A round step of which that length needs about so many; a whole one where things are counted."""
    rough = max(length / count, 1.0) if counts else length / count
    base: float = 10.0 ** floor(log10(rough))
    steps = [factor * base for factor in _STEPS if not counts or (factor * base).is_integer()]
    return next(step for step in steps if step >= rough * 0.999999)


def _places(step: float) -> int:
    """How many decimals tell multiples of the step apart."""
    places = max(0, -floor(log10(step)))
    return places if abs(step * 10**places - round(step * 10**places)) < 1e-9 else places + 1
