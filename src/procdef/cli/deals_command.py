"""``procdef deals``."""

from __future__ import annotations

import json

import click

from procdef.cli.settings import settings, shared


@click.command("deals")
@click.option("--process", help="Of this process only.")
@click.option("--stage", help="In this stage only.")
@click.option("--owner", help="Of this owner only.")
@click.option("--outcome", type=click.Choice(("open", "won", "lost")), help="With this outcome only.")
@click.option("--stalled", is_flag=True, help="Open deals past the due time of their stage.")
@shared()
def command(process: str | None, stage: str | None, owner: str | None, outcome: str | None, stalled: bool) -> None:
    """List deals, one a line."""
    from procdef.audit.events import timestamp
    from procdef.engine import utc_now
    from procdef.store.port import Deals

    now = settings()
    query = Deals(process, stage, owner, outcome, timestamp(utc_now()) if stalled else None)
    for row in now.engine().deals(query):
        if now.json:
            shown = {
                "deal": row.key, "process": row.process, "version": row.version, "stage": row.stage,
                "outcome": row.outcome, "owner": row.owner, "entered": row.entered, "due": row.due, "value": row.amount,
            }  # fmt: skip
            click.echo(json.dumps(shown, ensure_ascii=False))
        else:
            due = f"due {row.due[:10]}" if row.due else ""
            click.echo(f"{row.key:<24} {row.stage:<20} {row.outcome:<5} {row.owner:<16} {row.amount or '':>12} {due}")
