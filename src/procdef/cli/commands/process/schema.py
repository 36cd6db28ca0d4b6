"""``procdef schema``."""

from __future__ import annotations

import click

from procdef.cli.global_options import shared
from procdef.cli.output import echo


@click.command("schema")
@click.option("--log", is_flag=True, help="Of the events of a log, as they are stored.")
@shared()
def command(log: bool) -> None:
    """Print the JSON Schema of process files, for editors, or of the events of a log."""
    if log:
        import json

        from procdef.events.json_schema import log_schema

        echo(json.dumps(log_schema(), indent=2, ensure_ascii=False))
        return
    from procdef.resources import shipped

    echo((shipped("schemas") / "process.schema.json").read_text(encoding="utf-8"), newline=False)
