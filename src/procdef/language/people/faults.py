"""What is wrong in a directory of people whose shape is sound: dates, deputies, logins and ids."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations

from procdef.diagnostics import Finding, Place, Route, listed, nearest
from procdef.directory import Directory, Period, Person
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
    for (first, one), (second, other) in combinations(sound, 2):
        if one.meets(other):
            said = "this period and another of {subject} have days in common; write them as one, or correct the dates"
            related = (Place(first), "the other one")
            yield Finding("overlapping-periods", Place(second), said, (related,), subject=str(route[-1]), kind="value")
            return


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
                near = by_name.get(identifier(deputy)) or nearest(deputy, others)
                said = 'nobody has the id "{subject}"{hint}' if near else 'nobody has the id "{subject}"; add them to `people`'
                yield Finding("unknown-person", place, said, fix=near, subject=deputy, kind="person",
                              candidates=(near,) if near else ())  # fmt: skip
    circles: set[frozenset[str]] = set()
    for person in known.values():
        yield from _in_circles(known, person, circles)
    for person in known.values():
        yield from _of_deputies(known, person, circles)


def _in_circles(known: Mapping[str, Person], person: Person, told: set[frozenset[str]]) -> Iterator[Finding]:
    """The circles of deputies, on days that all of them are away, that lead through a person; each is told once."""
    for circle in _circles(known, person, (person.id,), (Period(),)):
        if frozenset(circle) in told:
            continue
        told.add(frozenset(circle))
        pairs = [f"{deputy} for {absent}" for absent, deputy in zip(circle, (*circle[1:], circle[0]), strict=True)]
        around = f"{circle[1]} stands in for {circle[0]}, {', '.join(pairs[1:-1])}{', ' * (len(pairs) > 2)}and {pairs[-1]}"
        said = "on the same days {around}: they may all be away, so name somebody else for some of the days"
        place = Place(("people", circle[0], "deputies", circle[1]), "key")
        yield Finding("deputy-circle", place, said, subject=circle[1], kind="person", details={"around": around})


_LONGEST_CIRCLE = 6
"""A longer one is nothing that somebody who reads the file could see."""


def _circles(
    known: Mapping[str, Person], person: Person, path: tuple[str, ...], days: tuple[Period, ...]
) -> Iterator[tuple[str, ...]]:
    for deputy, periods in person.deputies.items():
        common = tuple(both for one in days for other in periods if (both := one.common(other)) is not None)
        if not common or (deputy in path and deputy != path[0]) or deputy not in known or deputy == person.id:
            continue
        if deputy == path[0]:
            yield path
        elif len(path) < _LONGEST_CIRCLE:
            yield from _circles(known, known[deputy], (*path, deputy), common)


def _of_deputies(known: Mapping[str, Person], person: Person, circles: Collection[frozenset[str]]) -> Iterator[Finding]:
    """Whoever stands in for a deputy on days of the deputy: they have no part of what that deputy has from others."""
    for deputy, periods in person.deputies.items():
        for third, others in known[deputy].deputies.items() if deputy in known else ():
            if third in (person.id, deputy) or third in person.deputies or any({deputy, third} <= one for one in circles):
                continue
            if any(one.common(other) for one in periods for other in others):
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
            near = titles.get(role) or nearest(role, [one for one in roles if one not in person.roles])
            said = 'no process has the role "{subject}"' + ("{hint}" if near else " (the roles are {roles})")
            place = Place(("people", person.id, "roles", role), "key")
            yield Finding("role-of-no-process", place, said, fix=near, subject=role, kind="role",
                          candidates=(near,) if near else (), details={"roles": listed(roles)})  # fmt: skip
