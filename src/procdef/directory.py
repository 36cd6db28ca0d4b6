"""Who has which roles, from when until when, and who stands in for whom: a directory of people as a database keeps it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple

from procdef.log.canonical import canonical_bytes, parsed

FORM = 1
"""The version of the form that a directory has."""
FROM = "people:"
"""How it begins where the log says that roles come from a directory."""
_SHORT = 16
MOST_NAMED = 5
"""So many people are named where it is told who could do something."""


def gave_roles(source: str | None) -> bool:
    """Whether roles that come from there, as an event or an actor says it, come from a directory."""
    return source is not None and source.startswith(FROM)


class Period(NamedTuple):
    """Days, both ends counted; ``None`` is without an end there."""

    first: date | None = None
    last: date | None = None

    def has(self, day: date) -> bool:
        """Whether that day is one of them."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def meets(self, other: Period) -> bool:
        """Whether the two have a day in common."""
        return _before(self.first, other.last) and _before(other.first, self.last)

    def common(self, other: Period) -> Period | None:
        """The days that the two have in common, if any."""
        if not self.meets(other):
            return None
        firsts = [day for day in (self.first, other.first) if day is not None]
        lasts = [day for day in (self.last, other.last) if day is not None]
        return Period(max(firsts, default=None), min(lasts, default=None))


ALWAYS = (Period(),)
"""The one period of what has neither a beginning nor an end."""


def _before(first: date | None, last: date | None) -> bool:
    return first is None or last is None or first <= last


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a directory. ``login`` is how the operating system knows them; ``roles`` and ``deputies`` have by id of a
    role, and of whoever stands in for this person, when."""

    id: str
    login: str | None = None
    roles: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    deputies: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)

    def own_roles(self, day: date) -> frozenset[str]:
        """The roles that this person has on a day, whoever they stand in for."""
        return frozenset(role for role, periods in self.roles.items() if any(one.has(day) for one in periods))


class HeldRoles(NamedTuple):
    """The roles that somebody has on a day; ``absent`` are those for whom they stand in and whose roles they lack themself."""

    roles: frozenset[str]
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Directory:
    """People by their ids. ``names`` are what people call them, of whom a file says so: a database keeps none."""

    people: Mapping[str, Person]
    names: Mapping[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def stored(cls, source: bytes) -> Directory:
        """The directory that a database keeps as these bytes. Raises ``ValueError`` where that is none in its one form."""
        directory = cls({person.id: person for person in map(_person, _listed(parsed(source)))})
        if directory.source != source:
            raise ValueError("not in the form that a directory is kept in")
        return directory

    @cached_property
    def source(self) -> bytes:
        """What a database keeps: canonical JSON, without names, so that two files that say the same are one directory."""
        people = [_as_json(self.people[name]) for name in sorted(self.people)]
        return canonical_bytes({"procdef-people": FORM, "people": people})

    @cached_property
    def sha256(self) -> str:
        """The hash of ``source``, in hex."""
        return sha256(self.source).hexdigest()

    @property
    def reference(self) -> str:
        """How the log says that somebody's roles come from here."""
        return f"{FROM}{self.sha256[:_SHORT]}"

    @cached_property
    def _absences(self) -> Mapping[str, tuple[tuple[Person, tuple[Period, ...]], ...]]:
        """By whoever stands in for others: for whom, and when."""
        found: dict[str, tuple[tuple[Person, tuple[Period, ...]], ...]] = {}
        for name in sorted(self.people):
            for deputy, periods in self.people[name].deputies.items():
                found[deputy] = (*found.get(deputy, ()), (self.people[name], periods))
        return found

    def roles_of(self, person: str, day: date) -> HeldRoles | None:
        """The roles that somebody has on a day; ``None`` for somebody unknown.

        Whoever stands in for others has the roles that those have themselves on that day: a deputy of a deputy has no part of
        it.
        """
        known = self.people.get(person)
        if known is None:
            return None
        roles = own = known.own_roles(day)
        absent = []
        for other, periods in self._absences.get(person, ()):
            more = other.own_roles(day) if any(one.has(day) for one in periods) else frozenset()
            if not more <= own:
                absent.append(other.id)
                roles |= more
        return HeldRoles(roles, tuple(absent))

    def holders(self, roles: Collection[str], day: date, but: Collection[str] = ()) -> tuple[str, ...]:
        """The first few people, by their ids, who have one of these roles on a day."""
        found = (name for name in sorted(self.people) if name not in but and self._holds(name, roles, day))
        return tuple(islice(found, MOST_NAMED))

    def _holds(self, name: str, roles: Collection[str], day: date) -> bool:
        held = self.roles_of(name, day)
        return held is not None and not held.roles.isdisjoint(roles)

    def stands_in(self, person: str, absent: str, day: date) -> bool:
        """Whether somebody is the deputy of another on a day."""
        other = self.people.get(absent)
        return other is not None and any(one.has(day) for one in other.deputies.get(person, ()))

    def origin(self, absent: tuple[str, ...]) -> str:
        """What the log says of roles from here: that they do, and for whom somebody stood in."""
        return f"{self.reference}:{','.join(absent)}" if absent else self.reference

    def person_of(self, login: str) -> str | None:
        """The id of whoever the operating system knows by that name."""
        return next((person.id for person in self.people.values() if person.login == login), None)


def absent_people(origin: str | None) -> tuple[str, ...]:
    """For whom somebody stood in whose roles come from there, as the log says it."""
    if origin is None or not gave_roles(origin):
        return ()
    absent = origin.removeprefix(FROM).partition(":")[2]
    return tuple(absent.split(",")) if absent else ()


def _as_json(person: Person) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": person.id}
    if person.login is not None:
        shown["login"] = person.login
    if person.roles:
        shown["roles"] = [{"id": name, "periods": _days(person.roles[name])} for name in sorted(person.roles)]
    if person.deputies:
        shown["deputies"] = [{"id": name, "periods": _days(person.deputies[name])} for name in sorted(person.deputies)]
    return shown


def _days(periods: tuple[Period, ...]) -> list[dict[str, str]]:
    """Periods from the earliest on."""
    ordered = sorted({*periods}, key=lambda one: (one.first or date.min, one.last or date.max))
    return [
        {key: day.isoformat() for key, day in (("from", one.first), ("until", one.last)) if day is not None} for one in ordered
    ]


def _listed(value: Any) -> list[Any]:
    form, people = (value.get("procdef-people"), value.get("people")) if type(value) is dict else (None, None)
    if type(form) is not int or form != FORM or type(people) is not list:
        raise ValueError("not a directory of people that this procdef reads")
    return people


def _person(given: Any) -> Person:
    try:
        roles, deputies = (
            {str(one["id"]): tuple(map(_period, one["periods"])) for one in given.get(key, ())} for key in ("roles", "deputies")
        )
        return Person(str(given["id"]), given.get("login"), roles, deputies)
    except (KeyError, TypeError, AttributeError):
        raise ValueError("somebody in it is not described as people in a directory are") from None


def _period(given: Any) -> Period:
    return Period(*(date.fromisoformat(given[key]) if key in given else None for key in ("from", "until")))
