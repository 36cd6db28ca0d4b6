"""``procdef assign``."""

from __future__ import annotations

import click

from procdef.cli.deal_command import on_deal, take


@click.command("assign")
@on_deal
@click.argument("person")
def command(deal: str, person: str, request: str | None, dry_run: bool) -> None:
    """Hand DEAL to PERSON."""
    take(lambda engine, how: engine.assign(deal, person, **how), dry_run, request)
