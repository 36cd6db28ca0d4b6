"""``procdef back``."""

from __future__ import annotations

import click

from procdef.cli.completion import complete_backward
from procdef.cli.stepping import on_deal, take


@click.command("back")
@on_deal
@click.argument("stage", shell_complete=complete_backward)
@click.option("--reason", help="Why.")
def command(deal: str, stage: str, reason: str | None, request: str | None, dry_run: bool) -> None:
    """Return DEAL to an earlier STAGE."""
    take(lambda engine, how: engine.back(deal, stage, reason=reason, **how), dry_run, request)
