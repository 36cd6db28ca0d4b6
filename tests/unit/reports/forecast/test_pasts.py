"""Deals as they are read from the store, side by side with their visits and with what they were worth when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from past_deals import Visit, at, deal, definition

from procdef.errors import LogBroken
from procdef.reports.forecast import forecast_of_pasts
from procdef.reports.forecast.pasts import Change, Past, before, pasts
from procdef.store.port import Tx
from procdef.store.queries import ActivityFacts, DealFacts, Definitions, Stays
from procdef.store.rows import ActivityFactsRow, DealFactsRow, DefinitionRow, StayRow


class Rows:
    """A transaction that holds these rows."""

    def __init__(self, *rows: Any, has_activities: bool = True) -> None:
        self.has_activities, self.asked = has_activities, []
        self._rows: dict[type, list[Any]] = {DealFacts: [], Stays: [], ActivityFacts: [], Definitions: []}
        kinds = {DealFactsRow: DealFacts, StayRow: Stays, ActivityFactsRow: ActivityFacts, DefinitionRow: Definitions}
        for row in rows:
            self._rows[kinds[type(row)]].append(row)

    def scan(self, query: Any) -> Iterable[Any]:
        self.asked.append(query)
        return iter(self._rows[type(query)])


def read(*rows: Any, has_activities: bool = True) -> list[Past]:
    return list(pasts(cast(Tx, Rows(*rows, has_activities=has_activities)), "p"))


def facts(name: str, amount: str | None = None, expected: str | None = None) -> DealFactsRow:
    blank = dict.fromkeys(DealFactsRow._fields)
    return DealFactsRow(**{**blank, "stream": f"deal:{name}", "version": 1, "started": at("01-05"),
                           "amount": amount, "expected": expected})  # fmt: skip


def stay(name: str, k: int, stage: str, entered: str, left: str | None = None, how: str | None = None) -> StayRow:
    return StayRow(f"deal:{name}", k, stage, at(entered), at(left) if left else None, how, None)


def activity(name: str, n: int, day: str, kind: str, item: str, detail: str | None = None) -> ActivityFactsRow:
    return ActivityFactsRow(f"deal:{name}", n, at(day), kind, item, detail)


def test_visits_and_changes_stand_beside_their_deal() -> None:
    found = read(
        facts("a", "70", "2026-05-01"), facts("b"), facts("c", "5"),
        stay("a", 1, "lead", "01-05", "01-20", "advanced"), stay("a", 2, "talk", "01-20"), stay("c", 1, "lead", "01-05"),
        activity("a", 1, "01-05", "value", "price", "50"), activity("a", 3, "02-01", "value", "price", "70"),
        activity("a", 3, "02-01", "close", "until", "2026-05-01"),
    )  # fmt: skip
    assert [[visit.stage for visit in past.visits] for past in found] == [["lead", "talk"], [], ["lead"]]
    assert found[0].values == [Change(at("01-05"), "50"), Change(at("02-01"), "70")]
    assert found[0].closes == [Change(at("02-01"), "2026-05-01")]
    assert [before(found[0].values, at(day)) for day in ("01-05", "01-06", "02-01", "02-02")] == [None, "50", "50", "70"]


def test_a_value_without_a_history_stands_since_the_start() -> None:
    """As one of a personal field does, of which no history is kept, and every one of an older log that is only read."""
    (past,) = read(facts("a", "70"), stay("a", 1, "lead", "01-05"))
    assert past.values == (Change(at("01-05"), "70"),)
    (past,) = read(facts("a", "70"), activity("a", 1, "01-05", "value", "price", "50"), has_activities=False)
    assert past.values == (Change(at("01-05"), "70"),)


def test_a_step_that_was_entered_late_counts_from_when_it_was_recorded() -> None:
    (past,) = read(
        facts("a"), stay("a", 1, "lead", "01-05", "01-20", "advanced"), stay("a", 2, "talk", "01-20"),
        activity("a", 2, "01-20", "late", at("02-03")), activity("a", 2, "01-20", "value", "price", "9"),
    )  # fmt: skip
    assert [(visit.entered, visit.left_at) for visit in past.visits] == [(at("01-05"), at("02-03")), (at("02-03"), None)]
    assert past.values == [Change(at("02-03"), "9")]


@pytest.mark.parametrize(("expected", "ids"), [(None, ["p"]), ("p", ["p", "q"])])
def test_a_process_that_is_alone_asks_for_all_visits(expected: str | None, ids: Sequence[str]) -> None:
    tx = Rows(*(DefinitionRow("", each, 1, 1, b"") for each in ids))
    assert list(pasts(cast(Tx, tx), "p")) == []
    assert [query.process for query in tx.asked if isinstance(query, Stays)] == [expected]


@pytest.mark.parametrize(
    "damaged",
    [
        deal("lead 01-05")._replace(visits=[Visit("lead", "2026", None, None)]),
        deal("lead 01-05", "a lot"),
        deal("lead 01-05", "inf"),
        deal("lead 01-05 won 01-20", "nan"),
    ],
)
def test_what_cannot_be_read_is_told(damaged: Past) -> None:
    with pytest.raises(LogBroken, match="cannot be read"):
        forecast_of_pasts([damaged], [definition()], datetime(2026, 4, 1, tzinfo=UTC), 1, 2, 0)
