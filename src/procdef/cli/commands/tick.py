"""``procdef tick``."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING, assert_never

import click

from procdef.cli.acting import writing
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.cli.until_stopped import Stopped, until_stopped
from procdef.errors import CalendarDataMissing, ConcurrentChange, StoreBusy

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.results.timer_told import TimerTold


@click.command("tick")
@click.option("--watch", type=click.IntRange(1, 86_400), metavar="SECONDS", help="Look again every so many seconds.")
@shared()
def command(watch: int | None) -> None:
    """Tell what fell due since: reminders, what is overdue, what goes before others, approvals that are about to lapse.

    Each is told once, on record in the log of its deal, however many ticks run; no deal is moved. A line for each says whom to
    tell, so that a script can. Run it every few minutes, or leave it running with --watch. Where a deal could not be looked at,
    a line says why, and the exit code is 1. What is printed is on record already: if printing fails, it stands all the same,
    and is not told again. `procdef log` and `procdef feed` show it.
    """
    now = settings()
    engine = now.engine()
    with until_stopped() as stopped:
        if watch is None:
            told, failed = _tick(now, engine, set())
            if not told and not failed and not now.json:
                now.say("nothing fell due")
            if failed:
                raise click.exceptions.Exit(1)
        else:
            _watch(now, engine, watch, stopped)
    if stopped.interrupted:
        raise KeyboardInterrupt


def _watch(now: Settings, engine: Engine, seconds: int, stopped: Stopped) -> None:
    said: set[str] = set()
    while not stopped.is_set():
        try:
            _tick(now, engine, said)
        except (StoreBusy, ConcurrentChange) as busy:
            echo(f"procdef: {busy}", err=True)
        stopped.wait(seconds)


def _tick(now: Settings, engine: Engine, said: set[str]) -> tuple[int, int]:
    """How much was told, and of how many deals it could not be; of these each problem is ``said`` once."""
    told = failed = 0
    for each in engine.tick(by=writing(now, engine)):
        if each.problem is not None:
            failed += 1
            if each.problem in said:
                continue
            said.add(each.problem)
        else:
            told += 1
        if now.json:
            echo(json.dumps(each.as_dict(), ensure_ascii=False))
        elif each.problem is not None:
            now.show(f"{each.deal}: not told: {each.problem.removeprefix(f'{each.deal}: ')}", err=True)
        else:
            now.show(_line(engine, each))
    return told, failed


def _line(engine: Engine, told: TimerTold) -> str:
    """``ACME: reminder, 2 days before: closing.call is due 2026-03-03 10:00 (maija; manager)``."""
    due, whom = _shown(engine, told), "; ".join(filter(None, (told.owner, ", ".join(told.roles))))
    called = f"{told.deal} ({told.title})" if told.title else told.deal
    match told.kind:
        case "reminded":
            what = f"reminder, {told.before} before: {told.of} {'lapses' if told.lapses else 'is due'} {due}"
        case "overdue":
            what = f"{told.of} is overdue, it was due {due}"
        case "escalated":
            what = f"{told.of} goes before {', '.join(told.roles)}, it was due {due}"
        case "failed":
            what = f"not told: {told.problem}"
        case never:
            assert_never(never)
    return f"{called}: {what} (tell {whom})"


def _shown(engine: Engine, told: TimerTold) -> str:
    """When it is due, on the clocks of the deal's process."""
    from procdef.render.text_layout import moment

    assert told.due is not None
    try:
        return moment(told.due, engine.definition_of(engine.deal(told.deal)).calendar.zone)
    except CalendarDataMissing:
        return f"{moment(told.due, UTC)} UTC"
