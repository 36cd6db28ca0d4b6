"""``procdef publish``."""

from __future__ import annotations

import click

from procdef.cli.acting import writing
from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo


@click.command("publish")
@click.argument("file", type=click.Path())
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@shared()
def command(file: str, dry_run: bool) -> None:
    """Store the process of FILE; the same version with other content is refused.

    Where there is no such file, FILE may be the id of a process that ships with procdef.
    """
    from procdef.cli.named_process import named_process

    now = settings()
    definition = named_process(file, now).definition()
    with now.desk(dry_run=dry_run) as engine:
        new = engine.publish(definition, by=writing(now, engine))
    if now.json:
        import json

        shown = {"process": definition.id, "version": definition.version, "published": new, "dry_run": dry_run}
        echo(json.dumps(shown))
    elif dry_run:
        now.say(f"{definition.name} {'would be published' if new else 'was published already'} (nothing was stored)")
    else:
        now.say(f"{definition.name} is published" if new else f"{definition.name} was published already")
