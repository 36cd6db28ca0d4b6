"""``procdef status``."""

from __future__ import annotations

import json

import click

from procdef.cli.completion import complete_deal
from procdef.cli.settings import settings, shared


@click.command("status")
@click.argument("deal", shell_complete=complete_deal)
@shared()
def command(deal: str) -> None:
    """Where DEAL stands, what is done, what is missing for each way on, and who can help."""
    from procdef.render.status import status_json, status_text

    now = settings()
    person = now.actor().person if now.behalf else None
    options = now.engine().options(deal, by=now.actor() if now.behalf and now.json else None)
    if now.json:
        click.echo(json.dumps(status_json(options), ensure_ascii=False))
    else:
        now.show(status_text(options, person.roles if person else (), now.width))
