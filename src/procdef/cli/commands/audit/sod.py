"""``procdef audit sod``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from procdef.cli.audit_output import hand_over, sealed_log
from procdef.cli.global_options import settings, shared
from procdef.cli.period_options import period
from procdef.log.envelope import AUTH

if TYPE_CHECKING:
    from procdef.provenance import Period


@click.command("sod")
@click.option("--require-auth", "required", type=click.Choice(AUTH),
              help="Events of people of whom the log is less sure are findings.")  # fmt: skip
@period
@shared()
def sod(required: str | None, within: Period) -> None:
    """Separation of duties: decisions by who asked for them, people with several roles, all events per auth level."""
    from procdef.audit.export.exported_events import ExportTally
    from procdef.audit.separation_of_duties import Duties, duties
    from procdef.provenance import Provenance
    from procdef.render.overrides import duty_text

    now, tally = settings(), ExportTally()
    with sealed_log(now) as tx:
        sheet = Provenance(tx, "sod", {**within.shown, **({"require_auth": required} if required else {})})
        found = Duties(tx.tree.size)
        rows = duties(tx, within, required, found, tally)
        hand_over(
            now, sheet, rows, lambda row: duty_text(row, now.width), lambda: found.shown, lambda: tally.seen
        )  # fmt: skip
    if found.kinds["weak-auth"] or found.difference:
        raise click.exceptions.Exit(1)
