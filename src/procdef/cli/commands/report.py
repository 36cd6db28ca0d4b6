"""``procdef report``."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, tzinfo

import click

from procdef.cli.audit_output import flat
from procdef.cli.completion import complete_process
from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo
from procdef.cli.progress import progress
from procdef.errors import InvalidArgument


@click.command("report")
@click.argument("process", required=False, shell_complete=complete_process)
@click.option("--from", "since", metavar="DATE", help="The first day, in the process's time zone.")
@click.option("--to", "until", metavar="DATE", help="The last day, included.")
@shared()
def command(process: str | None, since: str | None, until: str | None) -> None:
    """Funnel, time in stage, hit rate, win rate, won value, losses, refusals and waivers of PROCESS."""
    from procdef.engine import utc_now
    from procdef.log.event import timestamp
    from procdef.render.report import Named, report_text
    from procdef.reports import report

    now = settings()
    engine = now.engine()
    published = engine.definitions()
    names = sorted({definition.id for definition in published})
    if process is None and len(names) != 1:
        raise InvalidArgument(f"name a process: {', '.join(names)}" if names else "no process is published here")
    definition = engine.definition(process or names[0])
    zone = definition.calendar.zone
    first, last = _midnight(since, zone, 0), _midnight(until, zone, 1)
    if first is not None and last is not None and first >= last:
        raise click.UsageError(f"the period ends before it begins: --from {since} --to {until}")
    with engine.store.transaction(write=False) as tx, progress("reporting", now, lambda: 0):
        currencies = {each.version: each.currency for each in published if each.id == definition.id}
        found = report(tx, definition.id, definition.stages, currencies, timestamp(utc_now()), first, last)
    if now.json:
        echo(json.dumps(found.as_dict(), ensure_ascii=False))
        return
    titles = {stage.id: stage.title.in_language(now.lang) for stage in definition.stages.values()}
    lost = definition.lost.reasons if definition.lost else {}
    reasons = {name: title.in_language(now.lang) for name, title in lost.items()}
    now.show(report_text(flat(found), Named(titles, reasons, since, until), definition.currency, now.width))


def _midnight(day: str | None, zone: tzinfo, after: int) -> str | None:
    """The log's text of the midnight that begins the day, or with ``after`` the next one."""
    from procdef.log.event import timestamp

    if day is None:
        return None
    try:
        start = date.fromisoformat(day) + timedelta(days=after)
    except (ValueError, OverflowError) as wrong:
        raise InvalidArgument(f"{day} is no date; write 2026-01-31") from wrong
    return timestamp(datetime(start.year, start.month, start.day, tzinfo=zone))
