"""``procdef log``."""

from __future__ import annotations

import json

import click

from procdef.cli.audit_output import hand_over
from procdef.cli.completion import complete_deal
from procdef.cli.event_titles import book_of
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo


@click.command("log")
@click.argument("deal", shell_complete=complete_deal)
@click.option("--full", is_flag=True, help="Who, what, when, why, old and new values, and the rules with their lines.")
@shared()
def command(deal: str, full: bool) -> None:
    """Every step of DEAL, applied or refused; as JSON one stored event a line."""
    from procdef.render.log import log_text

    now = settings()
    if full:
        _full(now, deal)
        return
    engine = now.engine()
    events = engine.events(deal)
    if now.json:
        for event in events:
            echo(json.dumps(event, ensure_ascii=False))
    else:
        book = book_of(engine, engine.deal(deal), now.lang)
        now.show(log_text(events, book, now.width, head=not now.quiet))


def _full(now: Settings, name: str) -> None:
    from procdef.audit.full_log import full_log
    from procdef.audit.provenance import Provenance
    from procdef.render.full_log import step_text

    engine = now.engine()
    deal = engine.deal(name)
    book = book_of(engine, deal, now.lang)
    definition = engine.definition_of(deal)
    with engine.store.transaction(write=False) as tx:
        sheet = Provenance(tx, "log", {"deals": [deal.stream]})
        hand_over(now, sheet, full_log(tx, deal.stream, definition), lambda step: step_text(step, book, now.width))
