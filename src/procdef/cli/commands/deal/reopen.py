"""``procdef reopen``."""

from __future__ import annotations

import click

from procdef.cli.deal_command import on_deal, take


@click.command("reopen")
@on_deal
@click.option("--reason", help="Why.")
def command(deal: str, reason: str | None, request: str | None, dry_run: bool) -> None:
    """Take up the lost DEAL again, in the stage where it was."""
    take(lambda engine, how: engine.reopen(deal, reason=reason, **how), dry_run, request)
