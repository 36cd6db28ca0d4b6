"""``procdef audit sample``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from procdef.cli.audit_output import hand_over, sealed_log
from procdef.cli.global_options import settings, shared
from procdef.cli.period_options import period

if TYPE_CHECKING:
    from procdef.provenance import Period


@click.command("sample")
@click.option("-n", "size", type=click.IntRange(1), default=25, show_default=True, help="How many deals.")
@click.option("--seed", required=True, metavar="S", help="A text of yours; the same one draws the same deals.")
@period
@shared()
def sample(size: int, seed: str, within: Period) -> None:
    """Draw deals at random from the population: those with the lowest SHA-256 of seed and stream."""
    from procdef.audit.population import Reconciliation, population
    from procdef.audit.population import sample as draw
    from procdef.provenance import Provenance
    from procdef.render.population import drawn_text

    now = settings()
    try:
        seed.encode()
    except UnicodeEncodeError:
        raise click.UsageError("--seed is a text, and this is none in UTF-8; write another") from None
    with sealed_log(now) as tx:
        sheet = Provenance(tx, "sample", {"n": size, "seed": seed, **within.shown})
        whole = Provenance(tx, "population", within.shown)
        found = Reconciliation(tx.tree.size, tx.waiting.events)
        drawn = draw(whole.counted(population(tx, within, found)), size, seed)
        hand_over(
            now, sheet, drawn, drawn_text, lambda: {**found.shown, "population_sha256": whole.about["sha256"]},
            lambda: found.seen,
        )  # fmt: skip
    if not found.agrees:
        raise click.exceptions.Exit(1)
