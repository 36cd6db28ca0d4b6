"""``procdef store copy``."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo
from procdef.errors import InvalidArgument, StoreError

if TYPE_CHECKING:
    from procdef.store import InspectableStore


@click.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@shared()
def copy(source: str, target: str) -> None:
    """Move a log: copy FROM to TO, where it goes on, byte for byte and with the same UUID.

    Others may write to FROM meanwhile. At the end FROM is closed: whoever writes to it then is told to write to TO. The copy is
    held against the log before it is opened. Interrupted, the same command goes on where it ended. Tables of an application
    that lie beside the log are not copied.
    """
    from procdef.cli.acting import writing
    from procdef.cli.progress import progress
    from procdef.engine.moving import moved_to

    now, done = settings(), [0]

    def copied(some: int) -> None:
        done[0] += some

    with ExitStack() as stack:
        here = replace(now, db=source)
        log = here.engine_on(stack.enter_context(closing(here.store())))
        with log.store.transaction(write=False) as tx:
            name, total, gone = tx.log, tx.size, moved_to(tx)
        if gone not in (None, _shown(target)):
            raise InvalidArgument(f"{_shown(source)} goes on in {gone} already; copy that one", "to")
        place = _Place(target, name, moved=gone is not None)
        if place.is_complete:
            now.say(f"{_named(target)} is there already, and the log goes on in it")
            return
        with closing(place.open()) as store, progress("copying", now, lambda: done[0], total):
            there = replace(now, db=target).engine_on(store)
            events = log.move(there, to=place.shown, came_from=_shown(source), by=writing(now, log), progress=copied)
        place.name()
    if now.json:
        echo(json.dumps({"from": _shown(source), "to": place.shown, "log": name, "events": events}, ensure_ascii=False))
    else:
        now.say(f"{_named(target)}: the log {name} goes on here with {events} events; {_named(source)} takes no more steps")


class _Place:
    """Where a log is copied to. A file has its name once the copy is complete; until then it is hidden beside that."""

    def __init__(self, url: str, log: str, *, moved: bool) -> None:
        from procdef.store.address import address
        from procdef.store.backups import refuse_taken
        from procdef.store.postgres_address import is_postgres

        self._url, self._log = url, log
        self.shown, self.is_complete = _shown(url), False
        self._file: Path | None = None
        if is_postgres(url):
            return
        path = address(url).path
        if path is None:
            raise click.UsageError("a log in memory would be gone at the end; name a file or a PostgreSQL database as TO")
        self._file = path.absolute()
        self._stage = self._file.with_name(f".{self._file.name}.copying")
        if moved and os.path.lexists(self._file) and self._goes_on_there():
            self.is_complete = True
            return
        refuse_taken(self._file, "copy")

    def _goes_on_there(self) -> bool:
        from procdef.store import open_store

        with open_store(f"sqlite:///{self._file}", read_only=True) as store, store.transaction(write=False) as copied:
            return copied.log == self._log

    def open(self) -> InspectableStore:
        """The store, with tables for a log of that UUID where it has none."""
        from procdef.store import open_store

        if self._file is None:
            from procdef.store.postgres_setup import initialise

            initialise(self._url, log=self._log)
            return open_store(self._url)
        return open_store(f"sqlite:///{self._stage}", log=self._log)

    def name(self) -> None:
        """Give the copy its name."""
        from procdef.store.backups import give_name

        if self._file is None:
            return
        try:
            give_name(self._stage, self._file, "copy")
            self._stage.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"the copy {self._file} could not be given its name: {error.strerror}") from None


def _named(url: str) -> str:
    """A place as people named it, but a server without user and password."""
    from procdef.store.postgres_address import is_postgres

    return _shown(url) if is_postgres(url) else url


def _shown(url: str) -> str:
    """A place as the log names it: a file by its whole path, a server without user and password."""
    from procdef.store.address import address
    from procdef.store.postgres_address import is_postgres, postgres_address

    if is_postgres(url):
        return postgres_address(url).shown
    path: Any = address(url).path
    return "memory:" if path is None else str(path.absolute())
