"""``procdef log``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from procdef.cli.audit_output import hand_over
from procdef.cli.completion import complete_deal
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.log_names import book_of
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.results.deal_view import DealView


@click.command("log")
@click.argument("deal", shell_complete=complete_deal)
@click.option("--full", is_flag=True, help="Who, what, when, why, old and new values, and the rules with their lines.")
@shared()
def command(deal: str, full: bool) -> None:
    """Every step of DEAL, applied or refused; as JSON one event a line, with its values in place and its request."""
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
        found = engine.deal(deal)
        book = book_of(engine, found, now.lang)
        _head(now, found)
        now.show(log_text(events, book, now.width, head=not now.quiet))


def _head(now: Settings, deal: DealView) -> None:
    """Name the deal above its log, where it has a title."""
    from procdef.render.values import deal_heading

    if deal.title is not None and not now.quiet:
        now.show(deal_heading(deal.name, deal.title))


def _full(now: Settings, name: str) -> None:
    from procdef.audit.full_log import full_log
    from procdef.provenance import Provenance
    from procdef.render.full_log import step_text

    engine = now.engine()
    deal = engine.deal(name)
    book = book_of(engine, deal, now.lang)
    definition = engine.definition_of(deal)
    if not now.json:
        _head(now, deal)
    with engine.store.transaction(write=False) as tx:
        sheet = Provenance(tx, "log", {"deals": [deal.stream]})
        hand_over(now, sheet, full_log(tx, deal.stream, definition), lambda step: step_text(step, book, now.width))
