"""``procdef agenda``."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.global_options import Settings, claimed, settings, shared
from procdef.cli.output import echo
from procdef.errors import CalendarDataMissing

if TYPE_CHECKING:
    from procdef.commands import Actor
    from procdef.engine import Engine
    from procdef.results.agenda_item import AgendaItem

_HEADS = {
    "overdue": "Overdue",
    "approve": "To approve",
    "handed": "Handed over",
    "rejected": "Rejected",
    "idle": "Not touched for {idle} days",
    "due": "Due within {within}",
    "lapses": "Lapses within {within}, and is to be done again",
}
_LENGTH = re.compile(r"([0-9]{1,5}) ?(h|hours?|d|days?|w|weeks?)?")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def _length(_context: click.Context, _option: click.Parameter, given: str) -> timedelta:
    """How far to look ahead: ``14d``, ``36h``, ``2w``; a number alone is days."""
    found = _LENGTH.fullmatch(given.strip())
    if found is None:
        raise click.BadParameter(f"{given!r} is no length of time; write 14d, 36h or 2w")
    return timedelta(**{_UNITS[(found[2] or "d")[0]]: int(found[1])})


@click.command("agenda")
@click.option("--for", "person", metavar="ID[:ROLE,...]", help="The day of this person.")
@click.option("--role", metavar="ROLE", help="What this role is to do.")
@click.option("--within", default="14d", metavar="LENGTH", callback=_length, help="How far ahead: 14d (the default), 36h, 2w.")
@click.option("--idle", default=14, type=click.IntRange(0, 36_500), metavar="DAYS", help="Deals untouched for so long (14).")
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), metavar="FILE", help="A file for the calendar.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@shared("text", "json", "ics")
def command(
    person: str | None, role: str | None, within: timedelta, idle: int, path: Path | None, force: bool
) -> None:
    """Tell what is due in open deals and who is to do it, what is overdue first, and last what is done and lapses.

    With --for it is that person's day as well: decisions that wait for them, deals that were handed over to them, what was
    rejected, deals of theirs that lie untouched. With --format ics it is a calendar of all that is due.
    """
    now = settings()
    if person is not None and role is not None:
        raise click.UsageError("an agenda is that of a person or of a role; say --for or --role")
    if path is not None and now.format != "ics":
        raise click.UsageError("-o FILE is for a calendar; say --format ics, or redirect what is printed")
    engine = now.engine()
    whose = claimed(person, "--for") if person else None
    if whose is not None:
        _refuse_unknown_roles(engine, whose)
    found = engine.agenda(whose, role=role, within=within, idle=timedelta(days=idle))
    if now.json:
        for item in found:
            echo(json.dumps(item.as_dict(), ensure_ascii=False))
    elif now.format == "ics":
        _calendar(now, engine, found, path, force)
    else:
        whom = claimed(person).id if person else role
        _print(now, engine, found, within, idle, whom)


def _refuse_unknown_roles(engine: Engine, whose: Actor) -> None:
    """Raise ``InvalidArgument`` for a role that no process has: one that is typed here is likely a slip."""
    from procdef.engine.agenda import refuse_unknown_role

    published = engine.definitions() if whose.roles else ()
    for role in sorted(whose.roles):
        refuse_unknown_role(role, published)


def _calendar(now: Settings, engine: Engine, found: list[AgendaItem], path: Path | None, force: bool) -> None:
    from procdef.engine import utc_now
    from procdef.render.agenda_calendar import calendar

    with engine.store.transaction(write=False) as tx:
        made = calendar(found, tx.log, utc_now())
    if path is None:
        sys.stdout.buffer.write(made)
        return
    from procdef.cli.commands.audit.export import spare_the_database
    from procdef.whole_file import write_whole

    spare_the_database(path, now)
    write_whole(path, made, "calendar", force=force)
    now.say(f"{path} is a calendar of what is due")


def _print(
    now: Settings, engine: Engine, found: list[AgendaItem], within: timedelta, idle: int, whom: str | None
) -> None:
    if not found:
        now.say(f"nothing waits for {whom}" if whom else "nothing waits")
        return
    for kind, items in groupby(found, key=lambda item: item.kind):
        days = within / timedelta(days=1)
        ahead = f"{days:g} days" if days >= 1 else f"{within / timedelta(hours=1):g} hours"
        now.show(_HEADS[kind].format(idle=idle, within=ahead))
        for item in items:
            now.show(f"  {_line(engine, item)}")


def _line(engine: Engine, item: AgendaItem) -> str:
    """``2026-03-09 17:00  ACME, Call them (lead.call): maija; manager``."""
    called = f"{item.deal} ({item.title})" if item.title else item.deal
    when = _shown(engine, item, item.due or item.since)
    whom = "; ".join(filter(None, (item.owner, ", ".join(item.roles))))
    more = f", {'given ' * (item.kind == 'lapses')}by {item.by}" if item.by else ""
    told = ", told to others" if item.escalated else ""
    return f"{when:<16}  {called}: {item.what} ({item.of}), {whom}{more}{told}"


def _shown(engine: Engine, item: AgendaItem, time: str | None) -> str:
    """A time on the clocks of the deal's process."""
    from procdef.render.text_layout import moment

    if time is None:
        return ""
    try:
        return moment(time, engine.definition(item.process, item.version).calendar.zone)
    except CalendarDataMissing:
        return f"{moment(time, UTC)} UTC"
