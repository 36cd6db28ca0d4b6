"""The moments at which a forecast stands, and the months that it looks at from there, in the process's time zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import ceil

from procdef.errors import InvalidArgument
from procdef.log.event import timestamp
from procdef.reports.periods import shifted

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month (``label`` as ``2026-12``), or what is left of it, from ``start`` up to, not including, ``end``."""

    label: str
    start: datetime
    end: datetime
    whole: bool


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A moment (UTC), which knows what happened before it, and the ``months`` that it looks at; the first begins there.

    All that is text is as in the log: ``text`` is the moment, ``half_year``, ``year`` and ``quarter`` lie that long before it
    by the calendar, ``month`` is when its calendar month began. ``day`` is its date.
    """

    moment: datetime
    text: str
    day: str
    month: str
    quarter: str
    half_year: str
    year: str
    months: tuple[Month, ...]

    @property
    def ends(self) -> tuple[float, ...]:
        """When each month ends, in days of 24 hours from this moment."""
        return tuple((month.end - self.moment) / _DAY for month in self.months)

    @property
    def cuts(self) -> tuple[int, ...]:
        """How many whole days of 24 hours begin before each month ends."""
        return tuple(map(ceil, self.ends))

    def month_of(self, day: str) -> int | None:
        """The place of the month in which a date lies; as many as there are months for a later one, ``None`` for one that is
        over."""
        if day < self.day:
            return None
        return next((place for place, month in enumerate(self.months) if day[:7] <= month.label), len(self.months))


def standpoint(moment: datetime, zone: tzinfo, months: int) -> Standpoint:
    """One that looks at so many whole months, and at what is left of a month that has begun.

    Raises ``InvalidArgument`` where the calendar has no such months.
    """
    try:
        return _standpoint(moment, zone, months)
    except (OverflowError, ValueError):
        raise InvalidArgument(f"no forecast can stand at {timestamp(moment)}: the calendar ends near there", "as_of") from None


def earlier(now: Standpoint, zone: tzinfo, count: int) -> tuple[Standpoint, ...]:
    """The beginnings of the last ``count`` months that were over, oldest first; each looks at its own month."""
    local = now.moment.astimezone(zone)
    first = local.date().replace(day=1)
    try:
        begins = [_midnight(shifted("month", first, -back), zone) for back in range(count, 0, -1)]
        return tuple(_standpoint(begin, zone, 1) for begin in begins)
    except (OverflowError, ValueError):
        raise InvalidArgument(f"no forecast can stand {count} months before {now.text}", "backtest") from None


def _standpoint(moment: datetime, zone: tzinfo, months: int) -> Standpoint:
    moment = moment.astimezone(UTC)
    local = moment.astimezone(zone)
    first = local.date().replace(day=1)
    begun = _midnight(first, zone)
    whole = begun == moment
    looked_at = [] if whole else [Month(_label(first), moment, _midnight(shifted("month", first, 1), zone), False)]
    for ahead in range(0 if whole else 1, months + (0 if whole else 1)):
        day = shifted("month", first, ahead)
        looked_at.append(Month(_label(day), _midnight(day, zone), _midnight(shifted("month", day, 1), zone), True))
    quarter, half_year, year = (timestamp(_back(local, begun, zone, count)) for count in (3, 6, 12))
    text = timestamp(moment)
    return Standpoint(moment, text, f"{local.date()}", timestamp(begun), quarter, half_year, year, tuple(looked_at))


def _back(local: datetime, begun: datetime, zone: tzinfo, months: int) -> datetime:
    """The same time of the calendar so many months earlier, on the last day of a month that is too short for it."""
    if local.astimezone(UTC) == begun:
        return _midnight(shifted("month", local.date(), -months), zone)
    first = shifted("month", local.date().replace(day=1), -months)
    last = shifted("month", first, 1) - _DAY
    shown = local.replace(year=first.year, month=first.month, day=min(local.day, last.day), fold=0)
    return shown.astimezone(UTC)


def _midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins there, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _label(first: date) -> str:
    return first.isoformat()[:7]


def marks(standpoints: Sequence[Standpoint]) -> list[str]:
    """The moments between which wins are counted together, in order."""
    return sorted({
        each
        for place in standpoints
        for each in (place.text, place.month, place.quarter, place.year, *(timestamp(month.end) for month in place.months))
    })  # fmt: skip
