"""What a report is asked for, as people and programs say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from procdef.engine import Engine
from procdef.engine.arguments import count, optional
from procdef.engine.arguments import moment as clock_time
from procdef.errors import InvalidArgument
from procdef.log.event import timestamp
from procdef.reports import periods
from procdef.reports.figures.groups import Grouping, grouping
from procdef.reports.newest_version import newest_before
from procdef.reports.processes_and_moments import Moment, moment_of, versions_of
from procdef.reports.scope import IDLE_DAYS, Scope, scope_of

_BAND_DIGITS = 18
"""So many before and behind the point are more than any field holds, and than anybody reads in the name of a group."""


class Asked(NamedTuple):
    """What a report is made of: its scope, and what its groups are made by."""

    scope: Scope
    by: Grouping | None = None

    @property
    def filter(self) -> Mapping[str, Any]:
        """As an answer names what it was asked."""
        scope, by = self.scope, self.by
        given = {
            "process": scope.newest.id,
            "from": scope.since,
            "to": scope.until,
            "by": None if by is None else by.by,
            "bands": None if by is None or not by.bands else [f"{band:f}" for band in by.bands],
            "idle": scope.idle_days,
            "as_of": scope.now if scope.as_of else None,
        }
        return {name: value for name, value in given.items() if value is not None}


def asked(
    engine: Engine,
    process: str | None = None,
    *,
    since: Moment | None = None,
    until: Moment | None = None,
    last: str | None = None,
    by: str | None = None,
    bands: Sequence[Decimal | int | str] = (),
    idle_days: int = IDLE_DAYS,
    as_of: Moment | None = None,
    now: datetime | None = None,
) -> Asked:
    """The same, as what is to be counted."""
    versions, newest = versions_of(engine, process)
    last = optional(str, last, "last", "a period is a text: 90d, month, quarter or year")
    by = optional(str, by, "by", "groups are made by owner, stage, version, month or a field, named by a text")
    if not isinstance(bands, list | tuple):
        raise InvalidArgument("bands are a list of the numbers at which they begin, as [0, 5, 10]", "bands")
    clock = timestamp(engine.now() if now is None else clock_time(now, "now"))
    then = None if as_of is None else moment_of(as_of, newest.calendar.zone, "as_of")
    if then is not None and then > clock:
        raise InvalidArgument(f"{as_of} has not come yet; a report is as of a time that has", "as_of")
    moment = then or clock
    scope = scope_of(versions, moment)
    if then is not None:
        scope = replace(scope, newest=newest_before(engine, versions, then))
    zone = scope.newest.calendar.zone
    if last is not None and (since is not None or until is not None):
        raise InvalidArgument("a period is given by its ends or by `last`, not by both", "last")
    if last is not None:
        period = periods.last(last, moment, zone)
    else:
        period = periods.Period(
            None if since is None else moment_of(since, zone, "since"),
            None if until is None else moment_of(until, zone, "until", 1),
        )
    if period.since is not None and period.until is not None and period.since >= period.until:
        raise InvalidArgument(f"the period ends before it begins: from {since} to {until}", "until")
    scope = replace(
        scope,
        since=period.since,
        until=period.until,
        before=periods.before(*period, moment, zone),
        idle_days=count(idle_days, "idle_days", 1),
        as_of=then is not None,
    )
    if bands and by is None:
        raise InvalidArgument("bands are those of a field: name it with `by`", "bands")
    return Asked(scope, None if by is None else grouping(scope, by, tuple(map(_band, bands))))


def _band(given: Decimal | int | str) -> Decimal:
    try:
        found = Decimal(given) if type(given) in (str, int, Decimal) else Decimal("NaN")
    except (ArithmeticError, ValueError):
        found = Decimal("NaN")
    lowest = found.as_tuple().exponent  # no number of an infinity
    if not isinstance(lowest, int) or lowest < -_BAND_DIGITS or found.adjusted() >= _BAND_DIGITS:
        raise InvalidArgument(f"{given} is no number at which a band begins; write 0,5,10", "bands")
    return found.normalize() if found else Decimal(0)
