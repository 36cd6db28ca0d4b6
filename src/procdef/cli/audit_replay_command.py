"""``procdef audit replay``."""

from __future__ import annotations

from collections import Counter

import click

from procdef.cli.completion import complete_deal
from procdef.cli.settings import settings, shared
from procdef.cli.sheets import hand_over


@click.command("replay")
@click.argument("deal", required=False, shell_complete=complete_deal)
@shared()
def replay(deal: str | None) -> None:
    """Work the criteria of DEAL (or of all) out again from the facts: advice, not proof; exit 1 where they differ."""
    from procdef.render.judged import judged_text
    from procdef.reports.exported import Tally, streams_of
    from procdef.reports.judged import judged
    from procdef.reports.sheet import Sheet

    now, counts, tally = settings(), Counter[str](), Tally()
    with now.store().transaction(write=False) as tx:
        streams = streams_of(tx, [deal]) if deal is not None else ()
        sheet = Sheet(tx, "replay", {"deals": list(streams)} if streams else {})
        hand_over(
            now, sheet, judged(tx, streams, counts, tally), lambda row: judged_text(row, now.width),
            lambda: {**{name: counts[name] for name in ("agrees", "differs", "not_judged")}, "worth": "advice, not proof"},
            (lambda: tally.seen) if deal is None else int,
        )  # fmt: skip
    if counts["differs"]:
        raise click.exceptions.Exit(1)
