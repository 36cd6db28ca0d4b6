"""What somebody who cannot program writes in a directory of people: told once, and mended by the fix where one is offered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from test_offered_fixes import mended

from procdef import load
from procdef.diagnostics import Diagnostic
from procdef.language.people.check import check_people_source

SALE = load("""\
procdef: 1
id: sale
version: 1
title: Sale
languages: [en]
fields: {need: {type: text, personal: false}}
roles: {seller: {title: Seller}, manager: {title: Manager}}
stages:
  lead: {title: Lead, start: true, owner: seller, required_actions: {ask: {title: Ask, records: [need]}}, next: won}
  won: {title: Won, outcome: won, owner: manager}
""")
HEAD = """\
procdef-people: 1
people:
  pekka: {name: Pekka Salo, roles: manager}
  maija:
    name: Maija Virtanen
"""
HABITS: list[tuple[str, str, str]] = [
    ("roles: seller, manager", "are several roles, which stand in a list", "roles: [seller, manager]"),
    ("roles: seller and manager", "write [seller, manager]", "roles: [seller, manager]"),
    ("roles: seller/manager", "write [seller, manager]", "roles: [seller, manager]"),
    ("roles: Seller", "write seller", "roles: seller"),
    ("roles: none", 'who has none needs no such key; leave "roles" out', ""),
    ("roles:\n      - seller\n      - manager: {from: 2026-01-01}", "roles: {seller: {}, manager: {from: 2026-01-01}}", ""),
    ("roles: {seller: 2026-01-01}", "days stand in braces", "{seller: {from: 2026-01-01}}"),
    ("roles: {seller: from 1.2.2026}", "write {from: 2026-02-01}", "{seller: {from: 2026-02-01}}"),
    ("roles: {seller: until 2026-12}", "write {until: 2026-12-31}", "{seller: {until: 2026-12-31}}"),
    ("roles: {seller: 2026-01-01 - 2026-03-31}", "braces", "{seller: {from: 2026-01-01, until: 2026-03-31}}"),
    ("roles: {seller: 2026-01-01 to 2026-03-31}", "braces", "{seller: {from: 2026-01-01, until: 2026-03-31}}"),
    ("roles: {seller: 2026}", "write {from: 2026-01-01, until: 2026-12-31}", "{from: 2026-01-01, until: 2026-12-31}"),
    ("roles: {seller: 2026-02}", "braces", "{from: 2026-02-01, until: 2026-02-28}"),
    ("roles: {seller: [2026-01-01, 2026-03-31]}", "braces", "{seller: {from: 2026-01-01, until: 2026-03-31}}"),
    ("roles: {seller: always}", "a role without days is for always", "{seller: {}}"),
    ("roles: {seller: true}", "a role without days is for always", "{seller: {}}"),
    ("roles: {seller: {until: forever}}", "a period without `until` has no end; leave `until` out", ""),
    ("roles: {seller: {from: 2026-01-01, until: }}", "leave `until` out", ""),
    ("roles: {seller: {from: 2026-01-01 08:00}}", "whole days, without a time", "{from: 2026-01-01}"),
    ("roles: {seller: {from: 2026-01-01, deputy: pekka}}",
     "named by maija, beside `roles`: write it like deputies: {pekka: {from: 2026-01-01}}", ""),
    ("roles: seller\n    deputies: {pekka: {from: 2026-07-01, deputy: aino}}",
     "name another deputy beside this one: write it like deputies: {aino: {from: 2026-07-01}}", ""),
    ("roles: seller\n    deputies: Pekka Salo", "is a name, and a deputy is named by the id; write pekka", "deputies: pekka"),
    ("roles: seller\n    deputies: [Pekka Salo]", "write pekka", "deputies: [pekka]"),
    ("roles: seller\n    deputies: none", 'leave "deputies" out', ""),
    ("roles: seller\n    deputies:\n      - pekka: {from: 2026-07-01}", "deputies: {pekka: {from: 2026-07-01}}", ""),
    ("roles: seller\n    deputy_of: pekka", "below pekka write `deputies: maija`", ""),
    ("roles: seller\n    absent: {from: 2026-07-01, until: 2026-07-31}",
     "naming who stands in: deputies: {ID: {from: 2026-07-01, until: 2026-07-31}}", ""),
    ("roles: seller\n    vacation: 2026-07", "deputies: {ID: {from: 2026-07-01, until: 2026-07-31}}", ""),
    ("roles: seller\n    away: 6.7.", "naming who stands in: deputies: {ID: {from: YYYY-07-06}}", ""),
    ("roles: {seller: 6.7.}", "days have their year, and stand in braces; write it like {from: YYYY-07-06}", ""),
    ("roles: {seller: {from: 6.7.}}", "days have their year; write it like YYYY-07-06", ""),
    ("roles: seller\n    from: 2026-01-01", "write it like roles: {seller: {from: 2026-01-01}}", ""),
    ("roles: seller\n    login: 4711", 'is a number to YAML; write "4711"', 'login: "4711"'),
    ("roles: seller login: maijav", "write `login: maijav` on a line of its own", "roles: seller\n    login: maijav"),
]  # fmt: skip
"""What somebody writes of a person, what is said of it, and what the offered fix makes of it, where one is offered."""


def findings(text: str) -> list[Diagnostic]:
    return check_people_source(text.encode(), "people.yaml", (SALE,))[1]


@pytest.mark.parametrize(("wrong", "said", "right"), HABITS, ids=[habit[0] for habit in HABITS])
def test_a_habit_is_told_once_and_its_fix_mends(wrong: str, said: str, right: str) -> None:
    written = f"{HEAD}    {wrong}\n"
    (one,) = findings(written)
    assert said in one.message, one.message
    assert (one.fix is not None) is bool(right), one
    if one.fix is not None:
        sound = mended(written, one)
        assert (right in sound, findings(sound)) == (True, []), sound


def test_a_person_on_one_line_gets_brackets() -> None:
    written = "procdef-people: 1\npeople:\n  maija: roles: seller\n"
    (one,) = findings(written)
    assert "write {roles: seller}, or begin a new line for `roles`" in one.message
    assert findings(mended(written, one)) == []


def test_a_directory_without_its_first_line_is_none() -> None:
    (one,) = findings("people:\n  maija: {roles: seller}\n")
    assert (one.code, one.subject) == ("missing-key", "procdef-people")


@pytest.mark.parametrize("deputies", ["maija_virtanen", "[pekka, pekka_salo]"])
def test_nobody_is_offered_as_a_deputy_of_themself_or_twice(deputies: str) -> None:
    (one,) = findings(f"{HEAD}    roles: seller\n    deputies: {deputies}\n")
    assert (one.code, one.fix) == ("unknown-person", None)


def test_of_a_team_that_stands_in_for_each_other_each_pair_is_told_once() -> None:
    team = [f"p{number}" for number in range(14)]
    others = {one: ", ".join(other for other in team if other != one) for one in team}
    people = "".join(f"  {one}: {{roles: seller, deputies: [{others[one]}]}}\n" for one in team)
    found = findings(f"procdef-people: 1\npeople:\n{people}")
    assert [one.code for one in found] == ["deputy-circle"] * (14 * 13 // 2)


@pytest.mark.parametrize(
    ("told", "third"),
    [
        (["deputy-circle"], "{maija: {from: 2026-07-01}}"),
        (["deputy-circle", "deputy-circle"], "{maija: {until: 2026-06-30}}"),
    ],
)
def test_a_circle_that_holds_another_one_is_told_on_other_days_only(told: list[str], third: str) -> None:
    around = "  maija: {roles: seller, deputies: {pekka: {}}}\n"
    around += "  pekka: {roles: seller, deputies: {maija: {from: 2026-07-01}, aino: {}}}\n"
    found = findings(f"procdef-people: 1\npeople:\n{around}  aino: {{roles: seller, deputies: {third}}}\n")
    assert [one.code for one in found] == told


def test_thousands_of_periods_are_looked_through_soon() -> None:
    days = [date(2000, 1, 1) + timedelta(2 * number) for number in range(12_000)]
    periods = [f"        - {{from: {day}, until: {day}}}\n" for day in (*days, days[-1])]
    found = findings(f"procdef-people: 1\npeople:\n  maija:\n    roles:\n      seller:\n{''.join(periods)}")
    assert [(one.code, one.span.line) for one in found] == [("overlapping-periods", 5 + len(periods))]


@pytest.mark.parametrize(("code", "item"), [("duplicate-item", "seller{}"), ("bad-id", "[seller{}]")])
def test_a_list_of_thousands_of_roles_is_looked_through_soon(code: str, item: str) -> None:
    roles = "".join(f"      - {item.format(number)}\n" for number in (*range(8000), 0))
    found = findings(f"procdef-people: 1\npeople:\n  maija:\n    roles:\n{roles}")
    assert code in {one.code for one in found}
