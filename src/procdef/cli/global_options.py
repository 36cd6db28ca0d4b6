"""The options that every command takes, before or after its name."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pathlib import Path

    from procdef.commands import Actor
    from procdef.engine import Engine
    from procdef.store import InspectableStore, Store

F = TypeVar("F", bound=Callable[..., Any])

_KEY = "procdef"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the shared options say. ``behalf`` is ``ID:role[,role]`` as given, ``color`` whether colour is wanted."""

    db: str = "sqlite:///procdef.db"
    behalf: str | None = None
    lang: str | None = None
    format: str = "text"
    quiet: bool = False
    color: bool = True

    @property
    def json(self) -> bool:
        """Whether data is printed as JSON."""
        return self.format == "json"

    @property
    def width(self) -> int:
        """How many columns prose may take."""
        from shutil import get_terminal_size

        return min(get_terminal_size((100, 24)).columns, 120)

    def store(self, *, new: bool = False, read_only: bool = False) -> InspectableStore:
        """The store of these settings; only with ``new`` is a file made where there is none. With ``read_only`` nothing is
        written at all. Raises ``StoreError``."""
        from procdef.cli.progress import progress
        from procdef.errors import StoreError
        from procdef.store import open_store

        missing = None if new else self._missing()
        if missing is not None:
            raise StoreError(
                f"there is no database {missing}; `procdef publish FILE` makes one, --db FILE names another"
            )
        sealed = [0]

        def sealing(done: int, of: int) -> None:
            sealed[0] = 100 * done // of

        with progress("bringing the log up to date, once", self, lambda: sealed[0], 100):
            store = open_store(self.db, read_only=read_only, sealing=sealing)
        click.get_current_context().call_on_close(store.close)
        return store

    @property
    def place(self) -> str:
        """The database as messages name it: of a server neither the user nor the password."""
        from procdef.store.address import is_postgres
        from procdef.store.postgres.address import postgres_address

        return postgres_address(self.db).shown if is_postgres(self.db) else self.db

    @property
    def lacks_database(self) -> bool:
        """Whether the database is a file that is not there."""
        return self._missing() is not None

    def engine(self) -> Engine:
        """The engine on the database of these settings, speaking their language."""
        return self.engine_on(self.store())

    @contextmanager
    def desk(self, *, dry_run: bool) -> Iterator[Engine]:
        """The engine on a database that is made where there is none; of a dry run nothing is left, not even the file."""
        from procdef.store import MemoryStore

        if not dry_run:
            yield self.engine_on(self.store(new=True))
            return
        from procdef.cli.dry_run import rehearsal

        with rehearsal(MemoryStore() if self._missing() is not None else self.store()) as store:
            yield self.engine_on(store)

    def engine_on(self, store: Store) -> Engine:
        """The engine on a store, speaking the language of these settings."""
        from procdef.engine import Engine

        engine = Engine(store, via="cli", opens_files=True).in_language(self.lang)
        if self.lang is not None:
            self.understood(language for known in engine.definitions() for language in known.languages)
        return engine

    def understood(self, languages: Iterable[str]) -> None:
        """Raise ``click.UsageError`` where these are the languages that there are, and another was asked for."""
        known = list(dict.fromkeys(languages))
        if self.lang is not None and known and self.lang.lower() not in {code.lower() for code in known}:
            raise click.UsageError(f'nothing here is written in "{self.lang}"; --lang takes {", ".join(known)}')

    def _missing(self) -> Path | None:
        """The database file, where its folder is there and it is not."""
        from procdef.store.address import address

        path = address(self.db).path
        missing = path is not None and path.parent.is_dir() and not path.exists()
        return path if missing and path is not None and path.name else None

    def actor(self) -> Actor:
        """The operating system's user, on behalf of the person of ``--as``. Raises ``InvalidArgument``."""
        from procdef.commands import Actor
        from procdef.log.account import system_account

        return Actor(system_account(), auth="os", behalf=claimed(self.behalf) if self.behalf else None)

    def say(self, text: str) -> None:
        """Print a message for people, unless they asked for quiet."""
        if not self.quiet:
            self.show(text)

    def show(self, text: str, *, err: bool = False, newline: bool = True) -> None:
        """Print text for people, in colour on a terminal that has it."""
        from procdef.cli.output import show

        show(text, color=self.color, stream=sys.stderr if err else None, newline=newline)


def settings() -> Settings:
    """The settings of the command that runs."""
    given: dict[str, Any] = click.get_current_context().meta.get(_KEY, {})
    return _from(given)


def settings_of(context: click.Context) -> Settings:
    """The settings given so far, also while a shell completes a line."""
    return _from(context.meta.get(_KEY, {}))


def _from(given: dict[str, Any]) -> Settings:
    shown = dict(given)
    shown.setdefault("db", os.environ.get("PROCDEF_DB") or Settings().db)
    shown.setdefault("behalf", os.environ.get("PROCDEF_ACTOR") or None)
    return Settings(**shown)


def shared(*formats: str, lang: bool = True) -> Callable[[F], F]:
    """The shared options; ``formats`` are those that the command prints, ``text`` and ``json`` when none is named.

    Without ``lang`` the command has a ``--lang`` of its own; the one before the command's name is shared in any case.
    """

    def add(function: F) -> F:
        for option in reversed(_options(formats or ("text", "json"), lang)):
            function = option(function)
        return function

    return add


def _options(formats: tuple[str, ...], lang: bool) -> list[Callable[[Any], Any]]:
    def option(*names: str, **more: Any) -> Callable[[Any], Any]:
        return click.option(*names, expose_value=False, callback=_keep, **more)

    return [
        option("--db", metavar="FILE", help="The database, as a path or a URL (PROCDEF_DB; default procdef.db)."),
        option("--as", "behalf", metavar="ID:ROLE[,ROLE]", help="Who takes the step (PROCDEF_ACTOR)."),
        *([option("--lang", metavar="LANG", help="Language of the process's own texts, as fi; all else is English.")] * lang),
        option("--format", type=click.Choice(formats), help="How data is printed."),
        option("--quiet", is_flag=True, default=None, help="Print results only."),
        option("--no-color", "color", is_flag=True, flag_value=False, default=None, help="No colour."),
    ]


def _keep(context: click.Context, option: click.Parameter, value: Any) -> None:
    if option.name == "format" and value is None and isinstance(option.type, click.Choice):
        before = context.meta.get(_KEY, {}).get("format")
        if before is not None and before not in option.type.choices:
            raise click.UsageError(f"this command prints {' or '.join(option.type.choices)}, not {before}", context)
    if value is not None and option.name is not None:
        context.meta.setdefault(_KEY, {})[option.name] = value


def claimed(text: str, option: str = "--as") -> Actor:
    """The person, with their roles, that an option names. Raises ``InvalidArgument``."""
    from procdef.commands import Actor
    from procdef.errors import InvalidArgument

    person, colon, roles = text.rpartition(":")
    if not colon:
        person, roles = text, ""
    if person.strip() in ("", "..."):
        raise InvalidArgument(f"{option} {text!r} names nobody; write ID:role[,role], as in maija:seller")
    return Actor(person.strip(), frozenset(r.strip() for r in roles.split(",") if r.strip()), auth="claimed")
