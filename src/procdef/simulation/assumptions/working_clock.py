"""When a length of time is over: on the clock, or in the working hours of a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from procdef.calendar import Calendar, Duration, Ranges
from procdef.errors import CalendarUnknown
from procdef.reports.working_time import WorkingTime
from procdef.simulation.assumptions.model import Span

_UNITS = {
    "minutes": 60.0, "hours": 3600.0, "days": 86_400.0, "weeks": 604_800.0, "months": 30 * 86_400.0, "years": 365 * 86_400.0,
}  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hours_of_a_day(hours: Mapping[int, Ranges]) -> float:
    """The seconds of a working day, on average over the days of the week on which people work; 0 where there are none."""
    lengths = [
        sum(
            ((end.hour * 60 + end.minute - begin.hour * 60 - begin.minute) % 1440 or 1440) * 60 for begin, end in ranges
        )
        for ranges in hours.values()
        if ranges
    ]
    return sum(lengths) / len(lengths) if lengths else 0.0


class WorkingClock:
    """Counts lengths of time in one calendar. Moments are aware and come out in UTC."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._working = WorkingTime(calendar)

    @property
    def day(self) -> float:
        """The seconds of a working day, on average over the days of the week on which people work."""
        return hours_of_a_day(self._calendar.hours) or 86_400.0

    def length(self, of: Duration) -> tuple[float, bool]:
        """The seconds of a duration, and whether they are working time. A business day has as many as ``day``, a month 30 days,
        a year 365."""
        unit = of.unit.removeprefix("business ")
        seconds = self.day if of.unit == "business days" else _UNITS[unit]
        return of.amount * seconds, of.business

    def after(self, start: datetime, span: Span) -> datetime:
        """When ``span`` is over, counted from ``start``. Business time that is over when hours end ends there, and none of it
        is over at once. Raises ``CalendarUnknown`` for a year whose holidays are not known, or that no calendar has."""
        if not span.business or span.seconds <= 0:
            try:
                return start.astimezone(UTC) + timedelta(seconds=max(0.0, span.seconds))
            except OverflowError:
                days = f"{span.seconds / 86_400:,.0f}"
                raise CalendarUnknown(f"no calendar has a day {days} days after {start.date()}; assume less") from None
        found = self._working.after((start - _EPOCH).total_seconds(), span.seconds)
        if found is None:
            raise CalendarUnknown(f"the working hours after {start.date()} are not known; choose an earlier time")
        return _EPOCH + timedelta(seconds=found)

    def is_working(self, moment: datetime) -> bool:
        """Whether people work then, or have begun or ended just then. Raises ``CalendarUnknown``."""
        about = timedelta(minutes=1)
        return self.between(moment - about, moment + about) > 0

    def between(self, start: datetime, end: datetime, business: bool = True) -> float:
        """The seconds from ``start`` to ``end``, of working time where ``business``. Raises ``CalendarUnknown``."""
        if not business:
            return (end - start).total_seconds()
        found = self._working.between((start - _EPOCH).total_seconds(), (end - _EPOCH).total_seconds())
        if found is None:
            raise CalendarUnknown(f"the working hours from {start.date()} to {end.date()} are not known")
        return found
