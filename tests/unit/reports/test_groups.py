"""Groups: what may make them, how values are put into them, and what they are called."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from made_histories import NOW, PROCESS, at, deal, history, report, scope, stay

from procdef import load
from procdef.errors import InvalidArgument
from procdef.reports.figures.groups import grouping
from procdef.reports.scope import scope_of


def groups(by: str, *rows: Any, bands: tuple[int, ...] = (), **more: Any) -> dict[str, int]:
    """How many deals started in each group."""
    of = scope(PROCESS.replace("measures:", "# measures:"), **more)
    made = grouping(of, by, tuple(map(Decimal, bands)))
    return {name: each.deals.started for name, each in report(*map(history, rows), by=made, of=of).groups.items()}


def values(*texts: str | None) -> list[Any]:
    return [deal(values=(text,)) for text in texts]


@pytest.mark.parametrize(
    ("expected", "bands", "texts"),
    [
        ({"below 5": 1, "5 to 10": 2, "10 and up": 1}, (5, 10), ('"4.9"', '"5"', '"9.99"', '"10"')),
        ({"0 to 10": 1, "(none)": 1}, (0, 10), ('"3"', None)),
        ({"below 0": 1}, (0,), ('"-1"',)),
        ({"below 2": 1, "2 to 3": 1, "3 to 4": 1, "4 and up": 2}, (), ('"1"', '"2"', '"3"', '"4"', '"5"')),
        ({"0 to 7": 2, "7 and up": 2}, (), ('"0"', '"0"', '"7"', '"7"')),
        ({"5 and up": 2}, (), ('"5"', '"5"')),
        ({"(none)": 2}, (), (None, '"abc"')),
        ({}, (), ()),
    ],
)
def test_numbers_make_bands_that_hold_where_they_begin_or_quarters(
    expected: dict[str, int], bands: tuple[int, ...], texts: tuple[str | None, ...]
) -> None:
    assert groups("discount", *values(*texts), bands=bands) == expected


def test_options_stand_in_their_order_and_those_of_older_versions_behind_them() -> None:
    assert [*groups("source", *values('"web"', '"old"', None, '"fair"'))] == ["fair", "web", "old", "(none)"]


def test_the_20_texts_that_most_deals_have_are_groups() -> None:
    found = groups("company", *values('"Acme"', *[f'"C{n:02}"' for n in range(30)], '"Acme"', None))
    assert len(found) == 22
    assert (list(found)[:2], found["Acme"], found["(others)"], found["(none)"]) == (["Acme", "C00"], 2, 11, 1)


def test_owner_stage_and_version_are_those_of_now() -> None:
    rows = [deal(owner="olli", stage="offer", version=10), deal(stage="lead", version=9), deal(stage="gone", version=9)]
    assert groups("owner", *rows) == {"maija": 2, "olli": 1}
    assert groups("stage", *rows) == {"lead": 1, "offer": 1, "gone": 1}
    assert groups("version", *rows) == {"9": 2, "10": 1}


def test_a_month_has_what_happened_in_it_and_none_is_left_out() -> None:
    of = scope(PROCESS.replace("timezone: Europe/Helsinki, holidays: FI", "timezone: UTC"))
    rows = [
        history(deal("01-05", "won", "03-10", amount="9", offered=at("01-20")), stay(1, "lead", "01-05", "03-10", "advanced")),
        history(deal("01-30", "lost", "01-31"), stay(1, "lead", "01-30", "01-31", "lost")),
    ]
    found = report(*rows, by=grouping(of, "month"), of=of).groups
    told = {month: (m.deals.started, m.deals.open, m.deals.won, m.deals.lost, m.offers.made) for month, m in found.items()}
    assert told == {"2026-01": (2, 1, 0, 1, 1), "2026-02": (0, 1, 0, 0, 0), "2026-03": (0, 0, 1, 0, 0)}
    assert (found["2026-02"].hit_rate.percent, found["2026-02"].deals.overdue) == (None, None)
    assert found["2026-03"].money["EUR"].won_value == 9


def test_months_are_cut_to_the_period() -> None:
    rows = [deal("01-05"), deal("02-10"), deal("03-05")]
    assert groups("month", *rows, since=at("02-05"), until=at("03-05")) == {"2026-02": 1, "2026-03": 0}


@pytest.mark.parametrize(
    ("by", "bands", "told"),
    [
        ("discout", (), 'nothing called "discout" to group by (did you mean "discount"?)'),
        ("zzz", (), "there are owner, stage, version, month, company"),
        ("email", (), "personal"),
        ("rows", (), "holds a list"),
        ("source", (1,), "bands are for a field of numbers"),
        ("owner", (1,), "bands are for a field of numbers"),
    ],
)
def test_what_makes_no_groups_is_told(by: str, bands: tuple[int, ...], told: str) -> None:
    more = "fields:\n  email: {type: email}\n  rows: {type: list, items: {n: {type: integer}}}\n"
    with pytest.raises(InvalidArgument) as refused:
        grouping(scope(PROCESS.replace("fields:\n", more)), by, tuple(map(Decimal, bands)))
    assert told in str(refused.value)


def test_a_field_that_was_personal_in_an_older_version_makes_no_groups() -> None:
    older = PROCESS.replace("company: {type: text, personal: false}", "company: {type: text}")
    of = scope_of([load(older), load(PROCESS.replace("version: 1", "version: 2"))], NOW)
    with pytest.raises(InvalidArgument, match="personal"):
        grouping(of, "company")
