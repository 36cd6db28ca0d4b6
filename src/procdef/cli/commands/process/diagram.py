"""``procdef diagram``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.pages.diagram import Detail, Direction

FORMATS = ("svg", "mermaid", "dot")


@click.command("diagram")
@click.argument("file", type=click.Path())
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to this file.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--detail", type=click.Choice(("stages", "full")), default="stages", show_default=True, help="What boxes tell.")
@click.option("--direction", type=click.Choice(("right", "down")), default="right", show_default=True, help="Where it goes.")
@shared(*FORMATS)
def command(file: str, output: Path | None, force: bool, detail: Detail, direction: Direction) -> None:
    """Draw the process of FILE as a picture: SVG for browsers, or the source of Mermaid or DOT (Graphviz).

    Where there is no such file, FILE may be the id of a published process (`id`, `id@version`) or of a shipped one.
    """
    from procdef.audit.whole_file import write_whole
    from procdef.cli.named_process import named_process
    from procdef.pages.diagram import diagram

    now = settings()
    form = now.format if now.format in FORMATS else "svg"
    definition = named_process(file, now).definition()
    now.understood(definition.languages)
    drawn = diagram(definition, form, detail=detail, direction=direction, language=now.lang)
    if output is None:
        echo(drawn, newline=False)
        return
    write_whole(output, drawn.encode(), "picture", force=force)
    now.say(f"the picture is in {output}")
