"""``procdef advance``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from procdef.cli.completion import complete_forward
from procdef.cli.deal_command import on_deal, take
from procdef.cli.typed_input import Meant

if TYPE_CHECKING:
    from procdef.engine import Done, Engine


@click.command("advance")
@on_deal
@click.argument("stage", required=False, shell_complete=complete_forward)
@click.option("--reason", help="Why.")
def command(deal: str, stage: str | None, reason: str | None, request: str | None, dry_run: bool) -> None:
    """Move DEAL forward, to STAGE where several ways are open."""

    def step(engine: Engine, how: dict[str, Any]) -> Done:
        meant = Meant.of(engine, deal)
        return engine.advance(deal, meant.stage(stage), reason=reason, **how)

    take(step, dry_run, request)
