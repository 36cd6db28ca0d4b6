"""``procdef log``."""

from __future__ import annotations

import json

import click

from procdef.cli.books import book_of
from procdef.cli.completion import complete_deal
from procdef.cli.settings import settings, shared


@click.command("log")
@click.argument("deal", shell_complete=complete_deal)
@shared()
def command(deal: str) -> None:
    """Every step of DEAL, applied or refused; as JSON one stored event a line."""
    from procdef.render.log import log_text

    now = settings()
    engine = now.engine()
    events = engine.events(deal)
    if now.json:
        for event in events:
            click.echo(json.dumps(event, ensure_ascii=False))
    else:
        book = book_of(engine, engine.deal(deal), now.lang)
        now.show(log_text(events, book, now.width, head=not now.quiet))
