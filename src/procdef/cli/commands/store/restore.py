"""``procdef store restore``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.commands.store.named_store import is_server
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.errors import StoreError

if TYPE_CHECKING:
    from procdef.store import Leaf


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--erasures",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Erase again what this list of `erase` names, before the database can be used.",
)
@shared()
def restore(file: Path, erasures: Path | None) -> None:
    """Put the backup FILE in place as the database of --db, which must not be there.

    Stop what writes to the old database first, and move it away: it may hold steps that the backup lacks. What was erased since
    the backup is erased again by --erasures. Afterwards `procdef audit verify --since NOTE` tells, by a note that you held,
    whether steps are missing.
    """
    from procdef.store import open_store
    from procdef.store.address import address
    from procdef.store.sqlite.backups import give_name, refuse_taken
    from procdef.store.sqlite.database_file import part_of

    now = settings()
    target = None if is_server(now) else address(now.db).path
    if target is None:
        raise click.UsageError("a backup is restored to a SQLite file; --db names it (`procdef store copy` moves a log on)")
    named, target = target, target.absolute()
    kept: list[Leaf] = []
    refuse_taken(target, "database")
    hidden = target.with_name(f".{target.name}.restored")
    _remove(hidden)  # of a restore that was killed: it may hold what is to be erased
    _remove(part_of(hidden))
    stage = target if erasures is None else hidden
    with open_store(file, read_only=True) as store:
        events = store.backup(stage)
        with store.transaction(write=False) as tx:
            log = tx.log
    if erasures is not None:
        try:
            kept = _erased_again(now, stage, erasures)
            try:
                give_name(stage, target, "database")
            except OSError as error:
                raise StoreError(f"the database {target} could not be written: {error.strerror}") from None
        finally:
            _remove(stage)
    if now.json:
        echo(json.dumps({"file": str(named), "log": log, "events": events}, ensure_ascii=False))
    else:
        now.say(f"{named}: restored with {events} event{'s' * (events != 1)} of the log {log}")
    if kept:
        raise click.exceptions.Exit(1)


def _erased_again(now: Settings, stage: Path, erasures: Path) -> list[Leaf]:
    from procdef.cli.commands.audit.erasures import erased_again

    there = replace(now, db=f"sqlite:///{stage}")
    with there.store() as store:
        return erased_again(there, there.engine_on(store), erasures)


def _remove(stage: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        Path(f"{stage}{end}").unlink(missing_ok=True)
