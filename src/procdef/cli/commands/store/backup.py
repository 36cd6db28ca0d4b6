"""``procdef store backup``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@shared()
def backup(file: Path) -> None:
    """Copy the database of --db, as it stands now, to FILE, while others go on writing.

    FILE is complete in itself and for its owner only, and it has its name once all of it is on the disk. A file that is
    there is never written over. A log in PostgreSQL is backed up by its server (pg_dump), or copied by `procdef store copy`.
    """
    now = settings()
    with now.store(read_only=True) as store:
        events = store.backup(file)
        with store.transaction(write=False) as tx:
            log = tx.log
    if now.json:
        echo(json.dumps({"file": str(file), "log": log, "events": events}, ensure_ascii=False))
    else:
        now.say(f"{file}: {events} event{'s' * (events != 1)} of the log {log}")
