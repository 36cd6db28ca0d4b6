"""The directory of people that is in force, and the roles that those have from it who come without any."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, tzinfo
from hashlib import sha256
from typing import NamedTuple

from procdef.commands import Actor
from procdef.directory import Directory
from procdef.errors import LogBroken, UnknownPerson
from procdef.log.event import instant
from procdef.store.port import Tx
from procdef.store.queries import Directories, LastDirectory


class DirectoryInForce(NamedTuple):
    """A directory, by whom it was published and when (the log's text)."""

    directory: Directory
    by: str
    at: str

    def known(self, actor: Actor, moment: str, zone: tzinfo) -> Actor | None:
        """Who takes a step at a moment, with the roles of the day in that time zone; ``None`` where the person is unknown.

        Roles that somebody comes with stand as given. Somebody who was authenticated and only claims to act for a person for
        whom they stand in, acts as themself: a deputy has the roles of the absent one, and is one person.
        """
        person, day = actor.person, day_of(moment, zone)
        if person.roles or person.source is not None:
            return actor
        behalf = actor.behalf
        unsure = behalf is not None and behalf.auth == "claimed" != actor.auth
        if unsure and (person.id == actor.id or self.directory.stands_in(actor.id, person.id, day)):
            person, behalf = replace(actor, behalf=None), None
        held = self.directory.roles_of(person.id, day)
        if held is None:
            return None
        known = replace(person, roles=held.roles, source=self.directory.origin(held.absent))
        return known if behalf is None else replace(actor, behalf=known)

    def refuse(self, actor: Actor) -> UnknownPerson:
        """What to raise for somebody unknown."""
        from procdef.diagnostics import nearest

        person = actor.person.id
        near = nearest(person, list(self.directory.people))
        hint = f' (did you mean "{near}"?)' if near else ""
        return UnknownPerson(
            f'nobody in the directory of people has the id "{person}"{hint}; {self.by} published it, and whoever may write to '
            "this database can publish another",
            person,
        )


class DirectoryCache:
    """Directories by the SHA-256 of what is kept of them, which never changes, so that threads may share them."""

    def __init__(self) -> None:
        self._read: dict[str, Directory] = {}

    def in_force(self, tx: Tx, *, replaced: bool = False) -> DirectoryInForce | None:
        """The directory that was published last; ``None`` where none was. Raises ``LogBroken`` where it was changed.

        In a transaction that writes it is in force until that ends, unless it is to be ``replaced`` there.
        """
        event = next(iter(tx.scan(LastDirectory(replaced))), None) if tx.has_deadlines else None
        if event is None:
            return None
        try:
            told = json.loads(event.body)
            digest, by = told["data"]["sha256"], told["by"]["id"]
            return DirectoryInForce(self._directory(tx, digest), by, event.recorded)
        except (ValueError, LookupError, TypeError):
            raise LogBroken("the directory of people that is in force was changed, or is gone", "system") from None

    def _directory(self, tx: Tx, digest: str) -> Directory:
        found = self._read.get(digest)
        if found is None:
            row = next(iter(tx.scan(Directories(sha256=digest))), None)
            if row is None or type(row.source) is not bytes or sha256(row.source).hexdigest() != digest:
                raise ValueError("not what was published")
            self._read = {digest: Directory.stored(row.source)}  # one is enough: an earlier one is asked for no more
            found = self._read[digest]
        return found


def day_of(moment: str, zone: tzinfo) -> date:
    """The day that a time of the log is on in a time zone."""
    return instant(moment).astimezone(zone).date()
