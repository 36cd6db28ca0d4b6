"""``procdef audit overrides``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from procdef.cli.periods import period
from procdef.cli.settings import settings, shared
from procdef.cli.sheets import hand_over

if TYPE_CHECKING:
    from procdef.reports.sheet import Period


@click.command("overrides")
@period
@shared()
def overrides(within: Period) -> None:
    """Waivers (used or not), corrections, moves with work unfinished and reopenings, with who and why."""
    from procdef.render.overrides import override_text
    from procdef.reports.exported import Tally
    from procdef.reports.overrides import overrides as found
    from procdef.reports.sheet import Sheet

    now, counts, tally = settings(), Counter[str](), Tally()
    with now.store().transaction(write=False) as tx:
        sheet = Sheet(tx, "overrides", within.shown)
        rows = found(tx, within, counts, tally)
        hand_over(
            now, sheet, rows, lambda row: override_text(row, now.width), lambda: dict(sorted(counts.items())),
            lambda: tally.seen,
        )  # fmt: skip
