"""``procdef record``."""

from __future__ import annotations

import click

from procdef.cli.assignments import values_of
from procdef.cli.completion import complete_field
from procdef.cli.stepping import on_deal, take


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
    take(lambda engine, how: engine.record(deal, given, correct=correct, reason=reason, **how), dry_run, request)
