"""Who takes a step at a command line, where a directory of people is published and where none is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procdef.cli.global_options import Settings
    from procdef.commands import Actor
    from procdef.directory import Directory
    from procdef.engine import Engine


def acting(now: Settings, engine: Engine) -> Actor:
    """Who takes a step. With a directory of people, roles come from it: whoever the system knows by their login is that person.

    Raises ``InvalidArgument`` for roles that somebody claims, and ``UnknownPerson`` for somebody whom it does not know.
    """
    actor = now.actor()
    directory = engine.people.current()
    if directory is None:
        return actor
    me = directory.person_of(actor.id)
    if actor.behalf is None:
        return replace(actor, id=me) if me is not None else _unknown(actor, engine)
    _refuse_roles(actor.behalf, directory)
    engine.people.known(actor.behalf.id)
    return actor if me is None else replace(actor, id=me)


def writing(now: Settings, engine: Engine) -> Actor:
    """Who does what is no step of a deal and asks for no role, as publishing: the person whom a directory of people knows by
    their login, so that one person has one id in the log, or else the login."""
    actor = now.actor()
    directory = engine.people.current()
    me = None if directory is None else directory.person_of(actor.id)
    return actor if me is None else replace(actor, id=me)


def looking(now: Settings, engine: Engine) -> tuple[Actor | None, frozenset[str]]:
    """Who asks about a deal, and their roles: the person of ``--as``, or whoever a directory of people knows by their login."""
    from procdef.errors import UnknownPerson

    directory = engine.people.current()
    if directory is None:
        person = now.actor().person if now.behalf else None
        return person, frozenset(person.roles) if person else frozenset()
    try:
        asking = acting(now, engine)
    except UnknownPerson:
        if now.behalf:
            raise
        return None, frozenset()
    held = directory.roles_of(asking.person.id, datetime.now(UTC).astimezone().date())
    return asking, held.roles if held else frozenset()


def _refuse_roles(claimed: Actor, directory: Directory) -> None:
    """Raise ``InvalidArgument`` where roles are claimed, which is only for logs without a directory of people."""
    from procdef.errors import InvalidArgument

    if not claimed.roles:
        return
    held = directory.roles_of(claimed.id, datetime.now(UTC).astimezone().date())
    if held is None:
        has = f"nobody there has the id {claimed.id}"
    else:
        has = f"{claimed.id} is {' and '.join(sorted(held.roles))} today" if held.roles else f"{claimed.id} has none today"
    raise InvalidArgument(
        f"roles come from the directory of people here, and {has}; write --as {claimed.id}", "as"
    )


def _unknown(actor: Actor, engine: Engine) -> Actor:
    """Raise ``UnknownPerson``, with what the system calls whoever sits here."""
    from procdef.errors import UnknownPerson

    try:
        engine.people.known(actor.id)
    except UnknownPerson as error:
        words = str(error).replace(f'has the id "{actor.id}"', f'has the login "{actor.id}"')
        raise UnknownPerson(f"{words}; or say who takes the step: --as ID", actor.id) from None
    raise UnknownPerson(
        f'nobody in the directory of people has the login "{actor.id}"; say who takes the step: --as {actor.id}', actor.id
    )
