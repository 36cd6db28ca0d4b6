"""``procdef export-person``."""

from __future__ import annotations

import json

import click

from procdef.cli.settings import settings, shared


@click.command("export-person")
@click.argument("value")
@shared("json")
def command(value: str) -> None:
    """All that is held on one person, as JSON: every personal value that is or contains VALUE, one a line."""
    engine = settings().engine()
    for held in engine.held_on(value):
        shown = {"deal": held.deal, "stream": held.leaf.stream, "n": held.leaf.n, "at": held.at}
        click.echo(json.dumps({**shown, "path": held.leaf.path, "value": held.value}, ensure_ascii=False))
    for asked in engine.requests_on(value):
        shown = {"deal": asked.deal, "stream": asked.stream, "n": asked.n, "at": asked.at}
        click.echo(json.dumps({**shown, "request": asked.key}, ensure_ascii=False))
    unreadable = engine.unreadable()
    for leaf in unreadable:
        click.echo(json.dumps({"unreadable": list(leaf)}))
    if unreadable:
        raise click.exceptions.Exit(1)
