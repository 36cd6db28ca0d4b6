"""``procdef schema``."""

from __future__ import annotations

import click

from procdef.cli.paint import echo
from procdef.cli.settings import shared


@click.command("schema")
@shared()
def command() -> None:
    """Print the JSON Schema of process files, for editors."""
    from procdef.shipped import shipped

    echo((shipped("schemas") / "process.schema.json").read_text(encoding="utf-8"), newline=False)
