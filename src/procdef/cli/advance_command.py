"""``procdef advance``."""

from __future__ import annotations

import click

from procdef.cli.completion import complete_forward
from procdef.cli.stepping import on_deal, take


@click.command("advance")
@on_deal
@click.argument("stage", required=False, shell_complete=complete_forward)
@click.option("--reason", help="Why.")
def command(deal: str, stage: str | None, reason: str | None, request: str | None, dry_run: bool) -> None:
    """Move DEAL forward, to STAGE where several ways are open."""
    take(lambda engine, how: engine.advance(deal, stage, reason=reason, **how), dry_run, request)
