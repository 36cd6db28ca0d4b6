"""A writer that takes roles from a directory of people in a wrong way is found out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from broken_writer import told
from small_story import PEOPLE

from procdef.commands import Actor
from procdef.directory import Directory, HeldRoles
from procdef.engine.directory_in_force import DirectoryInForce

REAL = Directory.roles_of
KNOWN = DirectoryInForce.known

Slip = Callable[[Directory, str, date], HeldRoles | None]


def in_another_year(directory: Directory, person: str, day: date) -> HeldRoles | None:
    held = REAL(directory, person, day)
    return HeldRoles(frozenset({"seller", "manager"}), held.absent) if held else None


def without_whom(directory: Directory, person: str, day: date) -> HeldRoles | None:
    held = REAL(directory, person, day)
    return held and held._replace(absent=())


def own_alone(directory: Directory, person: str, day: date) -> HeldRoles | None:
    return HeldRoles(directory.people[person].own_roles(day)) if person in directory.people else None


def of_all(directory: Directory, person: str, day: date) -> HeldRoles | None:
    held = REAL(directory, person, day)
    return held and held._replace(absent=tuple(name for name in sorted(directory.people) if name != person))


@pytest.mark.parametrize("slip", [in_another_year, without_whom, of_all], ids=lambda slip: slip.__name__)
def test_other_roles_than_those_of_the_day_are_found(slip: Slip) -> None:
    assert "illegal" in told(Directory, "roles_of", slip)


def renamed(found: DirectoryInForce, actor: Actor, moment: str, zone: Any) -> Actor | None:
    known = KNOWN(found, actor, moment, zone)
    return replace(known, source="people:0123456789abcdef") if known and known.source else known


def test_another_directory_than_the_one_in_force_is_found() -> None:
    assert "illegal" in told(DirectoryInForce, "known", renamed)


def test_roles_from_a_directory_of_who_was_only_authenticated_are_found() -> None:
    def both(found: DirectoryInForce, actor: Actor, moment: str, zone: Any) -> Actor | None:
        known = KNOWN(found, actor, moment, zone)
        return replace(known, behalf=replace(known, auth="claimed")) if known and known.source else known

    assert "illegal" in told(DirectoryInForce, "known", both)


def test_the_honest_story_has_somebody_who_stands_in() -> None:
    assert PEOPLE.roles_of("kaisa", date(2026, 1, 1) + timedelta(1)) == HeldRoles(frozenset({"manager", "seller"}), ("liisa",))
