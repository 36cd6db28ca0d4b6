"""What open deals and new ones are likely to bring, month by month, and how far such a forecast was off.

``forecast`` asks an engine, ``forecast_in`` within a transaction that is open; ``forecast_of_pasts`` counts over deals,
wherever they come from. No event is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo

from procdef.engine import Engine, utc_now
from procdef.engine.arguments import count
from procdef.errors import InvalidArgument
from procdef.model import ProcessDefinition
from procdef.reports.forecast.assembly import forecast_of_pasts
from procdef.reports.forecast.pasts import pasts
from procdef.reports.forecast.results import Forecast
from procdef.store.port import Tx

__all__ = ["MOST_MONTHS", "Forecast", "forecast", "forecast_in", "forecast_of_pasts"]

MOST_MONTHS = 60
"""How many months can be looked at, ahead and back."""


def forecast(
    engine: Engine,
    process: str | None = None,
    *,
    months: int = 6,
    as_of: str | date | datetime | None = None,
    backtest: int = 12,
    seed: int = 0,
    now: datetime | None = None,
) -> Forecast:
    """The forecast of a process, of the only one where none is named.

    It stands at ``as_of``: at the beginning of that day in the time zone of the process, or at that moment; else ``now``. It
    looks at so many whole ``months``, and at what is left of the one that has begun. It is made anew for each of the last
    ``backtest`` months. The same ``seed`` gives the same answer. Raises ``UnknownProcess`` and ``InvalidArgument``.
    """
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
    with engine.store.transaction(write=False) as tx:
        return forecast_in(tx, versions, moment, months, backtest, count(seed, "seed", 0))


def forecast_in(
    tx: Tx,
    definitions: Sequence[ProcessDefinition],
    as_of: datetime,
    months: int = 6,
    backtest: int = 12,
    seed: int = 0,
) -> Forecast:
    """The same in a transaction that is open. ``definitions`` are all published versions of the process; the newest gives the
    time zone."""
    return forecast_of_pasts(pasts(tx, definitions[0].id), definitions, as_of, months, backtest, seed)


def _moment(given: str | date | datetime, zone: tzinfo) -> datetime:
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
