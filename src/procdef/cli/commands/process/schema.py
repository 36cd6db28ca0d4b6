"""``procdef schema``."""

from __future__ import annotations

import click

from procdef.cli.global_options import shared
from procdef.cli.output import echo


@click.command("schema")
@shared()
def command() -> None:
    """Print the JSON Schema of process files, for editors."""
    from procdef.resources import shipped

    echo((shipped("schemas") / "process.schema.json").read_text(encoding="utf-8"), newline=False)
