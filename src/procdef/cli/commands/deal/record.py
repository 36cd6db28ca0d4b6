"""``procdef record``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from procdef.cli.completion import complete_field
from procdef.cli.deal_command import on_deal, take
from procdef.cli.field_assignments import values_of
from procdef.cli.typed_input import Meant

if TYPE_CHECKING:
    from procdef.engine import Done, Engine


@click.command("record")
@on_deal
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE...", shell_complete=complete_field)
@click.option("--correct", is_flag=True, help="Mend a typing error behind a shut gate.")
@click.option("--reason", help="Why it is corrected.")
def command(
    deal: str, values: tuple[str, ...], correct: bool, reason: str | None, request: str | None, dry_run: bool
) -> None:
    """Set fields of DEAL; an empty value unsets the field."""
    if reason is not None and not correct:
        raise click.UsageError("--reason belongs to --correct")
    given = values_of(values)

    def step(engine: Engine, how: dict[str, Any]) -> Done:
        meant = Meant.of(engine, deal)
        return engine.record(deal, meant.values(given), correct=correct, reason=reason, **how)

    take(step, dry_run, request)
