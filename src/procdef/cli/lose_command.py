"""``procdef lose``."""

from __future__ import annotations

import click

from procdef.cli.completion import complete_reason
from procdef.cli.stepping import on_deal, take


@click.command("lose")
@on_deal
@click.argument("reason", required=False, shell_complete=complete_reason)
@click.option("--note", help="What happened.")
def command(deal: str, reason: str | None, note: str | None, request: str | None, dry_run: bool) -> None:
    """Mark DEAL as lost for REASON, an id of the process."""
    take(lambda engine, how: engine.lose(deal, reason, note=note, **how), dry_run, request)
