"""``procdef audit export``."""

from __future__ import annotations

from pathlib import Path

import click

from procdef.cli.acting import writing
from procdef.cli.completion import complete_deal
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.period_options import between
from procdef.cli.progress import progress
from procdef.errors import InvalidArgument

FORMATS = ("xes", "ocel-json", "ocel-sqlite", "csv", "jsonl", "parquet")


@click.command("export")
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), required=True, metavar="FILE")
@click.option("--from", "since", metavar="TIME", help="From this day (UTC) or time on.")
@click.option("--to", "until", metavar="TIME", help="To this day (UTC), included, or up to this time.")
@click.option("--deal", "deals", multiple=True, metavar="DEAL", shell_complete=complete_deal, help="Only this deal.")
@click.option("--with-personal", "personal", is_flag=True, help="With personal values in their places.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@shared(*FORMATS)
def export(
    path: Path, since: str | None, until: str | None, deals: tuple[str, ...], personal: bool, force: bool
) -> None:
    """Write the log's events into FILE for other tools, and what they are into FILE.about.json."""
    from procdef.audit.export.exported_events import ExportTally, Selection
    from procdef.audit.export.recorded_export import NOT_RECORDED, about_file
    from procdef.audit.export.recorded_export import export as export_to
    from procdef.render.provenance import origin_text

    now = settings()
    if now.format not in FORMATS:
        raise click.UsageError(f"say in which format: --format {'|'.join(FORMATS)}")
    selection = Selection(*between(since, until), (), personal)
    engine, tally = now.engine(), ExportTally()
    spare_the_database(path, now)
    with engine.store.transaction(write=False) as tx:
        total = None if deals else tx.size
    with progress("exporting", now, lambda: tally.seen, total):
        about = export_to(engine, now.format, path, selection, deals, tally, by=writing(now, engine), force=force)
    now.say(f"{_counted(about['rows'], 'event')} of {_counted(about['deals'], 'deal')} in {path}")
    now.say(origin_text({**about, "what": f"export {about['format']}"}, "the file"))
    recorded = about["recorded"]
    if recorded == NOT_RECORDED:
        now.say("not recorded: the database is read-only, so the log does not tell of this export")
    else:
        now.say(f"recorded as event {recorded['n']} of {recorded['stream']}; {about_file(path)} tells the rest")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def spare_the_database(path: Path, now: Settings) -> None:
    """Refuse to write over the log itself, or over what SQLite keeps beside it."""
    from procdef.audit.export.recorded_export import about_file
    from procdef.store.address import address

    database = address(now.db).path
    for kept in (Path(f"{database}{end}") for end in ("", "-wal", "-shm") if database):
        for target in (path, about_file(path)) if path.name else ():
            if target.exists() and kept.exists() and target.samefile(kept):
                raise InvalidArgument(f"{target} is the database; name another file for the export")
