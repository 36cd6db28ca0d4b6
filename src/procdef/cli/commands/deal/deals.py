"""``procdef deals``."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING

import click

from procdef.cli.completion import complete_any_stage, complete_deal, complete_process
from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo
from procdef.cli.period_options import moment_of
from procdef.cli.typed_input import one, stage_titles
from procdef.errors import CalendarDataMissing
from procdef.unsafe_characters import one_line

if TYPE_CHECKING:

    from procdef.engine import Engine
    from procdef.results.listed_deal import ListedDeal

_Row = tuple[str, ...]
_HEAD: _Row = ("deal", "stage", "outcome", "owner", "value", "due")
_TITLE = "title"
"""The head of a column behind the first, where a process says what names a deal for people."""
_LONGEST_TITLE = 30
_MEASURED = 1000
"""So many deals are looked at to find how wide the columns are."""


@click.command("deals")
@click.option("--process", help="Of this process only.", shell_complete=complete_process)
@click.option("--stage", help="In this stage only.", shell_complete=complete_any_stage)
@click.option("--owner", help="Of this owner only.")
@click.option("--outcome", type=click.Choice(("open", "won", "lost")), help="With this outcome only.")
@click.option("--stalled", is_flag=True, help="Open deals past the due time of their stage.")
@click.option("--overdue", is_flag=True, help="Open deals in which anything is overdue, an action too.")
@click.option("--due-before", metavar="TIME", help="Open deals in which anything is due before that day (UTC) or time.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="No more than so many.")
@click.option("--after", metavar="DEAL", help="Those behind this one.", shell_complete=complete_deal)
@shared()
def command(
    stage: str | None, stalled: bool, overdue: bool, due_before: str | None, limit: int | None, **given: str | None
) -> None:
    """List deals by their names, one a line."""
    from procdef.engine import utc_now
    from procdef.log.event import timestamp
    from procdef.render.text_layout import clipped
    from procdef.store.queries import Deals

    now, moment = settings(), timestamp(utc_now())
    engine = now.engine()
    due = _due(engine, moment)
    titles = stage_titles(each for each in engine.definitions() if given["process"] in (None, each.id))
    stage = None if stage is None else one(stage, titles)
    before = min(filter(None, (moment if overdue else None, moment_of(due_before))), default=None)
    query = Deals(stage=stage, overdue=moment if stalled else None, due_before=before, limit=limit, **given)
    if now.json:
        rows = engine.deals(query)
        for row in rows:
            echo(json.dumps(row.as_dict(), ensure_ascii=False))
        return
    listed = engine.deals(query if limit is None else replace(query, limit=limit + 1))
    rows = islice(listed, limit)
    value, entitled = _value(engine), any(definition.deal.title for definition in engine.definitions())
    head = (_HEAD[0], _TITLE, *_HEAD[1:]) if entitled else _HEAD
    cells = (
        _row(
            row.name,
            *[clipped(row.title or "", _LONGEST_TITLE)] * entitled,
            *(row.stage, row.outcome, row.owner, value(row), due(row)),
        )
        for row in rows
    )
    first = list(islice(cells, _MEASURED))
    if not first:
        now.say("no such deals")
        return
    line = _lines([head, *first], now.width)
    last = first[-1]
    for last in chain([head] * (not now.quiet), first, cells):
        now.show(line(last))
    if limit is not None and next(listed, None) is not None:
        now.say(f"(there are more: --after {shlex.quote(last[0])})")


def _row(*cells: str) -> _Row:
    return tuple(one_line(str(cell)) for cell in cells)


def _lines(rows: Sequence[_Row], width: int) -> Callable[[_Row], str]:
    """How a deal is written: in one line where all columns fit, else in two."""
    columns = len(rows[0])
    wide = [max(len(row[place]) for row in rows) for place in range(columns)]
    fits, value = sum(wide) + 2 * (columns - 1) <= width, columns - 2

    def line(row: _Row) -> str:
        cells = [f"{cell:>{w}}" if n == value else f"{cell:<{w}}" for n, (cell, w) in enumerate(zip(row, wide, strict=True))]
        if fits:
            return "  ".join(cells).rstrip()
        upper, lower = "  ".join(cells[:-3]).rstrip(), "  ".join(cells[-3:]).rstrip()
        return f"{upper}\n    {lower}"

    return line


def _value(engine: Engine) -> Callable[[ListedDeal], str]:
    """How what a deal is worth is shown: with the currency of its process."""

    @cache
    def currency(process: str, version: int) -> str:
        return engine.definition(process, version).currency or ""

    return lambda row: f"{row.amount} {currency(row.process, row.version)}".rstrip() if row.amount else ""


def _due(engine: Engine, moment: str) -> Callable[[ListedDeal], str]:
    """How the first due time of what is still to be done in a deal is shown, leaving the stage with it: on the clocks of its
    process, and marked where it has passed.

    Where this machine has no data of that time zone it is in UTC, which is said."""
    from procdef.render.text_layout import moment as shown

    @cache
    def zone(process: str, version: int) -> tzinfo:
        return engine.definition(process, version).calendar.zone

    def due(row: ListedDeal) -> str:
        first = row.deadline or row.due
        if first is None or row.mode != "open":
            return ""
        if type(first) is not str:  # somebody changed the column; `procdef audit verify` finds it
            return repr(first)
        passed = "OVERDUE " if first < moment else ""
        try:
            return passed + shown(first, zone(row.process, row.version))
        except CalendarDataMissing:
            return f"{passed}{shown(first, UTC)} UTC"
        except ValueError:  # changed too
            return first

    return due
