"""What reports and forecasts are asked for alike: a process, and moments, as people and programs name them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from procdef.engine import Engine
from procdef.engine.arguments import instance_of, when
from procdef.errors import InvalidArgument
from procdef.model import ProcessDefinition
from procdef.reports import periods

Moment = str | date | datetime
"""A day on the calendar of the process, or a moment: ``2026-01-31``, or a time with its offset."""


class Versions(NamedTuple):
    """The published versions of a process, and the newest of them."""

    all: list[ProcessDefinition]
    newest: ProcessDefinition


def versions_of(engine: Engine, process: str | None) -> Versions:
    """Those of a process, of the only one where none is named. Raises ``UnknownProcess`` and ``InvalidArgument``."""
    engine = instance_of(Engine, engine, "engine", "an engine is asked: Engine(open_store(...))")
    published = engine.definitions()
    if process is None:
        names = sorted({definition.id for definition in published})
        if len(names) != 1:
            there = f"name a process: {', '.join(names)}" if names else "no process is published here"
            raise InvalidArgument(there, "process")
        (process,) = names
    newest = engine.definition(process)
    return Versions([each for each in published if each.id == newest.id], newest)


def moment_of(given: Moment, zone: tzinfo, argument: str, days_later: int = 0) -> str:
    """The log's text of a moment, or of the midnight that begins a day there, or a later one. Raises ``InvalidArgument``."""
    if _is_time(given):
        return when(given, argument) or ""
    try:
        day = given if isinstance(given, date) else date.fromisoformat(given)
    except (ValueError, TypeError) as wrong:
        hint = "write 2026-01-31, or a time as 2026-01-31T12:00Z"
        raise InvalidArgument(f"{given} is no date; {hint}", argument) from wrong
    try:
        return periods.midnight(day + timedelta(days=days_later), zone)
    except (ValueError, OverflowError) as far:
        message = f"{given} lies outside of the calendar; name a day from 0002-01-01 to 9999-12-30"
        raise InvalidArgument(message, argument) from far


def end_of(given: Moment, zone: tzinfo, argument: str) -> str:
    """The log's text of a moment, or of the last one of a day there. Raises ``InvalidArgument``."""
    found = moment_of(given, zone, argument, 1)
    return found if _is_time(given) else periods.last_before(found)


def _is_time(given: Moment) -> bool:
    return isinstance(given, datetime) or (isinstance(given, str) and "T" in given)
