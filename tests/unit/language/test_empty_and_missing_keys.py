"""A key that is needed and not there, and one that is there and empty: the advice on both leads the same way."""

from __future__ import annotations

import pytest

from procdef import check

PROCESS = """\
procdef: 1
id: sales
version: 1
title: Sales
languages: [en]
roles:
  seller: {title: Seller}
fields:
  need: {type: text}
lost:
  reasons: {no_need: No need}
stages:
  ask: {title: Ask, start: true, owner: seller, next: end}
  end: {title: End, owner: seller, outcome: won}
"""
PEOPLE = """\
procdef-people: 1
people:
  maija: {roles: seller}
"""


def without(text: str, key: str, instead: str = "") -> str:
    """The file with something else in place of a key at its left edge, and of what stands below it."""
    lines = text.splitlines(keepends=True)
    begin = next(place for place, line in enumerate(lines) if line.startswith(f"{key}:"))
    end = next((place for place in range(begin + 1, len(lines)) if not lines[place].startswith(" ")), len(lines))
    return "".join([*lines[:begin], instead, *lines[end:]])


def errors(text: str) -> list[str]:
    return [finding.message for finding in check(text) if finding.severity == "error"]


@pytest.mark.parametrize(("text", "key"), [*((PROCESS, key) for key in ("fields", "roles", "stages")), (PEOPLE, "people")])
def test_what_is_needed_is_added_and_filled_in_and_never_removed(text: str, key: str) -> None:
    (missing,) = errors(without(text, key))
    assert missing.endswith("; add it")
    (empty,) = errors(without(text, key, f"{key}: {{}}\n"))
    assert empty == f'"{key}" is empty; fill it in'


@pytest.mark.parametrize("key", ["scores", "placeholders"])
def test_what_is_not_needed_may_be_removed(key: str) -> None:
    assert errors(PROCESS) == []
    (empty,) = errors(f"{PROCESS}{key}: {'[]' if key == 'placeholders' else '{}'}\n")
    assert empty == f'"{key}" is empty; fill it in or remove it'


@pytest.mark.parametrize(
    ("found", "instead", "said"),
    [
        ("reasons: {no_need: No need}", "reasons: {}", '"lost.reasons" is empty; fill it in'),
        ("title: Ask", 'title: ""', '"stages.ask.title" is empty; fill it in'),
        ("owner: seller, next", "owner: [], next", '"stages.ask.owner" is empty; fill it in or remove it'),
        ("roles: seller", "roles: []", '"people.maija.roles" is empty; fill it in or remove it'),
    ],
)
def test_so_it_is_deeper_down(found: str, instead: str, said: str) -> None:
    text = PEOPLE if "people" in said else PROCESS
    assert errors(text.replace(found, instead)) == [said]
