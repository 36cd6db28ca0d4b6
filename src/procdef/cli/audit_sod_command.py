"""``procdef audit sod``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from procdef.audit.envelope import AUTH
from procdef.cli.periods import period
from procdef.cli.settings import settings, shared
from procdef.cli.sheets import hand_over

if TYPE_CHECKING:
    from procdef.reports.sheet import Period


@click.command("sod")
@click.option("--require-auth", "required", type=click.Choice(AUTH),
              help="Events of people of whom the log is less sure are findings.")  # fmt: skip
@period
@shared()
def sod(required: str | None, within: Period) -> None:
    """Separation of duties: decisions by who asked for them, people with several roles, all events per auth level."""
    from procdef.render.overrides import duty_text
    from procdef.reports.duties import Duties, duties
    from procdef.reports.exported import Tally
    from procdef.reports.sheet import Sheet

    now, tally = settings(), Tally()
    with now.store().transaction(write=False) as tx:
        sheet = Sheet(tx, "sod", {**within.shown, **({"require_auth": required} if required else {})})
        found = Duties(tx.tree.size)
        rows = duties(tx, within, required, found, tally)
        hand_over(
            now, sheet, rows, lambda row: duty_text(row, now.width), lambda: found.shown, lambda: tally.seen
        )  # fmt: skip
    if found.kinds["weak-auth"] or found.difference:
        raise click.exceptions.Exit(1)
