"""``procdef back``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from procdef.cli.completion import complete_backward
from procdef.cli.deal_command import on_deal, take
from procdef.cli.typed_input import Meant

if TYPE_CHECKING:
    from procdef.engine import Done, Engine


@click.command("back")
@on_deal
@click.argument("stage", shell_complete=complete_backward)
@click.option("--reason", help="Why.")
def command(deal: str, stage: str, reason: str | None, request: str | None, dry_run: bool) -> None:
    """Return DEAL to an earlier STAGE."""

    def step(engine: Engine, how: dict[str, Any]) -> Done:
        meant = Meant.of(engine, deal)
        return engine.back(deal, meant.stage(stage) or stage, reason=reason, **how)

    take(step, dry_run, request)
