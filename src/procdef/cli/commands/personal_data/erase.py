"""``procdef erase``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from procdef.cli.acting import writing
from procdef.cli.commands.store.named_store import is_server
from procdef.cli.completion import complete_deal
from procdef.cli.erasure_list import ErasureList
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.errors import InvalidArgument, StoreError

if TYPE_CHECKING:
    from procdef.engine import Engine, Erased
    from procdef.engine.erasing import Announce
    from procdef.results.personal_data import HeldCopy
    from procdef.store import Leaf


_MOST_TOLD = 20
"""Events that are named one by one."""
_HANDFUL = 5
"""Values of a person that are erased without asking; a text that more hold may be in what is somebody else's."""


@click.command("erase")
@click.argument("deal", required=False, shell_complete=complete_deal)
@click.option("--field", "fields", multiple=True, metavar="FIELD", help="Of this field; `deal` is the deal's own name.")
@click.option("--all", "everything", is_flag=True, help="Of every field, note and reason, and the deal's own name.")
@click.option("--person", metavar="VALUE", help="Every value and request key, in any deal, that is or contains VALUE.")
@click.option("--basis", required=True, metavar="WORD", help="Why: a word or a reference. It is public.")
@click.option("--list", "listed", type=click.Path(dir_okay=False, path_type=Path), help="Append what was erased to a file.")
@click.option("--yes", is_flag=True, help="Do not ask, however much a --person takes.")
@click.option("--dry-run", is_flag=True, help="Only say what would be erased.")
@shared()
def command(
    deal: str | None,
    fields: tuple[str, ...],
    everything: bool,
    person: str | None,
    basis: str,
    listed: Path | None,
    yes: bool,
    dry_run: bool,
) -> None:
    """Erase personal values of DEAL, or of a person. The events stay, the chains stay valid, the log says so.

    Keep the file of --list outside of the database's backups: after one is restored,
    `procdef audit reapply-erasures FILE` erases the same values again. `procdef audit erasures --list FILE` adds
    whatever the file lacks of what the log tells as erased.
    """
    if (deal is None) == (person is None):
        raise click.UsageError("name either a DEAL or a --person")
    if (person is None) and bool(fields) == everything:
        raise click.UsageError("say either which --field, or --all")
    if person is not None and (fields or everything):
        raise click.UsageError("--field and --all go with a DEAL, not with a --person")
    now = settings()
    engine = now.engine()
    listing = None if listed is None or dry_run else ErasureList(listed)
    announce = None
    if listing is not None:
        listing.settle(engine)
        announce = partial(listing.announce, basis)
    try:
        if person is not None:
            if not (yes or dry_run):
                _ask(_of_person(engine, person, basis, now, True), person)
            done = _of_person(engine, person, basis, now, dry_run, announce)
        else:
            names = None if everything else fields
            done = engine.erase(str(deal), names, basis=basis, by=writing(now, engine), dry_run=dry_run, announce=announce)
    finally:
        unlisted = listing.settled(engine) if listing is not None else None
    left = Left.of(engine, person)
    tell(now, done, dry_run, left)
    if unlisted is not None:
        raise StoreError(
            f"this was erased, and the log tells of it, but the list cannot be written ({unlisted}); it is noted beside the "
            f"list, and `procdef audit erasures --list {listed}` adds it"
        )
    if left or (person is not None and any(not copy.own for copy in done.copies)):
        raise click.exceptions.Exit(1)


def _ask(would: Erased, person: str) -> None:
    """Let a person look before more than a handful is erased. Raises ``UsageError`` where nobody can be asked."""
    if len(would.leaves) + would.requests <= _HANDFUL:
        return
    told = f"{_amount(would)} are or contain {json.dumps(person, ensure_ascii=False)}"
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{told}, so nothing was erased: look at them with `procdef export-person`, then write --yes, or name the "
            "person by more of the text"
        )
    if not click.confirm(f"{told}. Erase them all?", err=True):
        settings().show("nothing was erased", err=True)
        raise click.exceptions.Exit(1)


def _amount(done: Erased) -> str:
    count, deals = len(done.leaves), len(done.deals)
    told = f"{count} personal value{'s' * (count != 1)} of {deals} deal{'s' * (deals != 1)}"
    return told + (f", and {done.requests} request key{'s' * (done.requests != 1)}" if done.requests else "")


def _of_person(
    engine: Engine, person: str, basis: str, now: Settings, dry_run: bool, announce: Announce | None = None
) -> Erased:
    try:
        return engine.erase_person(person, basis=basis, by=writing(now, engine), dry_run=dry_run, announce=announce)
    except InvalidArgument:
        if left := Left.of(engine, person):
            now.show(f"nothing that can be erased is held\n{left.told}", err=True)
            raise click.exceptions.Exit(1) from None
        raise


class Left(NamedTuple):
    """What may be about a person and is not erased: the places that nothing erases, and the values that are damaged."""

    in_the_open: Sequence[str] = ()
    unreadable: Sequence[Leaf] = ()

    @classmethod
    def of(cls, engine: Engine, person: str | None) -> Left:
        """What is left of a person; where none is meant, nothing."""
        return cls() if person is None else cls(engine.in_the_open(person), engine.unreadable())

    def __bool__(self) -> bool:
        return bool(self.in_the_open or self.unreadable)

    @property
    def shown(self) -> dict[str, object]:
        """As programs read it; empty parts are left out."""
        unreadable = [list(leaf) for leaf in self.unreadable]
        return {name: value for name, value in (("in_the_open", self.in_the_open), ("unreadable", unreadable)) if value}

    @property
    def told(self) -> str:
        """As people read it."""
        hurt = [f"{leaf.path} of event {leaf.n} of {leaf.stream}" for leaf in self.unreadable]
        parts = ((_OPEN, self.in_the_open), (_HURT, hurt))
        return "\n".join(f"{what}:\n{_places(places)}" for what, places in parts if places)


_OPEN = (
    "the text stands in the open, as an id, a person, a reference or a value that the process calls not personal, where "
    "nothing erases it"
)
_HURT = "damaged values cannot be read, so nobody can tell whom they are about; `procdef erase DEAL --all` erases them"


def _places(places: Sequence[str]) -> str:
    more = [f"and {len(places) - _MOST_TOLD} more"] if len(places) > _MOST_TOLD else []
    return "\n".join([*places[:_MOST_TOLD], *more])


def tell(now: Settings, done: Erased, dry_run: bool, left: Left) -> None:
    """Print what was erased, and what is left."""
    if now.json:
        echo(json.dumps({**done.as_dict(), **left.shown}))
        return
    told = _amount(done)
    now.say(f"would erase {told} (tried only, nothing was erased)" if dry_run else f"erased {told}")
    if left:
        now.show(left.told)
    if dry_run:
        return
    if not done.purged:
        why = done.pending or "another program still reads the database"
        now.say(f"purge pending: {why}; `procdef audit purge` finishes it later")
        return
    kept, outside = (_TABLES, _OUTSIDE_TABLES) if is_server(now) else (_FILES, _OUTSIDE_FILES)
    anew = f"it is deleted, and {kept} were written anew without it"
    if copies := [_told(copy) for copy in done.copies if not (left and copy.own)]:  # what is left names its events
        now.show(f"{anew}, but the same text stands in:\n{_places(copies)}")
    elif done.unsearched:
        now.say(f"{anew}; {_SHORT}; {outside}")
    elif not left:
        now.say(f"no byte of it is left in {kept}; {outside}")


def _told(copy: HeldCopy) -> str:
    name = f"procdef's own table {copy.table}" if copy.own else f"the table {copy.table}"
    if not copy.found:
        return f"perhaps {name}, which cannot be searched"
    return f"{name} ({', '.join(copy.columns)})" if copy.columns else name


_FILES, _TABLES = "the database's files", "the log's tables"
"""What is written anew after an erasure: of a server the rest of its files is not reached from here."""
_SHORT = "values of fewer than 4 characters were not looked for elsewhere in them"
_OUTSIDE_FILES = "backups and copies handed over still hold it"
_OUTSIDE_TABLES = (
    "the server's write-ahead log (pg_wal), its own log and standbys, and backups and copies handed over may still hold it"
)


def written_anew(now: Settings) -> str:
    """That everything which was erased is gone, and from where."""
    return f"{_TABLES if is_server(now) else _FILES} were written anew without what was erased"
