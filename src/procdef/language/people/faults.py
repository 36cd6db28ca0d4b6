"""What is wrong in a directory of people whose shape is sound: dates, deputies, logins and ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import permutations
from typing import NamedTuple

from procdef.diagnostics import Finding, Place, Route, listed, nearest
from procdef.directory import ALWAYS, Directory, Period, Person
from procdef.language.personal_text import personal_in
from procdef.language.shape.suggested_forms import identifier
from procdef.lookalikes import lookalike, plain_letters
from procdef.unsafe_characters import invisible, shows

_ALIKE = str.maketrans("01lI|O", "oiiiio")
"""Signs of ASCII that look alike in many typefaces."""


def ill_formed(directory: Directory) -> Iterator[Finding]:
    """Ids that the log could not hold, or that a reader could not tell from another; logins of two people."""
    looks: dict[str, str] = {}
    logins: dict[str, str] = {}
    for name, person in directory.people.items():
        place = Place(("people", name), "key")
        if not name.isprintable() or invisible(name) or not shows(name):
            said = "{subject} holds a character that cannot be seen; write the id without it"
            yield Finding("bad-person-id", place, said, subject=name, kind="person")
        other = looks.setdefault(_look(name), name)
        if other != name:
            said = 'the id "{subject}" looks like "{other}", so that nobody can tell the two apart in a log; choose another'
            first = (Place(("people", other), "key"), "the other one")
            yield Finding("lookalike-people", place, said, (first,), subject=name, kind="person", details={"other": other})
        elif not name.isascii() and (sign := lookalike(name)) is not None and plain_letters(name).isascii():
            said = 'the id "{subject}" holds the letter {sign}, which looks like "{like}"; write {fix}'
            details = {"sign": sign.name, "like": sign.sign}
            fix = plain_letters(name)
            yield Finding("lookalike-people", place, said, fix=fix, subject=name, kind="person", details=details)
        for text, at in ((name, place), (person.login or "", Place(("people", name, "login")))):
            yield from _personal(text, at)
        if person.login is not None:
            yield from _login(person.login, name, logins)


def _look(name: str) -> str:
    return plain_letters(name).translate(_ALIKE).casefold()


def _personal(text: str, place: Place) -> Iterator[Finding]:
    for _, _, what in personal_in(text):
        said = '"{subject}" is {what}, and what stands here is kept in the database for good; write a short name instead'
        yield Finding("personal-id", place, said, subject=text, kind="person", details={"what": what})


def _login(login: str, name: str, logins: dict[str, str]) -> Iterator[Finding]:
    place = Place(("people", name, "login"))
    if login != login.strip() or not login.isprintable():
        said = "the login {subject} has blanks at its ends or characters that cannot be seen; write it as the system does"
        yield Finding("wrong-type", place, said, subject=login, kind="value")
    other = logins.setdefault(login, name)
    if other != name:
        said = 'the login "{subject}" is that of "{other}" already; each person has a login of their own'
        first = (Place(("people", other, "login")), "the other one")
        yield Finding("login-twice", place, said, (first,), subject=login, kind="value", details={"other": other})


def bad_periods(directory: Directory) -> Iterator[Finding]:
    """Periods that end before they begin, and periods of one thing that overlap."""
    for person in directory.people.values():
        for key, held in (("roles", person.roles), ("deputies", person.deputies)):
            for name, periods in held.items():
                yield from _bad(("people", person.id, key, name), periods)


def _bad(route: Route, periods: tuple[Period, ...]) -> Iterator[Finding]:
    many = len(periods) > 1
    sound = []
    for number, period in enumerate(periods):
        here = (*route, number) if many else route
        if period.first is not None and period.last is not None and period.last < period.first:
            said = "this ends on {last}, before it begins on {first}; swap the two, or correct one"
            details = {"first": period.first, "last": period.last}
            place = Place((*here, "until"))
            yield Finding("reversed-dates", place, said, subject=str(period.last), kind="value", details=details)
        else:
            sound.append((here, period))
    if meeting := _meeting(sound):
        first, second = meeting
        said = "this period and another of {subject} have days in common; write them as one, or correct the dates"
        related = (Place(first), "the other one")
        yield Finding("overlapping-periods", Place(second), said, (related,), subject=str(route[-1]), kind="value")


def _meeting(periods: list[tuple[Route, Period]]) -> tuple[Route, Route] | None:
    """The first two periods in the order of the file that have days in common."""
    meeting: list[tuple[Route, Period]] = []
    longest: tuple[Route, Period] | None = None
    for one in sorted(periods, key=lambda each: each[1].first or date.min):
        if longest is not None and longest[1].meets(one[1]):
            meeting += (longest, one)
        if longest is None or (one[1].last or date.max) > (longest[1].last or date.max):
            longest = one
    if not meeting:
        return None
    first = min(meeting, key=lambda each: each[0])
    return first[0], next(each[0] for each in periods if each is not first and each[1].meets(first[1]))


def bad_deputies(directory: Directory) -> Iterator[Finding]:
    """Deputies who are nobody, or the person themself; deputies of deputies, and people who stand in for each other."""
    known = directory.people
    by_name = {identifier(name): who for who, name in directory.names.items()}
    for person in known.values():
        for deputy in person.deputies:
            place = Place(("people", person.id, "deputies", deputy), "key")
            if deputy == person.id:
                said = '"{subject}" cannot stand in for "{subject}"; name somebody else'
                yield Finding("own-deputy", place, said, subject=deputy, kind="person")
            elif deputy not in known:
                others = [one for one in known if one != person.id and one not in person.deputies]
                named = by_name.get(identifier(deputy))
                near = named if named in others else nearest(deputy, others)
                said = 'nobody has the id "{subject}"{hint}' if near else 'nobody has the id "{subject}"; add them to `people`'
                yield Finding("unknown-person", place, said, fix=near, subject=deputy, kind="person",
                              candidates=(near,) if near else ())  # fmt: skip
    told: list[_Circle] = []
    together: set[tuple[str, str]] = set()
    for circle in _circles(known):
        together.update(permutations(circle.people, 2))
        if not any(one.explains(circle) for one in told):
            told.append(circle)
            yield _of_circle(circle.people)
    for person in known.values():
        yield from _of_deputies(known, person, together)


class _Circle(NamedTuple):
    """People of whom each stands in for the one before, and the first for the last, on days that all of them are away."""

    people: tuple[str, ...]
    days: tuple[Period, ...]

    def explains(self, other: _Circle) -> bool:
        """Whether another circle goes through the same people, or through more of them on some of the same days."""
        mine, theirs = {*self.people}, {*other.people}
        return mine == theirs or (mine < theirs and bool(_common(self.days, other.days)))


def _of_circle(circle: tuple[str, ...]) -> Finding:
    """The finding on people who stand in for each other on days that all of them are away."""
    pairs = [f"{deputy} for {absent}" for absent, deputy in zip(circle, (*circle[1:], circle[0]), strict=True)]
    around = f"{circle[1]} stands in for {circle[0]}, {', '.join(pairs[1:-1])}{', ' * (len(pairs) > 2)}and {pairs[-1]}"
    said = "on the same days {around}: they may all be away, so name somebody else for some of the days"
    place = Place(("people", circle[0], "deputies", circle[1]), "key")
    return Finding("deputy-circle", place, said, subject=circle[1], kind="person", details={"around": around})


_LONGEST_CIRCLE = 6
"""A longer one is nothing that somebody who reads the file could see."""
_MOST_STEPS = 100_000
"""Of all ways from deputy to deputy: where everybody stands in for everybody, only the shortest circles are looked for."""


def _circles(known: Mapping[str, Person]) -> Iterator[_Circle]:
    """The circles, the shortest first, each from its first person of the file on."""
    place = {name: number for number, name in enumerate(known)}
    paths = [_Circle((name,), ALWAYS) for name in known]
    steps = 0
    for _ in range(_LONGEST_CIRCLE):
        longer = []
        for people, days in paths:
            for deputy, periods in known[people[-1]].deputies.items():
                steps += len(days) * len(periods)
                if steps > _MOST_STEPS:
                    return
                closes = deputy == people[0] and len(people) > 1
                goes_on = deputy in known and place[deputy] > place[people[0]] and deputy not in people
                if (closes or goes_on) and (common := _common(days, periods)):
                    if closes:
                        yield _Circle(people, common)
                    else:
                        longer.append(_Circle((*people, deputy), common))
        paths = longer


def _common(some: Iterable[Period], others: Collection[Period]) -> tuple[Period, ...]:
    return tuple(both for one in some for other in others if (both := one.common(other)) is not None)


def _of_deputies(known: Mapping[str, Person], person: Person, together: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """Whoever stands in for a deputy on days of the deputy: they have no part of what that deputy has from others."""
    for deputy, periods in person.deputies.items():
        for third, others in known[deputy].deputies.items() if deputy in known else ():
            if third in (person.id, deputy) or third in person.deputies or (deputy, third) in together:
                continue
            if _common(periods, others):
                said = (
                    '"{third}" stands in for "{subject}" on days on which "{subject}" stands in for "{person}", and gets no '
                    'role of "{person}" by that; name "{third}" a deputy of "{person}" where that is meant'
                )
                place = Place(("people", person.id, "deputies", deputy), "key")
                related = (Place(("people", deputy, "deputies", third), "key"), "stands in here")
                details = {"third": third, "person": person.id}
                yield Finding("deputy-of-deputy", place, said, (related,), subject=deputy, kind="person", details=details)


def idle_people(directory: Directory) -> Iterator[Finding]:
    """People without a role who stand in for nobody."""
    deputies = {name for person in directory.people.values() for name in person.deputies}
    for name, person in directory.people.items():
        if not person.roles and name not in deputies:
            said = '"{subject}" has no roles and stands in for nobody, so there is nothing that they may do; give them a role'
            yield Finding("person-without-roles", Place(("people", name), "key"), said, subject=name, kind="person")


def unknown_roles(directory: Directory, roles: Mapping[str, str]) -> Iterator[Finding]:
    """Roles that no process has; ``roles`` are those that there are, with their titles. Without any nothing is told."""
    titles = {identifier(title): role for role, title in roles.items()}
    for person in directory.people.values() if roles else ():
        for role in person.roles:
            if role in roles:
                continue
            others = [one for one in roles if one not in person.roles]
            near = titles.get(role) if titles.get(role) in others else nearest(role, others)
            said = 'no process has the role "{subject}"' + ("{hint}" if near else " (the roles are {roles})")
            place = Place(("people", person.id, "roles", role), "key")
            yield Finding("role-of-no-process", place, said, fix=near, subject=role, kind="role",
                          candidates=(near,) if near else (), details={"roles": listed(roles)})  # fmt: skip
