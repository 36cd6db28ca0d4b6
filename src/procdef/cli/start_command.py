"""``procdef start``."""

from __future__ import annotations

import click

from procdef.cli.assignments import values_of
from procdef.cli.completion import complete_deal, complete_process, complete_start
from procdef.cli.settings import shared
from procdef.cli.stepping import take


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
def command(
    process: str, deal: str, values: tuple[str, ...], stage: str | None, origin: str | None, request: str | None,
    dry_run: bool,
) -> None:  # fmt: skip
    """Start a deal under the highest published version of PROCESS."""
    given = values_of(values)
    take(
        lambda engine, how: engine.start(process, deal, stage=stage, values=given, origin=origin, **how),
        dry_run,
        request,
    )
