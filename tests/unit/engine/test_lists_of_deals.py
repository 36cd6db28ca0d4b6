"""Lists of deals: page by page, and what can never match is told rather than answered with nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from procdef import Deals, InvalidArgument

if TYPE_CHECKING:
    from conftest import Desk

in_memory = pytest.mark.parametrize("desk", ["memory:"], indirect=True)


def started(desk: Desk, names: Iterable[str]) -> None:
    for name in names:
        desk.engine.start("small", name, by=desk.seller, stage="lead")


def names(desk: Desk, **query: Any) -> list[str]:
    return [row.name for row in desk.engine.deals(Deals(**query))]


@in_memory
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"outcome": "Won"}, 'there is no outcome "Won" here (did you mean "won"?)'),
        ({"outcome": "sold"}, 'there is no outcome "sold" here; there are open, won, lost'),
        ({"stage": "lad"}, 'there is no stage "lad" here (did you mean "lead"?)'),
        ({"stage": "LEAD"}, 'there is no stage "LEAD" here (did you mean "lead"?)'),
        ({"stage": "xyz"}, 'there is no stage "xyz" here; there are lead, offer, parked, delivery'),
        ({"process": "smal"}, 'there is no process "smal" here (did you mean "small"?)'),
        ({"process": "smal", "stage": "lead"}, 'there is no process "smal" here (did you mean "small"?)'),
        ({"overdue": "banana"}, "banana is no time with an offset; write 2026-01-31T12:00+02:00 or ...Z"),
        ({"overdue": "2026-01-31"}, "2026-01-31 has no offset; write 2026-01-31T12:00+02:00 or ...Z"),
        ({"overdue": datetime(2026, 1, 31)}, "the time 2026-01-31 00:00:00 has no offset; "
                                             "an aware time has, as datetime.now(UTC)"),
        ({"owner": " "}, "a person's id has"),
        ({"after": " "}, "a deal's name has"),
        ({"limit": 0}, "`limit` is a whole number from 1 on"),
        ({"limit": True}, "`limit` is a whole number from 1 on"),
    ],
)  # fmt: skip
def test_what_can_never_match_is_told_at_once(desk: Desk, query: dict[str, Any], says: str) -> None:
    started(desk, ["D"])
    with pytest.raises(InvalidArgument) as told:
        desk.engine.deals(Deals(**query))
    assert str(told.value).startswith(says)


def test_what_matches_nothing_now_is_answered_with_nothing(desk: Desk) -> None:
    started(desk, ["D"])
    for query in ({"stage": "parked"}, {"owner": "olli"}, {"outcome": "won"}, {"process": "small", "stage": "delivery"},
                  {"after": "Z"}):  # fmt: skip
        assert names(desk, **query) == []


def test_a_time_may_be_a_datetime_of_any_offset(desk: Desk) -> None:
    desk.offered()
    due = datetime.fromisoformat(str(desk.engine.deal("D").due))
    for moment in (due, due.astimezone(timezone(timedelta(hours=-7))), due.isoformat()):
        assert names(desk, overdue=moment) == []
    later = due + timedelta(microseconds=1)
    for moment in (later, later.astimezone(timezone(timedelta(hours=9))), later.isoformat()):
        assert names(desk, overdue=moment) == ["D"]
    assert later.tzinfo == UTC


def test_a_list_is_read_page_by_page(desk: Desk) -> None:
    expected = [f"D-{number:02}" for number in range(7)]
    started(desk, reversed(expected))
    assert names(desk) == expected
    found: list[str] = []
    while page := names(desk, limit=3, after=found[-1] if found else None):
        assert len(page) <= 3
        found += page
    assert found == expected


def test_what_comes_between_two_pages_moves_nothing(desk: Desk) -> None:
    started(desk, ["B", "D", "F"])
    first = names(desk, limit=2)
    started(desk, ["A", "C", "E"])
    assert (first, names(desk, after=first[-1])) == (["B", "D"], ["E", "F"])


def test_a_page_is_of_those_that_match(desk: Desk) -> None:
    started(desk, ["A", "B", "C"])
    desk.engine.assign("B", "olli", by=desk.manager)
    assert names(desk, owner="maija", limit=1, after="A") == ["C"]
