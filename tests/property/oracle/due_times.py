"""By when a stage is to be left and its actions are to be done: it follows from where the deal is, since when, and its
values."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from oracle.deals import Deal
from oracle.processes import Process
from oracle.spans import SPANS

MINUTE = timedelta(minutes=1)
MONTHS = {"2 months": 2, "1 year": 12}


def due_times(process: Process, deal: Deal) -> dict[str, datetime]:
    """When what is due in the deal's stage is, by the ids of the stage and of its actions; nothing in a deal that rests."""
    if deal["mode"] != "open":
        return {}
    stage = deal["stage"]
    declared = {stage: process.stages[stage].get("sla")}
    declared |= {path: told.get("sla") for path, told in process.actions.items() if path.split(".")[0] == stage}
    times = {of: _due(process, deal, sla) for of, sla in declared.items() if sla is not None}
    return {of: due for of, due in times.items() if due is not None}


def _due(process: Process, deal: Deal, sla: dict[str, Any]) -> datetime | None:
    calendar = process.document.get("calendar", {})
    zone = calendar.get("timezone", "UTC")
    if "until" not in sla:
        return _after(deal["entered"], sla["within"], zone)
    day = deal["values"].get(sla["until"])
    return None if day is None else _end(date.fromisoformat(day), zone, "hours" in calendar)


def _after(entered: datetime, within: str, zone: str) -> datetime:
    if within not in MONTHS:
        return entered + SPANS[within]
    shown = entered.astimezone(ZoneInfo(zone))
    year, month = divmod(shown.year * 12 + shown.month - 1 + MONTHS[within], 12)
    day = min(shown.day, monthrange(year, month + 1)[1])
    return shown.replace(year=year, month=month + 1, day=day, fold=0).astimezone(UTC)


@lru_cache
def _end(day: date, zone: str, hours: bool) -> datetime:
    """When the clock first shows the next day, or in a calendar with hours 17:00 of a day from Monday to Friday."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    while True:
        shown = moment.astimezone(ZoneInfo(zone))
        if shown.date() > day or (hours and day.weekday() < 5 and shown.date() == day and shown.hour >= 17):
            return moment
        moment += MINUTE
