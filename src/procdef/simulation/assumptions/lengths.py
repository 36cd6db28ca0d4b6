"""Lengths of time in the words of the language: a whole number and a unit, as short as that is exact."""

from __future__ import annotations

_MINUTE, _HOUR, _DAY, _WEEK = 60.0, 3600.0, 86_400.0, 604_800.0
_FINE, _COARSE = 2 * _HOUR, 5
"""Below so long each minute counts; from so many days on the day."""
_MOST = 99_999


def neat(seconds: float, business: bool, day: float) -> float:
    """The length rounded so that people read it: to the minute, to the hour, or to the day of so many seconds."""
    whole_day = day if business else _DAY
    unit = _MINUTE if seconds < _FINE else _HOUR if seconds < _COARSE * whole_day else whole_day
    if unit == whole_day and whole_day % _MINUTE:
        unit = _HOUR
    return round(seconds / unit) * unit


def written_length(seconds: float, business: bool, day: float, *, work: bool = False) -> str:
    """Whole minutes in the largest unit in which they are a whole number. ``work`` has no days, and needs no word for whose
    time it is."""
    word = "business " if business and not work else ""
    units = [("hour", _HOUR)]
    if not work:
        units = [("day", day if business else _DAY), *units]
    for name, size in units:
        if seconds >= size and seconds % size == 0:
            return _counted(int(seconds // size), word, name)
    minutes = round(seconds / _MINUTE)
    return _counted(minutes, word, "minute") if minutes <= _MOST else _counted(round(seconds / _HOUR), word, "hour")


def _counted(amount: int, word: str, name: str) -> str:
    return f"{amount} {word}{name}" + ("" if amount == 1 else "s")
