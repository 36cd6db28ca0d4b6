"""``procdef do``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from procdef.cli.completion import complete_action, complete_field, complete_way
from procdef.cli.deal_command import on_deal, take
from procdef.cli.field_assignments import values_of
from procdef.cli.typed_input import Meant

if TYPE_CHECKING:
    from procdef.engine import Done, Engine


@click.command("do")
@on_deal
@click.argument("action", shell_complete=complete_action)
@click.argument("values", nargs=-1, metavar="[FIELD=VALUE]...", shell_complete=complete_field)
@click.option("--way", shell_complete=complete_way, help="Which way it was done.")
@click.option("--evidence", help="A note, an http(s) address, the path of a file, or \"NAME sha256:HEX\".")
@click.option("--note", help="A note.")
@click.option("--approve", "decision", flag_value="approve", default=None, help="Decide: approve.")
@click.option("--reject", "decision", flag_value="reject", help="Decide: reject.")
@click.option("--happened", metavar="TIME", help="When it happened, if not now, as 2026-01-31T12:00.")
def command(
    deal: str, action: str, values: tuple[str, ...], way: str | None, evidence: str | None, note: str | None,
    decision: str | None, happened: str | None, request: str | None, dry_run: bool,
) -> None:  # fmt: skip
    """Complete ACTION of DEAL's present stage."""
    given = values_of(values)

    def step(engine: Engine, how: dict[str, Any]) -> Done:
        meant = Meant.of(engine, deal)
        found = meant.action(action)
        return engine.do(
            deal, found, values=meant.values(given), way=meant.way(found, way), evidence=evidence, note=note,
            decision=decision, happened=meant.time(happened), **how,
        )  # fmt: skip

    take(step, dry_run, request)
