"""``procdef note``."""

from __future__ import annotations

import click

from procdef.cli.completion import complete_objection
from procdef.cli.stepping import on_deal, take


@click.command("note")
@on_deal
@click.argument("text")
@click.option("--kind", type=click.Choice(("call", "email", "meeting")), help="What it was.")
@click.option(
    "--objection",
    shell_complete=complete_objection,
    help="The objection that was raised, of the present stage's playbook.",
)
@click.option("--happened", metavar="TIME", help="When it happened, if not now.")
def command(
    deal: str, text: str, kind: str | None, objection: str | None, happened: str | None, request: str | None,
    dry_run: bool,
) -> None:  # fmt: skip
    """Write TEXT to DEAL's log."""
    take(
        lambda engine, how: engine.note(deal, text, kind=kind, objection=objection, happened=happened, **how),
        dry_run,
        request,
    )
