"""What a forecast hands out. Money and numbers of deals are decimals; ``None`` stands where nothing can be said (n/a)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from procdef.results.result import Result, json_key

Category = Literal["pipeline", "best_case", "commit", "omitted"]
Lacking = Literal["history", "decisions", "months"]
"""Why there is no back-test: no month began three months or more after the first deal; in none had a deal been decided
before; or none was asked for."""


@dataclass(frozen=True, slots=True)
class Band(Result):
    """What is expected, which is exact, and the 10th, 50th and 90th percentile of the draws (nearest rank)."""

    expected: Decimal
    percentile_10: Decimal
    percentile_50: Decimal
    percentile_90: Decimal


@dataclass(frozen=True, slots=True)
class Outlook(Result):
    """What is expected to be won in a period; ``value`` is ``None`` in a process without ``deal.value``."""

    deals: Band
    value: Band | None


@dataclass(frozen=True, slots=True)
class Period(Result):
    """A month, or what is left of it (``whole`` is false), from ``start`` up to, not including, ``end`` (UTC text).

    ``won_deals`` and ``won_value`` are what was won earlier in that month, and stand beside the outlook, not in it. ``open``
    is for the deals that are open now, ``with_new`` for these and those that will be started.
    """

    month: str
    start: str = field(metadata=json_key("from"))
    end: str = field(metadata=json_key("to"))
    whole: bool
    won_deals: int
    won_value: Decimal | None
    open: Outlook | None
    with_new: Outlook | None


@dataclass(frozen=True, slots=True)
class Average(Result):
    """What was won in an average month."""

    deals: Decimal
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class CategoryTotal(Result):
    """The open deals in stages of a category: how many, what they are worth, and what of that is expected, whenever it comes.

    ``value`` is the sum over those that have one. Of ``omitted`` nothing is expected.
    """

    category: Category
    deals: int
    value: Decimal | None
    expected_deals: Decimal | None
    expected_value: Decimal | None


@dataclass(frozen=True, slots=True)
class StageChance(Result):
    """How likely a deal in a stage is won, in percent: as ``declared``, and drawn from the log (``chance``).

    ``decided`` are the deals that had been there and were won or lost, ``won`` those of them that were won. ``times`` are the
    visits whose remaining time to the win is known, ``median_days`` their median from the day of entry. ``open`` are the
    deals there now.
    """

    stage: str
    category: Category
    declared: Decimal | None
    decided: int
    won: int
    chance: Decimal | None
    times: int
    median_days: int | None
    open: int


@dataclass(frozen=True, slots=True)
class Compared(Result):
    """A month of the back-test: what came, and what was expected of it at its beginning."""

    actual: Decimal
    forecast: Decimal
    percentile_10: Decimal
    percentile_90: Decimal
    declared: Decimal | None
    naive: Decimal

    @property
    def within(self) -> bool:
        """Whether what came lies between the 10th and the 90th percentile, these included."""
        return self.percentile_10 <= self.actual <= self.percentile_90


@dataclass(frozen=True, slots=True)
class Miss(Result):
    """How far a forecast was off: the mean of the absolute errors, their mean with the sign (``bias``, above nothing where
    too much was expected), and the first in percent of what came in an average month, ``None`` where nothing came."""

    mean_absolute: Decimal
    bias: Decimal
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Misses(Result):
    """The errors over the months of a back-test; ``within`` is the share of months inside the band, in percent."""

    forecast: Miss
    declared: Miss | None
    naive: Miss
    within: Decimal = field(metadata=json_key("within_percent"))

    @property
    def naive_was_better(self) -> bool:
        """Whether the plain average of three months was closer than this forecast."""
        return self.naive.mean_absolute < self.forecast.mean_absolute


@dataclass(frozen=True, slots=True)
class TestedMonth(Result):
    """A month of the back-test, in deals and in money."""

    month: str
    deals: Compared
    value: Compared | None


@dataclass(frozen=True, slots=True)
class BackTest(Result):
    """The months that could be looked at, of those that were ``asked`` for, oldest first. Where there is none, ``lacking``
    says what is."""

    asked: int
    months: tuple[TestedMonth, ...]
    lacking: Lacking | None
    deals: Misses | None
    value: Misses | None


@dataclass(frozen=True, slots=True)
class CurrencyForecast(Result):
    """The forecast in one currency (``None``: of versions that name none).

    ``open`` are the deals that are forecast, ``value`` what those of them are worth that have a value. ``without_value`` of
    them have none and count with ``mean_won``, the mean of what was won. ``without_chance`` and ``without_time`` of them
    fall into no month, as the log tells nothing of them, and ``beyond_times``, as they have been in their stage for longer than
    any deal that was won. ``new_deals`` is how many start in 30 days.
    ``average`` is what a month brought in the last three, ``None`` before there were as many. ``total`` is over all periods.
    """

    currency: str | None
    open: int
    value: Decimal | None
    without_value: int
    mean_won: Decimal | None
    without_chance: int
    without_time: int
    beyond_times: int
    new_deals: Decimal | None = field(metadata=json_key("new_deals_in_30_days"))
    average: Average | None = field(metadata=json_key("average_of_3_months"))
    periods: tuple[Period, ...] = field(metadata=json_key("months"))
    total: Period
    categories: tuple[CategoryTotal, ...]
    back_test: BackTest

    def next_month(self) -> Period:
        """The first whole month."""
        return next(period for period in self.periods if period.whole)


@dataclass(frozen=True, slots=True)
class Forecast(Result):
    """What a process is expected to win, as its log stood at ``as_of`` (UTC text). The currency of the newest version comes
    first. ``deals`` are all that had been started by then, ``decided`` those of them that were won or lost."""

    process: str
    as_of: str
    timezone: str
    seed: int
    draws: int
    deals: int
    decided: int
    stages: tuple[StageChance, ...]
    currencies: tuple[CurrencyForecast, ...]
