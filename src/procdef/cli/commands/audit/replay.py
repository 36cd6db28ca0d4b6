"""``procdef audit replay``."""

from __future__ import annotations

from collections import Counter

import click

from procdef.cli.audit_output import hand_over, sealed_log
from procdef.cli.completion import complete_deal
from procdef.cli.global_options import settings, shared


@click.command("replay")
@click.argument("deal", required=False, shell_complete=complete_deal)
@shared()
def replay(deal: str | None) -> None:
    """Work the criteria of DEAL (or of all) out again from the facts: advice, not proof; exit 1 where they differ."""
    from procdef.audit.export.exported_events import ExportTally, streams_of
    from procdef.audit.reevaluated import judged
    from procdef.provenance import Provenance
    from procdef.render.reevaluated import judged_text

    now, counts, tally = settings(), Counter[str](), ExportTally()
    with sealed_log(now) as tx:
        streams = streams_of(tx, [deal]) if deal is not None else ()
        sheet = Provenance(tx, "replay", {"deals": list(streams)} if streams else {})
        hand_over(
            now, sheet, judged(tx, streams, counts, tally), lambda row: judged_text(row, now.width),
            lambda: {**{name: counts[name] for name in ("agrees", "differs", "not_judged")}, "worth": "advice, not proof"},
            (lambda: tally.seen) if deal is None else int,
        )  # fmt: skip
    if counts["differs"]:
        raise click.exceptions.Exit(1)
