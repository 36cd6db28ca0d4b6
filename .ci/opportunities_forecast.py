"""What a forecast of the opportunities has to say of each month of 2017, counted from the export itself.

There is no stage with a declared probability, and no deal has a value before its close. A deal comes in at 8 on the day of its
engagement, goes on to ``engaging`` at 9 where the account is known, else it stays where it is; its value is recorded at 15 on
the day of its close, and it is won (where it went on) or lost at 16. A forecast stands at midnight.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

LAST_DAY = date(2017, 12, 31)  # on which the prospects came in
FEWEST = 20


class Opportunity(NamedTuple):
    came: date
    went_on: bool
    closed: date | None
    won: bool
    lost: bool
    value: float | None

    @property
    def way(self) -> int:
        """Whole days to the close, from the morning of the engagement."""
        return ((self.closed or LAST_DAY) - self.came).days


class Expected(NamedTuple):
    """Of a month: deals and value, as expected, as they came, and in an average one of the three months before."""

    deals: float
    value: float
    came: tuple[int, float]
    naive: tuple[float, float]


def opportunities(file: Path) -> list[Opportunity]:
    """Those of the export."""
    with file.open(newline="", encoding="utf-8") as opened:
        return [_opportunity(row) for row in csv.DictReader(opened)]


def _opportunity(row: dict[str, str]) -> Opportunity:
    closed = date.fromisoformat(row["close_date"]) if row["close_date"] else None
    went_on = bool(row["account"] and row["engage_date"])
    came = date.fromisoformat(row["engage_date"]) if row["engage_date"] else LAST_DAY
    value = float(row["close_value"]) if row["deal_stage"] == "Won" else None
    return Opportunity(came, went_on, closed, row["deal_stage"] == "Won" and went_on, row["deal_stage"] == "Lost", value)


def shifted(month: date, by: int) -> date:
    """The first day of the month so many on."""
    year, place = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(year, place + 1, 1)


def expected(every: Sequence[Opportunity], month: date) -> Expected:
    """What is expected of a month at its beginning, and what came."""
    known = [one for one in every if one.came < month]
    decided = [one for one in known if one.closed and one.closed < month and (one.won or one.lost)]
    won = [one for one in decided if one.won]
    rate = len(won) / len(decided)
    engaged = sum(one.went_on for one in decided)
    chance = {False: (len(won) + 10 * rate) / (len(decided) + 10), True: (len(won) + 10 * rate) / (engaged + 10)}
    ways = [one.way for one in won]
    days = (shifted(month, 1) - month).days
    fresh = sum(way < days for way in ways) / len(ways)
    recent = [one.value or 0 for one in won if one.closed and one.closed >= shifted(month, -12)]
    worth = sum(recent) / len(recent) if len(recent) >= FEWEST else sum(one.value or 0 for one in won) / len(won)
    closed = set(map(id, decided))
    deals, values = [], []
    for one in known:
        if id(one) in closed:
            continue
        age = (month - one.came).days - 1
        like = [way - age for way in ways if way >= age]
        share = sum(left < days for left in like) / len(like) if like else 0  # nobody was won who had been there as long
        if len(ways) < FEWEST or (age == 0 and not one.went_on):
            share = fresh
        elif not one.went_on:  # all who were won went on within the hour
            share = 0
        told = one.value is not None and one.closed is not None and one.closed < month
        deals.append(chance[one.went_on] * share)
        values.append(deals[-1] * ((one.value or 0) if told else worth))
    begin = max(shifted(month, -6), min(one.came for one in every))
    hours = 8 / 24 if begin > shifted(month, -6) else 0
    starts = sum(one.came >= begin for one in known) / ((month - begin).days - hours)
    new = starts * chance[False] * sum(max(0, days - way) for way in ways) / len(ways)
    before = [between(every, shifted(month, -back), shifted(month, 1 - back)) for back in (1, 2, 3)]
    naive = sum(count for count, _ in before) / 3, sum(value for _, value in before) / 3
    return Expected(sum(deals) + new, sum(values) + new * worth, between(every, month, shifted(month, 1)), naive)


def between(every: Sequence[Opportunity], since: date, until: date) -> tuple[int, float]:
    """How many were won then, and their value."""
    won = [one for one in every if one.won and one.closed and since <= one.closed < until]
    return len(won), sum(one.value or 0 for one in won)


def tested(file: Path) -> dict[str, Expected]:
    """Of every month of 2017 that began three months after the first deal and behind the first decision."""
    every = opportunities(file)
    first, decision = min(one.came for one in every), min(one.closed for one in every if one.closed and (one.won or one.lost))
    months = [date(2017, month, 1) for month in range(1, 13)]
    return {
        f"{month:%Y-%m}": expected(every, month) for month in months if first < shifted(month, -3) and decision < month
    }
