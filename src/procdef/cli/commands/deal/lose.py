"""``procdef lose``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from procdef.cli.completion import complete_reason
from procdef.cli.deal_command import on_deal, take
from procdef.cli.typed_input import Meant

if TYPE_CHECKING:
    from procdef.engine import Done, Engine


@click.command("lose")
@on_deal
@click.argument("reason", required=False, shell_complete=complete_reason)
@click.option("--note", help="What happened.")
def command(deal: str, reason: str | None, note: str | None, request: str | None, dry_run: bool) -> None:
    """Mark DEAL as lost for REASON, one of those that the process names."""

    def step(engine: Engine, how: dict[str, Any]) -> Done:
        meant = Meant.of(engine, deal)
        return engine.lose(deal, meant.reason(reason), note=note, **how)

    take(step, dry_run, request)
