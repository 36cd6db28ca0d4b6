"""When the people of a simulation are at work, and how much of it they get done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from procdef.calendar import Calendar
from procdef.errors import CalendarUnknown
from procdef.reports.working_time import WorkingTime
from procdef.simulation.assumptions.model import People
from procdef.simulation.assumptions.working_clock import hours_of_a_day

_ONE_DAY = timedelta(days=1)
_YEARS_OF_ABSENCE = 30
"""So many years from the start on, absences of each year are known."""
_MOMENT = 1.0
"""Seconds that somebody must be at work for, to begin something."""


class Shift:
    """The working hours of people who work at the same times. Moments and lengths are seconds, moments since 1970 UTC.

    ``pace`` is how much of their own working time passes in a second of their hours: below 1 where they have only some hours
    a day for this process.
    """

    def __init__(self, calendar: Calendar, hours_a_day: float | None = None) -> None:
        self._working = WorkingTime(calendar)
        longest = hours_of_a_day(calendar.hours)
        self.pace = 1.0 if hours_a_day is None or longest <= 0 else min(1.0, hours_a_day * 3600 / longest)

    def begins(self, moment: float) -> float:
        """When they are at work next: at once, or when their hours begin."""
        if self._working.between(moment, moment + _MOMENT) == _MOMENT:
            return moment
        found = self._working.after(moment, _MOMENT)
        if found is None:
            raise _unknown(moment)
        begins = found - _MOMENT
        return moment if begins - moment < _MOMENT else begins

    def ends(self, moment: float, work: float) -> float:
        """When so many seconds of work are done that are begun at that moment."""
        if work <= 0:
            return moment
        found = self._working.after(moment, work / self.pace)
        if found is None:
            raise _unknown(moment)
        return found

    def hours_between(self, start: float, end: float) -> float:
        """The seconds of their hours between two moments."""
        found = self._working.between(start, end) if end > start else 0.0
        if found is None:
            raise _unknown(start)
        return found


def shifts(calendar: Calendar, people: People, start: datetime) -> list[Shift]:
    """The hours of each of the people of a role, from ``start`` on. Of those who are away it is the last ones."""
    own = calendar if people.hours is None else replace(calendar, hours=people.hours)
    known: dict[frozenset[date], Shift] = {}
    found = []
    days = _days(people, start)
    for place in range(people.number):
        away = frozenset(day for day, there in days.items() if place >= there)
        if away not in known:
            known[away] = Shift(replace(own, closed=own.closed | away), people.hours_a_day)
        found.append(known[away])
    return found


def _days(people: People, start: datetime) -> dict[date, int]:
    """The days on which not all are there, and how many are."""
    if not people.away:
        return {}
    first, found = start.date(), {}
    for ahead in range(366 * _YEARS_OF_ABSENCE):
        day = first + ahead * _ONE_DAY
        there = people.there(day.month, day.day)
        if there < people.number:
            found[day] = there
    return found


def _unknown(moment: float) -> CalendarUnknown:
    day = datetime.fromtimestamp(moment, UTC).date()
    return CalendarUnknown(
        f"the working hours after {day} are not known, or there are none; simulate fewer deals or months, or mend the hours"
    )
