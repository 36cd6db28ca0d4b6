"""``procdef note``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from procdef.cli.completion import complete_objection
from procdef.cli.deal_command import on_deal, take
from procdef.cli.typed_input import Meant

if TYPE_CHECKING:
    from procdef.engine import Done, Engine


@click.command("note")
@on_deal
@click.argument("text")
@click.option("--kind", type=click.Choice(("call", "email", "meeting")), help="What it was.")
@click.option(
    "--objection",
    shell_complete=complete_objection,
    help="The objection that was raised, of the present stage's playbook.",
)
@click.option("--happened", metavar="TIME", help="When it happened, if not now, as 2026-01-31T12:00.")
def command(
    deal: str, text: str, kind: str | None, objection: str | None, happened: str | None, request: str | None,
    dry_run: bool,
) -> None:  # fmt: skip
    """Write TEXT to DEAL's log."""

    def step(engine: Engine, how: dict[str, Any]) -> Done:
        meant = Meant.of(engine, deal)
        raised, when = meant.objection(objection), meant.time(happened)
        return engine.note(deal, text, kind=kind, objection=raised, happened=when, **how)

    take(step, dry_run, request)
