"""``procdef start``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.completion import complete_deal, complete_process, complete_start
from procdef.cli.deal_command import filled_in, take
from procdef.cli.field_assignments import values_of
from procdef.cli.global_options import shared
from procdef.cli.typed_input import Meant
from procdef.errors import StepRefused

if TYPE_CHECKING:
    from procdef.engine import Done, Engine


@click.command("start")
@click.argument("process", shell_complete=complete_process)
@click.argument("deal")
@click.argument("values", nargs=-1, metavar="[FIELD=VALUE]...")
@click.option("--stage", shell_complete=complete_start, help="The stage to start in, where the process has several.")
@click.option(
    "--from", "origin", metavar="DEAL", shell_complete=complete_deal, help="The deal that this one continues."
)
@click.option("--request", metavar="KEY", help="Makes repeating this command harmless.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@shared()
@filled_in
def command(
    process: str, deal: str, values: tuple[str, ...], stage: str | None, origin: str | None, request: str | None,
    dry_run: bool,
) -> None:  # fmt: skip
    """Start a deal under the highest published version of PROCESS."""
    given = values_of(values)

    def step(engine: Engine, how: dict[str, Any]) -> Done:
        meant = Meant(engine.definition(process))
        values, first = meant.values(given), meant.stage(stage)
        try:
            return engine.start(process, deal, stage=first, values=values, origin=origin, **how)
        except StepRefused as refused:
            raise _by_its_name(refused, engine, origin) from None

    take(step, dry_run, request)


def _by_its_name(refused: StepRefused, engine: Engine, origin: str | None) -> StepRefused:
    """The refusal with commands that call the deal it grows from what the person called it."""
    if origin is None:
        return refused
    unmet = []
    for item in refused.unmet:
        again = item.suggestion
        if again is not None and "from" in again.arguments:
            again = replace(again, arguments={**again.arguments, "from": origin})
        unmet.append(replace(item, suggestion=again))
    return StepRefused(refused.headline, tuple(unmet), refused.replayed, refused.record)
