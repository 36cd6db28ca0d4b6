"""``procdef erase``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from procdef.cli import erasure_list
from procdef.cli.completion import complete_deal
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.engine import Engine, Erased
    from procdef.store import Leaf


_MOST_TOLD = 20
"""Events that are named one by one."""


@click.command("erase")
@click.argument("deal", required=False, shell_complete=complete_deal)
@click.option("--field", "fields", multiple=True, metavar="FIELD", help="Of this field; `deal` is the deal's own name.")
@click.option("--all", "everything", is_flag=True, help="Of every field, note and reason, and the deal's own name.")
@click.option("--person", metavar="VALUE", help="Every value and request key, in any deal, that is or contains VALUE.")
@click.option("--basis", required=True, metavar="WORD", help="Why: a word or a reference. It is public.")
@click.option("--list", "listed", type=click.Path(dir_okay=False, path_type=Path), help="Append what was erased to a file.")
@click.option("--dry-run", is_flag=True, help="Only say what would be erased.")
@shared()
def command(
    deal: str | None,
    fields: tuple[str, ...],
    everything: bool,
    person: str | None,
    basis: str,
    listed: Path | None,
    dry_run: bool,
) -> None:
    """Erase personal values of DEAL, or of a person. The events stay, the chains stay valid, the log says so.

    Keep the file of --list outside of the database's backups: after one is restored,
    `procdef audit reapply-erasures FILE` erases the same values again.
    """
    if (deal is None) == (person is None):
        raise click.UsageError("name either a DEAL or a --person")
    if (person is None) and bool(fields) == everything:
        raise click.UsageError("say either which --field, or --all")
    if person is not None and (fields or everything):
        raise click.UsageError("--field and --all go with a DEAL, not with a --person")
    now = settings()
    engine = now.engine()
    if listed is not None and not dry_run:
        erasure_list.writable(listed)
    if person is not None:
        done = _of_person(engine, person, basis, now, dry_run)
    else:
        names = None if everything else fields
        done = engine.erase(str(deal), names, basis=basis, by=now.actor(), dry_run=dry_run)
    if listed is not None and not dry_run:
        erasure_list.append(listed, engine, basis, done.leaves)
    left = Left.of(engine, person)
    tell(now, done, dry_run, left)
    if left:
        raise click.exceptions.Exit(1)


def _of_person(engine: Engine, person: str, basis: str, now: Settings, dry_run: bool) -> Erased:
    from procdef.errors import InvalidArgument

    try:
        return engine.erase_person(person, basis=basis, by=now.actor(), dry_run=dry_run)
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
        shown = {"leaves": [list(leaf) for leaf in done.leaves], "deals": list(done.deals), "purged": done.purged}
        echo(json.dumps({**shown, "requests": done.requests, "dry_run": dry_run, **left.shown}))
        return
    count, deals = len(done.leaves), len(done.deals)
    told = f"{count} personal value{'s' * (count != 1)} of {deals} deal{'s' * (deals != 1)}"
    if done.requests:
        told += f", and {done.requests} request key{'s' * (done.requests != 1)}"
    now.say(f"would erase {told} (tried only, nothing was erased)" if dry_run else f"erased {told}")
    if left:
        now.show(left.told)
    elif dry_run:
        return
    elif done.purged:
        now.say("no byte of it is left in the database's files; backups and copies handed over still hold it")
    else:
        now.say("purge pending: another program still reads the database; `procdef audit purge` finishes it later")
