"""What a forecast is asked for, as people and programs say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any, NamedTuple

from procdef.engine import Engine, utc_now
from procdef.engine.arguments import count
from procdef.errors import InvalidArgument
from procdef.log.event import timestamp
from procdef.model import ProcessDefinition

Moment = str | date | datetime
"""A day on the calendar of the process, or a moment: ``2026-01-31``, or a time with its offset."""
MOST_MONTHS = 60
"""How many months can be looked at, ahead and back."""


class Asked(NamedTuple):
    """All published versions of the process, the moment at which the forecast stands, how many whole months it looks at and
    for how many it is tested, and what its draws begin with."""

    definitions: Sequence[ProcessDefinition]
    as_of: datetime
    months: int
    backtest: int
    seed: int

    @property
    def filter(self) -> Mapping[str, Any]:
        """As an answer names what it was asked."""
        process, moment = self.definitions[0].id, timestamp(self.as_of)
        return {
            "process": process, "as_of": moment, "months": self.months, "backtest": self.backtest, "seed": self.seed
        }  # fmt: skip


def asked(
    engine: Engine,
    process: str | None = None,
    *,
    months: int = 6,
    as_of: Moment | None = None,
    backtest: int = 12,
    seed: int = 0,
    now: datetime | None = None,
) -> Asked:
    """What is asked for, once it is of its form. Raises ``UnknownProcess`` and ``InvalidArgument``."""
    published = engine.definitions()
    if process is None:
        names = sorted({definition.id for definition in published})
        if len(names) != 1:
            raise InvalidArgument(f"name a process: {', '.join(names)}" if names else "no process is published here")
        (process,) = names
    newest = engine.definition(process)
    clock = now or utc_now()
    moment = clock if as_of is None else _moment(as_of, newest.calendar.zone)
    if moment > clock:
        raise InvalidArgument(f"{as_of} has not come yet; a forecast stands at a time that has", "as_of")
    for name, given, least in (("months", months, 1), ("backtest", backtest, 0)):
        if count(given, name, least) > MOST_MONTHS:
            raise InvalidArgument(f"`{name}` is at most {MOST_MONTHS}, not {given}", name)
    versions = [each for each in published if each.id == newest.id]
    return Asked(versions, moment, months, backtest, count(seed, "seed", 0))


def _moment(given: Moment, zone: tzinfo) -> datetime:
    """When a day begins there, or the moment itself."""
    try:
        if isinstance(given, str):
            given = datetime.fromisoformat(given) if "T" in given else date.fromisoformat(given)
        if isinstance(given, datetime):
            if given.tzinfo is None:
                raise InvalidArgument(f"{given.isoformat()} has no offset; write 2026-01-31T12:00+02:00 or ...Z", "as_of")
            return given.astimezone(UTC)
        return datetime(given.year, given.month, given.day, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError, AttributeError) as wrong:
        raise InvalidArgument(f"{given} is no date; write 2026-01-31, or a time as 2026-01-31T12:00Z", "as_of") from wrong
