"""``procdef show``."""

from __future__ import annotations

import json
import sys

import click

from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo


@click.command("show")
@click.argument("file", type=click.Path())
@shared()
def command(file: str) -> None:
    """Draw the process of FILE: its stages in order, what they ask for, and the ways between them.

    Where there is no such file, FILE may be the id of a published process (`id`, `id@version`) or of a shipped one.
    """
    from procdef.cli.named_process import named_process
    from procdef.render.process import PLAIN, process_text

    now = settings()
    definition = named_process(file, now).definition()
    now.understood(definition.languages)
    if now.json:
        from procdef.cli.process_json import process_json

        echo(json.dumps(process_json(definition, now.lang), ensure_ascii=False))
        return
    drawn = process_text(definition, now.lang, now.width)
    now.show(drawn if _shows_boxes() else drawn.translate(PLAIN))


def _shows_boxes() -> bool:
    try:
        "┌▼★".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True

