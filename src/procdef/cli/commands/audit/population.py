"""``procdef audit population``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from procdef.cli.audit_output import hand_over, sealed_log
from procdef.cli.global_options import settings, shared
from procdef.cli.period_options import period

if TYPE_CHECKING:
    from procdef.provenance import Period


@click.command("population")
@period
@shared()
def population(within: Period) -> None:
    """Every deal with an event in the period, reconciled to the size of the tree; exit 1 where they differ."""
    from procdef.audit.population import Reconciliation
    from procdef.audit.population import population as members
    from procdef.provenance import Provenance
    from procdef.render.population import member_text

    now = settings()
    with sealed_log(now) as tx:
        sheet = Provenance(tx, "population", within.shown)
        found = Reconciliation(tx.tree.size, tx.waiting.events)
        hand_over(now, sheet, members(tx, within, found), member_text, lambda: found.shown, lambda: found.seen)
    if not found.agrees:
        raise click.exceptions.Exit(1)
