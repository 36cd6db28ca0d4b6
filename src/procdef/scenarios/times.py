"""Times as scenarios write them: on the clocks of the process's time zone, unless an offset stands behind them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from procdef.expression.given_values import written_moment
from procdef.log.event import instant
from procdef.time_zones import told_jump


class NoTime(ValueError):
    """A text is no time; the message says what is wrong with it, and how to write one."""


def moment(text: str, zone: tzinfo) -> datetime:
    """The time that is meant, in UTC. Where the clocks show it twice, the first. Raises ``NoTime``."""
    shown = written_moment(text)
    if shown is None:
        raise NoTime(f'"{text}" is no date and time; write it like 2026-03-02T09:00')
    try:
        if shown.tzinfo is None:
            jump = told_jump(shown, zone)
            if jump is not None:
                raise NoTime(f'"{text}": {jump}')
            shown = shown.replace(tzinfo=zone)
        found = shown.astimezone(UTC)
    except OverflowError:
        raise NoTime(f'"{text}" lies outside of the calendar; write another time') from None
    if not 1 < found.year < 9999:
        raise NoTime(f'"{text}" lies outside of the calendar; write another time')
    return found


def written(of: datetime | str, zone: tzinfo) -> str:
    """The time on the clocks of the zone, as a scenario writes it; to the minute where that is exact."""
    local = (instant(of) if isinstance(of, str) else of).astimezone(zone)
    if local.replace(tzinfo=None, fold=0).replace(tzinfo=zone).astimezone(UTC) != local.astimezone(UTC):
        return local.isoformat()  # the second time of an hour that the clocks show twice
    exact = "minutes" if not (local.second or local.microsecond) else "seconds" if not local.microsecond else "microseconds"
    return local.replace(tzinfo=None).isoformat(timespec=exact)
