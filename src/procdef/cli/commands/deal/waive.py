"""``procdef waive``."""

from __future__ import annotations

import click

from procdef.cli.completion import complete_criterion
from procdef.cli.deal_command import on_deal, take


@click.command("waive")
@on_deal
@click.argument("criterion", shell_complete=complete_criterion)
@click.option("--reason", help="Why.")
def command(deal: str, criterion: str, reason: str | None, request: str | None, dry_run: bool) -> None:
    """Let CRITERION (or STAGE.CRITERION) of DEAL pass this once."""
    take(lambda engine, how: engine.waive(deal, criterion, reason=reason, **how), dry_run, request)
