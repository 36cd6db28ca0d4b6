"""``procdef store copy``."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.errors import InvalidArgument

if TYPE_CHECKING:
    from procdef.engine.moving import Moved
    from procdef.store import InspectableStore
    from procdef.store.copying.files import CopiedFile
    from procdef.store.copying.schemas import CopiedSchema


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
    from procdef.engine.moving import moved_to

    now = settings()
    _refuse_no_text(source, target)
    with ExitStack() as stack:
        here = stack.enter_context(closing(replace(now, db=source).store()))
        here.refuse_unless_owner()
        with here.transaction(write=False) as tx:
            _refuse_elsewhere(moved_to(tx), source, target)
        place = _place(target)
        stack.enter_context(place.held())
        with here.transaction(write=False) as tx:  # another copy may have ended meanwhile
            name, gone = tx.log, moved_to(tx)
        _refuse_elsewhere(gone, source, target)
        if place.named and gone is not None and _goes_on_there(here, target):
            place.tidy()
            now.say(f"{_named(target)} is there already, and the log goes on in it")
            return
        place.refuse_taken()
        if gone is not None and not place.begun:
            raise _nothing_there(source, target)
        events = _moved(now, here, place, name, gone, source, target)
    if now.json:
        told = {"from": _shown(source), "to": _shown(target), "log": name, "events": events}
        echo(json.dumps(told, ensure_ascii=False))
    else:
        now.say(
            f"{_named(target)}: the log {name} goes on here with {events} events; {_named(source)} takes no more steps"
        )


def _moved(
    now: Settings,
    here: InspectableStore,
    place: CopiedFile | CopiedSchema,
    name: str,
    gone: Moved | None,
    source: str,
    target: str,
) -> int:
    """Copy the log, close it here and open it there, and look at what came of it; how many events it has there."""
    from procdef.cli.acting import writing
    from procdef.cli.progress import progress
    from procdef.store import open_store
    from procdef.store.copying.rows import refuse_not_moved

    done = [0]

    def copied(some: int) -> None:
        done[0] += some

    log = replace(now, db=source).engine_on(here)
    with here.transaction(write=False) as tx:
        total = tx.size
    if gone is None:
        place.hide()
    with progress("copying", now, lambda: done[0], total):
        with closing(_opened(place, name)) as store:
            there = replace(now, db=target).engine_on(store)
            if gone is None:
                log.copy_ahead(there, progress=copied)
            token = place.token(make=gone is None)
            if gone is not None and token != gone.copy and not log.is_opened(there):
                raise _nothing_there(source, target)
        if gone is None:
            place.refuse_others()  # while the log is still open here
        with closing(_opened(place, name)) as store:
            there = replace(now, db=target).engine_on(store)
            by = writing(now, log)
            to, copy_of = _shown(target), token or (gone.copy if gone is not None else "")
            events = log.move(there, to=to, copy=copy_of, came_from=_shown(source), by=by, progress=copied)
        place.give_name()
    with open_store(target, read_only=True) as final:
        refuse_not_moved(here, final, events)
    return events


def _opened(place: CopiedFile | CopiedSchema, log: str) -> InspectableStore:
    """The store that is copied to, with tables for a log of that UUID where it has none."""
    from procdef.store import open_store
    from procdef.store.address import is_postgres
    from procdef.store.postgres.address import postgres_address

    if is_postgres(place.url):
        from procdef.store.postgres.setup import initialise
        from procdef.store.postgres.store import PostgresStore

        initialise(place.url, log=log)
        return PostgresStore(postgres_address(place.url), incomplete=True)
    return open_store(place.url, log=log)


def _refuse_no_text(*urls: str) -> None:
    """Each log names where the other lies, and holds nothing but text."""
    for shown in map(_shown, urls):
        try:
            shown.encode()
        except UnicodeEncodeError:
            raise InvalidArgument(f"{shown!r} is not in UTF-8, and the log names where it goes; rename it", "to") from None


def _refuse_elsewhere(gone: Moved | None, source: str, target: str) -> None:
    if gone is not None and gone.to != _shown(target):
        raise InvalidArgument(f"{_shown(source)} goes on in {gone.to} already; copy that one", "to")


def _nothing_there(source: str, target: str) -> InvalidArgument:
    return InvalidArgument(
        f"{_shown(source)} went on in {_shown(target)}, and that copy is not there any more: find where it was moved to, and "
        "work with that. No other copy is made, as the log would go on twice; if that one is lost, restore a backup",
        "to",
    )


def _place(url: str) -> CopiedFile | CopiedSchema:
    """Where a log is copied to."""
    from procdef.store.address import address, is_postgres
    from procdef.store.copying.files import CopiedFile

    if is_postgres(url):
        from procdef.store.copying.schemas import CopiedSchema

        return CopiedSchema(url)
    path = address(url).path
    if path is None:
        raise click.UsageError("a log in memory would be gone at the end; name a file or a PostgreSQL database as TO")
    return CopiedFile(path)


def _goes_on_there(here: InspectableStore, target: str) -> bool:
    from procdef.store import open_store
    from procdef.store.copying.rows import goes_on

    with open_store(target, read_only=True) as store:
        return goes_on(here, store)


@cache
def _connected_to(url: str) -> str:
    """Host and database of an address that leaves them to a service file, or to other settings of libpq."""
    from procdef.store.postgres.setup import host_and_database

    return host_and_database(url)


def _named(url: str) -> str:
    """A place as people named it, but a server without user and password."""
    from procdef.store.address import is_postgres

    return _shown(url) if is_postgres(url) else url


def _shown(url: str) -> str:
    """A place as the log names it: a file by its whole path, a server without user and password."""
    from procdef.store.address import address, is_postgres
    from procdef.store.postgres.address import postgres_address

    if is_postgres(url):
        place = postgres_address(url)
        return place.shown if place.names_database else _connected_to(url)
    path: Any = address(url).path
    return "memory:" if path is None else str(path.absolute())
