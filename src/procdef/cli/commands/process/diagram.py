"""``procdef diagram``."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.model import ProcessDefinition
    from procdef.pages.diagram import Counts, Detail, Direction, Painting

FORMATS = ("svg", "mermaid", "dot")


@click.command("diagram")
@click.argument("file", type=click.Path())
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to this file.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--detail", type=click.Choice(("stages", "full")), default="stages", show_default=True, help="What boxes tell.")
@click.option("--direction", type=click.Choice(("right", "down")), help="Where it goes; else right, a long process down.")
@click.option("--counts", is_flag=True, help="Paint it with the deals of the database: how many are where, and went which way.")
@click.option("--coverage", is_flag=True, help="Paint it with the scenarios beside FILE: what they try of it, and what not.")
@click.option("--from", "since", metavar="DATE", help="Of --counts: the first day, in the process's time zone, or a time.")
@click.option("--to", "until", metavar="DATE", help="Of --counts: the last day, included, or up to this time.")
@shared(*FORMATS)
def command(
    file: str,
    output: Path | None,
    force: bool,
    detail: Detail,
    direction: Direction | None,
    counts: bool,
    coverage: bool,
    since: str | None,
    until: str | None,
) -> None:
    """Draw the process of FILE as a picture: SVG for browsers, or the source of Mermaid or DOT (Graphviz).

    Where there is no such file, FILE may be the id of a published process (`id`, `id@version`) or of a shipped one. With
    --counts a published one is drawn: that of the same id where FILE is a file.
    """
    from procdef.cli.named_process import named_process
    from procdef.pages.diagram import diagram
    from procdef.whole_file import write_whole

    now = settings()
    if not counts and (since is not None or until is not None):
        raise click.UsageError("--from and --to say what --counts counts; add it")
    if counts and coverage:
        raise click.UsageError("--counts and --coverage paint two pictures; ask for one of them")
    form = now.format if now.format in FORMATS else "svg"
    named = named_process(file, now)
    definition = named.definition()
    painted: Painting | None = None
    if counts:
        definition, painted = _counted(now, definition, since, until)
    if coverage:
        from procdef.cli.scenarios_beside import coverage_beside
        from procdef.pages.diagram.tried import Tried

        painted = Tried(coverage_beside(named, definition))
    now.understood(definition.languages)
    drawn = diagram(definition, form, detail=detail, direction=direction, language=now.lang, counts=painted)
    if output is None:
        echo(drawn, newline=False)
        return
    write_whole(output, drawn.encode(), "picture", force=force)
    now.say(f"the picture is in {output}")


def _counted(
    now: Settings, definition: ProcessDefinition, since: str | None, until: str | None
) -> tuple[ProcessDefinition, Counts]:
    """The published process that a definition is of, and its counts: of a file only the process of the same id has any."""
    from procdef.cli.progress import progress
    from procdef.pages.diagram.counts import counts_of
    from procdef.reports import asked
    from procdef.reports.flow import flow

    engine = now.engine()
    published = [each for each in engine.definitions() if each.id == definition.id]
    same = next((each for each in published if each.sha256 == definition.sha256), None)
    if not published:
        raise click.UsageError(f"{definition.id} is not published in {now.place}, so no deals of it can be counted")
    if same is None:
        same = max(published, key=lambda each: each.version)
        if not now.quiet:
            now.show(f"a file has no deals: taking {same.id}@{same.version}, which is published in {now.place}", err=True)
    scope = asked(engine, definition.id, since=since, until=until).scope
    with engine.store.transaction(write=False) as tx, progress("counting", now, lambda: 0):
        found = flow(tx, scope)
    zone = definition.calendar.zone
    return same, counts_of(found, _told(scope.now, since, until, zone))


def _told(now: str, since: str | None, until: str | None, zone: tzinfo) -> str:
    """Of which time the counts are."""
    from procdef.log.event import instant

    at = f"{instant(now).astimezone(zone):%Y-%m-%d %H:%M} {zone}"
    if since is None and until is None:
        return f"Deals of all time, as of {at}"
    return f"Visits that began from {since or 'the beginning'} to {until or 'now'}; deals here as of {at}"
