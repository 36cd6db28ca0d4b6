"""``procdef show``."""

from __future__ import annotations

import json
import sys

import click

from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo


@click.command("show")
@click.argument("file", type=click.Path())
@click.option("--coverage", is_flag=True, help="With what the scenarios beside FILE try of it, and what not.")
@shared()
def command(file: str, coverage: bool) -> None:
    """Draw the process of FILE: its stages in order, what they ask for, and the ways between them.

    Where there is no such file, FILE may be the id of a published process (`id`, `id@version`) or of a shipped one.
    """
    from procdef.cli.named_process import named_process
    from procdef.render.process import PLAIN, process_text

    now = settings()
    named = named_process(file, now)
    definition = named.definition()
    now.understood(definition.languages)
    tried = None
    if coverage:
        from procdef.cli.scenarios_beside import coverage_beside

        tried = coverage_beside(named, definition)
    if now.json:
        from procdef.cli.process_json import process_json

        more = {} if tried is None else {"coverage": tried.as_dict()}
        echo(json.dumps(process_json(definition, now.lang) | more, ensure_ascii=False))
        return
    drawn = process_text(definition, now.lang, now.width, tried)
    now.show(drawn if _shows_boxes() else drawn.translate(PLAIN))


def _shows_boxes() -> bool:
    try:
        "┌▼★".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True

