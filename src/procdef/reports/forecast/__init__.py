"""What open deals and new ones are likely to bring, month by month, and how far such a forecast was off.

``forecast`` asks an engine, ``forecast_in`` within a transaction that is open; ``forecast_of_pasts`` counts over deals,
wherever they come from. No event is read. ``docs/forecast.md`` says how it is worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from procdef.engine import Engine
from procdef.model import ProcessDefinition
from procdef.reports.damaged_rows import rows_read
from procdef.reports.forecast.asked import Asked, asked
from procdef.reports.forecast.assembly import forecast_of, forecast_of_pasts, frame_of
from procdef.reports.forecast.pasts import pasts
from procdef.reports.forecast.results import Forecast
from procdef.reports.forecast.tallies import Frame, Tallies
from procdef.reports.processes_and_moments import Moment
from procdef.reports.two_processes import side_by_side
from procdef.store.port import Tx

__all__ = ["Asked", "Forecast", "asked", "forecast", "forecast_in", "forecast_of_pasts"]


def forecast(
    engine: Engine,
    process: str | None = None,
    *,
    months: int = 6,
    as_of: Moment | None = None,
    backtest: int = 12,
    seed: int = 0,
    now: datetime | None = None,
) -> Forecast:
    """The forecast of a process, of the only one where none is named.

    It stands at ``as_of``: at the beginning of that day in the time zone of the process, or at that moment; else ``now``. It
    looks at so many whole ``months``, and at what is left of the one that has begun. It is made anew for each of the last
    ``backtest`` months. The same ``seed`` gives the same answer. Raises ``UnknownProcess`` and ``InvalidArgument``.
    """
    what = asked(engine, process, months=months, as_of=as_of, backtest=backtest, seed=seed, now=now)
    with engine.store.transaction(write=False) as tx:
        return forecast_in(tx, *what)


def forecast_in(
    tx: Tx,
    definitions: Sequence[ProcessDefinition],
    as_of: datetime,
    months: int = 6,
    backtest: int = 12,
    seed: int = 0,
    newest: int | None = None,
) -> Forecast:
    """The same in a transaction that is open. ``definitions`` are all published versions of the process; ``newest`` is the
    number of the one that says what stages declare, and in which time zone, else it is the highest. Raises ``LogBroken`` for
    rows that cannot be counted."""
    frame = frame_of(definitions, as_of, months, backtest, newest)
    with rows_read(definitions[0].id):
        tallies = side_by_side(tx, partial(_tallied, process=definitions[0].id, frame=frame))
        return forecast_of(tallies, frame, definitions, seed, newest)


def _tallied(tx: Tx, first: str | None, end: str | None, process: str, frame: Frame) -> Tallies:
    """What some of the deals of a process come to."""
    tallies = Tallies(frame)
    tallies.take(pasts(tx, process, first, end))
    return tallies
