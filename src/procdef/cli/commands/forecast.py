"""``procdef forecast``."""

from __future__ import annotations

import json

import click

from procdef.cli.audit_output import flat
from procdef.cli.completion import complete_process
from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo
from procdef.cli.progress import progress


@click.command("forecast")
@click.argument("process", required=False, shell_complete=complete_process)
@click.option("--months", type=int, default=6, metavar="N", help="How many whole months to look ahead (6; up to 60).")
@click.option("--as-of", metavar="DATE", help="Stand at the beginning of this day, or at this time, and know what was known.")
@click.option("--backtest", type=int, default=12, metavar="N", help="How many past months to try it on (12; up to 60).")
@click.option("--seed", type=int, default=0, metavar="S", help="A whole number: the same one gives the same draws (0).")
@shared("text", "json", "csv")
def command(process: str | None, months: int, as_of: str | None, backtest: int, seed: int) -> None:
    """What PROCESS is likely to win in the months to come, with how far such a forecast was off."""
    from procdef.provenance import Provenance
    from procdef.reports.forecast import asked, forecast_in

    now = settings()
    engine = now.engine()
    what = asked(engine, process, months=months, as_of=as_of, backtest=backtest, seed=seed)
    with engine.store.transaction(write=False) as tx:
        with progress("forecasting", now, lambda: 0):
            found = forecast_in(tx, *what)
        sheet = Provenance(tx, "forecast", what.filter)
    sheet.line(found)
    if now.json:
        echo(json.dumps({**found.as_dict(), "about": sheet.about}, ensure_ascii=False))
        return
    if now.format == "csv":
        from procdef.render.forecast_csv import csv_text

        echo(csv_text(found))
        return
    from procdef.render.forecast import forecast_text
    from procdef.render.provenance import counted_from
    from procdef.render.text_layout import wrapped

    stages = [stage for each in what.definitions for stage in each.stages.values()]
    titles = {stage.id: stage.title.in_language(now.lang) for stage in stages}
    now.show(forecast_text(flat(found), flat(titles), now.width))
    now.say("\n" + "\n".join(wrapped(counted_from(sheet.about), now.width, "", "  ")))
