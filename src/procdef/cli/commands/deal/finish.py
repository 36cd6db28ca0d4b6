"""``procdef finish``."""

from __future__ import annotations

import click

from procdef.cli.deal_command import on_deal, take


@click.command("finish")
@on_deal
def command(deal: str, request: str | None, dry_run: bool) -> None:
    """Close the won DEAL at the end of its process."""
    take(lambda engine, how: engine.finish(deal, **how), dry_run, request)
