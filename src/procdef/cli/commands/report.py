"""``procdef report``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.audit_output import flat, hand_over
from procdef.cli.completion import complete_process
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.cli.progress import progress

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.provenance import Provenance
    from procdef.render.report import Named
    from procdef.reports import Asked, BehindFigure, Report
    from procdef.store.port import Tx


@click.command("report")
@click.argument("process", required=False, shell_complete=complete_process)
@click.option("--from", "since", metavar="DATE", help="The first day, in the process's time zone, or a time.")
@click.option("--to", "until", metavar="DATE", help="The last day, included, or up to this time.")
@click.option("--last", metavar="PERIOD", help="The last 90d (days up to now), or the last whole month, quarter or year.")
@click.option("--by", metavar="GROUP", help="In groups: by owner, stage, version, month or a field.")
@click.option("--bands", metavar="LIST", help="Where bands of a field of numbers begin, as 0,5,10; quartiles without it.")
@click.option("--idle", type=click.IntRange(1, 100_000), metavar="DAYS", help="Idle is a deal without a step for so long (30).")
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="OUT.html", help="Write it as a page, with charts.")
@click.option("--force", is_flag=True, help="Replace a page that is there.")
@click.option("--as-of", "as_of", metavar="DATE", help="As the log stood when this day began, or at this time.")
@click.option("--deals", "figure", metavar="FIGURE", help="The deals behind a count, as stages.offer.overdue.")
@shared("text", "json", "csv")
def command(
    process: str | None,
    since: str | None,
    until: str | None,
    last: str | None,
    by: str | None,
    bands: str | None,
    idle: int | None,
    page: Path | None,
    force: bool,
    as_of: str | None,
    figure: str | None,
) -> None:
    """How sales of PROCESS are going: goals, hit rate, where deals stall and what blocks them, and all figures behind it."""
    from procdef.provenance import Provenance
    from procdef.reports import asked, report_in
    from procdef.reports.scope import IDLE_DAYS

    now = settings()
    if last is not None and (since is not None or until is not None):
        raise click.UsageError("name the period by --from and --to, or by --last")
    if bands is not None and by is None:
        raise click.UsageError("--bands are those of a field: name it with --by")
    if figure is not None and now.format == "csv":
        raise click.UsageError("the deals behind a figure are printed as text or json")
    if page is not None and (now.format != "text" or figure is not None):
        raise click.UsageError("--html writes a page; leave out --deals and --format, or ask for them by themselves")
    if force and page is None:
        raise click.UsageError("--force replaces a page: name it with --html")
    place = None if page is None else _place(now, page, force)
    engine = now.engine()
    what = asked(
        engine,
        process,
        since=since,
        until=until,
        last=last,
        by=by,
        bands=[band.strip() for band in bands.split(",")] if bands is not None else (),
        idle_days=IDLE_DAYS if idle is None else idle,
        as_of=as_of,
    )
    if place is not None:
        _write(now, engine, what, place, force)
        return
    with engine.store.transaction(write=False) as tx:
        with progress("reporting", now, lambda: 0):
            found = report_in(tx, what)
        if figure is not None:
            _behind(now, tx, what, found, figure)
            return
        sheet = Provenance(tx, "report", what.filter)
    sheet.line(found)
    if last is not None:
        since, until = _days(found, what)
    _print(now, found, sheet, what, since, until, as_of)


def _days(found: Report, what: Asked) -> tuple[str | None, str | None]:
    """The first and the last day of the period on the calendar of the process."""
    from datetime import datetime

    from procdef.reports.periods import last_day

    zone = what.scope.newest.calendar.zone
    return (
        None if found.since is None else datetime.fromisoformat(found.since).astimezone(zone).date().isoformat(),
        None if found.until is None else last_day(found.until, zone).isoformat(),
    )


def _place(now: Settings, page: Path, force: bool) -> Path:
    """Where the page will lie; looked at before anything is counted."""
    from procdef.cli.commands.audit.export import spare_the_database
    from procdef.whole_file import target

    place = target(page, "report", force=force)
    spare_the_database(page, now)
    return place


def _write(now: Settings, engine: Engine, what: Asked, place: Path, force: bool) -> None:
    """Write the report as a page."""
    from procdef.pages.report import report_html
    from procdef.whole_file import write_whole

    now.understood(what.scope.newest.languages)
    with progress("reporting", now, lambda: 0):
        shown = report_html(engine, what)
    write_whole(place, shown.encode(), "report", force=force)
    now.say(f"the report is in {place}")


def _print(
    now: Settings,
    found: Report,
    sheet: Provenance,
    what: Asked,
    since: str | None,
    until: str | None,
    as_of: str | None,
) -> None:
    if now.json:
        echo(json.dumps({**found.as_dict(), "about": sheet.about}, ensure_ascii=False))
    elif now.format == "csv":
        from procdef.render.report_csv import csv_text

        echo(csv_text(found))
    else:
        from procdef.render.provenance import counted_from
        from procdef.render.report import report_text
        from procdef.render.text_layout import wrapped

        named = _named(now, what)._replace(since=since, until=until, as_of=as_of)
        now.show(report_text(flat(found), named, now.width))
        now.say("\n" + "\n".join(wrapped(counted_from(sheet.about), now.width, "", "  ")))


def _named(now: Settings, what: Asked) -> Named:
    """The titles of what a report is about, in the language that was asked for."""
    from procdef.render.report import Named

    newest, by = what.scope.newest, what.by
    field = newest.fields.get(by.field) if by is not None and by.field is not None else None
    titles = {name: stage.title.in_language(now.lang) for name, stage in newest.stages.items()}
    groups = {name: title.in_language(now.lang) for name, title in field.titles.items()} if field is not None else {}
    said = {path: criterion.message for path, criterion in newest.criteria.items() if criterion.message is not None}
    words = said | {path: action.title for path, action in newest.actions.items()}
    return Named(
        stages=titles,
        reasons={name: text.in_language(now.lang) for name, text in newest.lost.reasons.items()} if newest.lost else {},
        measures={name: each.title.in_language(now.lang) for name, each in newest.measures.items() if each.title},
        groups=titles if by is not None and by.by == "stage" else groups,
        words={path: text.in_language(now.lang) for path, text in words.items()},
    )


def _behind(now: Settings, tx: Tx, what: Asked, found: Report, figure: str) -> None:
    """Print the deals behind a count, and what they are."""
    from procdef.provenance import Provenance
    from procdef.reports import deals_behind

    sheet = Provenance(tx, "deals", {**what.filter, "figure": figure})
    hand_over(now, sheet, deals_behind(tx, what, found, figure), _line)


def _line(row: BehindFigure) -> str:
    value = f"{row.value} {row.currency or ''}".strip() if row.value is not None else ""
    times = f"{row.times} times" if row.times != 1 else ""
    cells = (row.deal, row.title or "", row.stage, row.outcome, row.owner, value, times)
    return "  ".join(cell for cell in cells if cell)
