"""``procdef publish``."""

from __future__ import annotations

import click

from procdef.cli.settings import settings, shared


@click.command("publish")
@click.argument("file", type=click.Path())
@shared()
def command(file: str) -> None:
    """Store the process of FILE; the same version with other content is refused."""
    from pathlib import Path

    from procdef.language import load

    now = settings()
    definition = load(Path(file))
    new = now.engine(new=True).publish(definition, by=now.actor())
    if now.json:
        import json

        click.echo(json.dumps({"process": definition.id, "version": definition.version, "published": new}))
    else:
        now.say(f"{definition.name} is published" if new else f"{definition.name} was published already")
