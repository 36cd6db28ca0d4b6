"""``procdef deals``."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import click

from procdef.cli.completion import complete_any_stage, complete_process
from procdef.cli.settings import settings, shared

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from procdef.engine import Engine
    from procdef.store import DealRow


@click.command("deals")
@click.option("--process", help="Of this process only.", shell_complete=complete_process)
@click.option("--stage", help="In this stage only.", shell_complete=complete_any_stage)
@click.option("--owner", help="Of this owner only.")
@click.option("--outcome", type=click.Choice(("open", "won", "lost")), help="With this outcome only.")
@click.option("--stalled", is_flag=True, help="Open deals past the due time of their stage.")
@shared()
def command(process: str | None, stage: str | None, owner: str | None, outcome: str | None, stalled: bool) -> None:
    """List deals, one a line."""
    from procdef.audit.events import timestamp
    from procdef.engine import utc_now
    from procdef.store.port import Deals

    now, moment = settings(), timestamp(utc_now())
    engine = now.engine()
    due = _due(engine, moment)
    rows = engine.deals(Deals(process, stage, owner, outcome, moment if stalled else None))
    head = not now.quiet
    for row in rows:
        if now.json:
            click.echo(json.dumps(_as_json(row), ensure_ascii=False))
            continue
        if head:
            now.show(_line("deal", "stage", "outcome", "owner", "value", "due"))
        head = False
        now.show(_line(row.key, row.stage, row.outcome, row.owner, row.amount or "", due(row)))
    if head and not now.json:
        now.say("no such deals")


def _line(key: str, stage: str, outcome: str, owner: str, value: str, due: str) -> str:
    return f"{key:<20}  {stage:<20}  {outcome:<7}  {owner:<16}  {value:>12}  {due}".rstrip()


def _due(engine: Engine, moment: str) -> Callable[[DealRow], str]:
    """How the due time of a deal is shown: on the clocks of its process, and marked where it has passed."""
    from procdef.render.prose import moment as shown

    @cache
    def zone(process: str, version: int) -> ZoneInfo:
        return engine.definition(process, version).calendar.zone

    def due(row: DealRow) -> str:
        if row.due is None or row.mode != "open":
            return ""
        return ("OVERDUE " if row.due < moment else "") + shown(row.due, zone(row.process, row.version))

    return due


def _as_json(row: DealRow) -> dict[str, object]:
    return {
        "deal": row.key, "process": row.process, "version": row.version, "stage": row.stage, "outcome": row.outcome,
        "owner": row.owner, "entered": row.entered, "due": row.due, "value": row.amount,
    }  # fmt: skip
