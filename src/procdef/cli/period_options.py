"""The options ``--from`` and ``--to`` of what an auditor asks: days in UTC, or times with their offsets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any

import click


def period(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options, as one ``Period``, ``within``."""

    @wraps(function)
    def command(since: str | None, until: str | None, **more: Any) -> Any:
        from procdef.provenance import Period

        return function(within=Period(*between(since, until)), **more)

    command = click.option("--to", "until", metavar="TIME", help="To this day, included, or up to this time.")(command)
    return click.option("--from", "since", metavar="TIME", help="From this day (UTC) or time on.")(command)


def between(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """The log's texts of both ends of a period. Raises ``click.UsageError`` where nothing could lie between them: such an
    answer would read as if nothing had happened."""
    first, end = _moment(since, 0), _moment(until, 1)
    if first is not None and end is not None and first >= end:
        raise click.UsageError(f"the period ends before it begins: --from {since} --to {until}")
    return first, end


def moment_of(given: str | None) -> str | None:
    """The log's text of a time, or of the midnight that begins a day in UTC."""
    return _moment(given, 0)


def _moment(given: str | None, after: int) -> str | None:
    """The log's text of a time, or of the midnight that begins a day in UTC; with ``after`` the next one."""
    from procdef.engine.arguments import when

    if given is None:
        return None
    try:
        day = date.fromisoformat(given) + timedelta(days=after)
    except (ValueError, OverflowError):
        return when(given)
    return when(datetime(day.year, day.month, day.day, tzinfo=UTC))
