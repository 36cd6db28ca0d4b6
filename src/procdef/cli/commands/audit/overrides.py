"""``procdef audit overrides``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from procdef.cli.audit_output import hand_over, sealed_log
from procdef.cli.global_options import settings, shared
from procdef.cli.period_options import period

if TYPE_CHECKING:
    from procdef.provenance import Period


@click.command("overrides")
@click.option("--refused", is_flag=True, help="Refused steps too: what was tried, and what stood in its way.")
@period
@shared()
def overrides(within: Period, refused: bool) -> None:
    """Waivers (used or not), corrections, moves with work unfinished, reopenings, starts under a superseded version."""
    from procdef.audit.export.exported_events import ExportTally
    from procdef.audit.overrides import Counts
    from procdef.audit.overrides import overrides as found
    from procdef.provenance import Provenance
    from procdef.render.overrides import override_text

    now, counts, tally = settings(), Counts(), ExportTally()
    with sealed_log(now) as tx:
        sheet = Provenance(tx, "overrides", {**within.shown, **({"refused": True} if refused else {})})
        rows = found(tx, within, counts, tally, refused=refused)
        hand_over(
            now, sheet, rows, lambda row: override_text(row, now.width), lambda: counts.shown,
            lambda: tally.seen,
        )  # fmt: skip
