"""The form in which a log keeps a directory of people, as docs/log.md has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from procdef.verification.legality.shown_text import is_person

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_PERSON_ID = re.compile(r"[^\s:,]{1,64}").fullmatch
_ROLE_ID = re.compile("[a-z][a-z0-9_]{0,63}").fullmatch
_LONGEST_LOGIN = 200
Listed = Mapping[str, list[dict[str, str]]]
"""Periods by the id of a role, or of a deputy."""


class Misformed(ValueError):
    """What a directory would have to have."""


class PersonKept(NamedTuple):
    """Somebody in a directory, with the days of their roles and of their deputies."""

    roles: Listed
    deputies: Listed


def people_kept(value: Any) -> dict[str, PersonKept]:
    """The people of a directory by their ids. Raises ``Misformed`` for what is not as docs/log.md says, or another error where
    it is nothing like it."""
    _must(type(value) is dict and value.keys() == {"people", "procdef-people"}, "`procdef-people` and `people` alone")
    _must(type(value["procdef-people"]) is int and value["procdef-people"] == 1, "`procdef-people` 1")
    _must(type(value["people"]) is list and bool(value["people"]), "a list of people")
    people: dict[str, PersonKept] = {}
    logins: set[str] = set()
    for person in value["people"]:
        _must(type(person) is dict and {"id"} <= person.keys() <= {"deputies", "id", "login", "roles"}, "people by their keys")
        form = "ids of people that can be seen, of 64 characters, without blanks, commas and colons"
        _must(_is_person_id(person["id"]), form)
        if "login" in person:
            _must(_is_login(person["login"]) and person["login"] not in logins, "logins that can be seen, each of one person")
            logins.add(person["login"])
        people[person["id"]] = PersonKept(_listed(person.get("roles"), "roles"), _listed(person.get("deputies"), "deputies"))
    _rising([person["id"] for person in value["people"]], "people")
    for name, kept in people.items():
        _must(all(_is_role_id(role) for role in kept.roles), "ids of roles as processes have them")
        _must(name not in kept.deputies and kept.deputies.keys() <= people.keys(), "deputies who are others of its people")
    return people


def _is_person_id(given: Any) -> bool:
    return is_person(given) and _PERSON_ID(given) is not None


def _is_role_id(given: Any) -> bool:
    return type(given) is str and _ROLE_ID(given) is not None


def _is_login(given: Any) -> bool:
    return type(given) is str and given == given.strip() != "" and given.isprintable() and len(given) <= _LONGEST_LOGIN


def _listed(given: Any, what: str) -> Listed:
    if given is None:
        return {}
    _must(type(given) is list and bool(given), f"{what}, where there are any")
    found = {}
    for each in given:
        _must(type(each) is dict and each.keys() == {"id", "periods"}, f"{what} with their periods")
        _must(type(each["periods"]) is list and bool(each["periods"]), f"at least one period of each of the {what}")
        bounds = [_bounds(period) for period in each["periods"]]
        _must(bounds == sorted({*bounds}), f"periods of the {what} in their order")
        found[each["id"]] = each["periods"]
    _rising([each["id"] for each in given], what)
    return found


def _bounds(period: Any) -> tuple[date, date]:
    """The first and the last day of a period."""
    _must(type(period) is dict and period.keys() <= {"from", "until"}, "periods that have `from` and `until` alone")
    _must(all(type(day) is str and _DAY(day) for day in period.values()), "days as `YYYY-MM-DD`")
    try:
        first, last = (date.fromisoformat(period[key]) if key in period else None for key in ("from", "until"))
    except ValueError:
        raise Misformed("days of the calendar") from None
    _must(first is None or last is None or first <= last, "periods that end after they began")
    return first or date.min, last or date.max


def _rising(ids: list[Any], what: str) -> None:
    in_order = all(type(one) is str and one for one in ids) and ids == sorted({*ids})
    _must(in_order, f"{what} in the order of their ids, each once")


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise Misformed(what)
