"""Time zones by their IANA names, whatever this machine knows of them. UTC needs no data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from procdef.errors import CalendarDataMissing

MACHINE_NAMES = frozenset(("localtime", "posixrules", "Factory", "leapseconds", "tzdata.zi"))
"""Names that data of zones may have, and that mean another time on each machine, or none."""


@lru_cache(maxsize=256)
def zone(name: str) -> tzinfo:
    """The zone of that name; instances are shared. One that the machine has no data of can be read all the same: whoever
    asks it for a time gets ``CalendarDataMissing``."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # processes without a calendar need none

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return MissingZone(name)


class MissingZone(tzinfo):
    """A zone that a process names, and that nothing on this machine tells the times of."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[Any, ...]:
        return zone, (self.name,)

    def utcoffset(self, dt: datetime | None, /) -> timedelta:
        """Raises ``CalendarDataMissing``."""
        raise CalendarDataMissing(
            f"this machine has no data of the time zone {self.name}, which the process is in; install or update the Python "
            "package `tzdata`"
        )

    def dst(self, dt: datetime | None, /) -> timedelta:
        """Raises ``CalendarDataMissing``."""
        return self.utcoffset(dt)

    def tzname(self, dt: datetime | None, /) -> str:
        """The name."""
        return self.name

    def fromutc(self, dt: datetime, /) -> datetime:
        """Raises ``CalendarDataMissing``."""
        return dt + self.utcoffset(dt)


def is_iana_name(name: str) -> bool:
    """Whether this is the name of a zone exactly as IANA writes it, and means the same everywhere."""
    return name == "UTC" or name in _published() or name in _here()


def iana_names() -> frozenset[str]:
    """Every name that is known here; none where the machine has no data of time zones."""
    return _published() or _here()


@cache
def _published() -> frozenset[str]:
    """The names in the package ``tzdata``, the same wherever it is installed."""
    try:
        import tzdata

        listed = Path(tzdata.__file__).with_name("zones").read_text("utf-8")
    except (ImportError, OSError):  # or it lies in an archive, from where nothing but its zones is read
        return frozenset()
    return frozenset(listed.split()) - MACHINE_NAMES


@cache
def _here() -> frozenset[str]:
    """The names in the data of the machine, which may be newer. Some keep the zones once more under other names."""
    from zoneinfo import available_timezones

    return frozenset(name for name in available_timezones() if not name.startswith(("posix/", "right/"))) - MACHINE_NAMES


def jumped_over(shown: datetime, where: tzinfo) -> tuple[datetime, datetime] | None:
    """What a clock of that zone shows before and after a jump over this time (all naive); ``None`` where it shows it."""
    there = shown.replace(tzinfo=where, fold=0)
    late, early = there.astimezone(UTC), there.replace(fold=1).astimezone(UTC)
    if early >= late:
        return None
    # Read with the offset from before the jump it is a time after that, and the other way round: halve the way between.
    while late - early > timedelta(microseconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(where).utcoffset() == there.utcoffset():
            early = middle
        else:
            late = middle
    before = (late + (there.utcoffset() or timedelta())).replace(tzinfo=None)
    return before, late.astimezone(where).replace(tzinfo=None)


def told_jump(shown: datetime, where: tzinfo) -> str | None:
    """Why nobody can mean this time there, where a clock jumps over it, and the times next to it."""
    jump = jumped_over(shown, where)
    if jump is None:
        return None
    before, after = (time.isoformat(timespec="minutes") for time in (jump[0] - timedelta(minutes=1), jump[1]))
    return f"there is no such time in {where}, where the clock jumps over it: write {before} or {after}"
