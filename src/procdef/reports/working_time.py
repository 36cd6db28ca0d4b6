"""How much working time lies between two moments, for many pairs of them.

B(t) is the working time up to t from some beginning; between two moments lies B(end) - B(start). B rises only within working
hours, so a table of when they begin and end is all of it, and it is made once for the years that are asked for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import MAXYEAR, UTC, date, datetime, timedelta

from procdef.calendar import Calendar, working_spans
from procdef.errors import CalendarUnknown

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARGIN = 2 * 86_400.0
"""Seconds: hours begin on a day of the calendar's zone and may run into the next, so those of two days around a year matter."""
_FARTHEST = 20 * 366 * 86_400.0
"""Seconds: how far ahead the end of a length of working time is looked for."""
_MOST_YEARS = 400
"""A visit that is longer, or so far from the others, has no working time."""


class WorkingTime:
    """The working time of a calendar. Moments and lengths are seconds, moments since 1970 UTC."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._years: dict[int, list[tuple[float, float]] | None] = {}
        self._years_held: tuple[int, int] | None = None
        self._first = self._last = 0.0
        """The moments between which the table tells of all working time."""
        self._opens: list[float] = []
        self._closes: list[float] = []
        self._before: list[float] = []
        """How much working time lies before each of the hours."""

    def between(self, start: float, end: float) -> float | None:
        """The working time from ``start`` to ``end``; ``None`` where the calendar does not know the holidays of a year that
        is touched."""
        if start < self._first or end >= self._last:
            self._make(start, end)
            if start < self._first or end >= self._last:
                return None
        # B(end) - B(start), written out: a long log asks this millions of times.
        opens, closes = self._opens, self._closes
        first, last = bisect_right(opens, start) - 1, bisect_right(opens, end) - 1
        if last < 0:
            return 0.0
        whole = self._before[last] + (end if end < closes[last] else closes[last]) - opens[last]
        if first >= 0:
            whole -= self._before[first] + (start if start < closes[first] else closes[first]) - opens[first]
        return whole

    def after(self, start: float, length: float) -> float | None:
        """The moment at which ``length`` (above 0) of working time from ``start`` is over; ``None`` where it would lie in a
        year whose holidays the calendar does not know, or farther off than is looked for."""
        ahead = _MARGIN
        while ahead < _FARTHEST:
            found = self.between(start, start + ahead)
            if found is None:
                return None
            if found >= length:
                due = self._reached(start) + length
                place = bisect_left(self._before, due) - 1
                return self._opens[place] + due - self._before[place]
            ahead *= 2
        return None

    def _reached(self, moment: float) -> float:
        """The working time before a moment that the table tells of."""
        place = bisect_right(self._opens, moment) - 1
        if place < 0:
            return 0.0
        return self._before[place] + min(moment, self._closes[place]) - self._opens[place]

    def _make(self, start: float, end: float) -> None:
        """Make a table that holds both moments, and what the last one held, unless it would need a year that is not known."""
        first, last = _year(start - _MARGIN), _year(end + _MARGIN)
        if not self._all_known(first, last):
            return
        if self._years_held and self._all_known(*(wider := _around(self._years_held, (first, last)))):
            first, last = wider
        begin = first
        if self._years_held and self._years_held[0] == first:
            begin = self._years_held[1] + 1  # what goes on year after year is not made anew each year
        else:
            self._opens, self._closes, self._before = [], [], []
        self._years_held = (first, last)
        for year in range(begin, last + 1):
            self._go_on(self._of(year) or ())
        self._first, self._last = _beginning(first) + _MARGIN, _beginning(last + 1) - _MARGIN

    def _go_on(self, spans: Iterable[tuple[float, float]]) -> None:
        """Add hours to the table that begin after all that it tells of."""
        opens_at, closes_at, before = self._opens, self._closes, self._before
        for opens, closes in spans:
            if opens_at and opens <= closes_at[-1]:
                closes_at[-1] = max(closes_at[-1], closes)
                continue
            before.append(before[-1] + closes_at[-1] - opens_at[-1] if before else 0.0)
            opens_at.append(opens)
            closes_at.append(closes)

    def _all_known(self, first: int, last: int) -> bool:
        return last - first < _MOST_YEARS and all(self._of(year) is not None for year in range(first, last + 1))

    def _of(self, year: int) -> list[tuple[float, float]] | None:
        """The hours that begin in a year, in order; ``None`` where its holidays are not known."""
        if year not in self._years:
            try:
                found = working_spans(self._calendar, date(year, 1, 1), date(year, 12, 31))
                self._years[year] = sorted((_seconds(opens), _seconds(closes)) for opens, closes in found)
            except (CalendarUnknown, OverflowError, ValueError):
                self._years[year] = None
        return self._years[year]


def _around(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return min(one[0], other[0]), max(one[1], other[1])


def _seconds(moment: datetime) -> float:
    return (moment - _EPOCH).total_seconds()


def _year(moment: float) -> int:
    """The year of a moment (UTC), or one that no calendar has."""
    try:
        return (_EPOCH + timedelta(seconds=moment)).year
    except OverflowError:
        return MAXYEAR + 1 if moment > 0 else 0


def _beginning(year: int) -> float:
    return _seconds(datetime(year, 1, 1, tzinfo=UTC)) if year <= MAXYEAR else _seconds(datetime.max.replace(tzinfo=UTC))
