"""What a forecast hands out. Money and numbers of deals are decimals; ``None`` stands where nothing can be said (n/a)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Category = Literal["pipeline", "best_case", "commit", "omitted"]
Lacking = Literal["history", "decisions", "months"]
"""Why there is no back-test: no month began three months or more after the first deal; in none had a deal been decided
before; or none was asked for."""


@dataclass(frozen=True, slots=True)
class Band:
    """What is expected, which is exact, and the 10th, 50th and 90th percentile of the draws (nearest rank)."""

    expected: Decimal
    percentile_10: Decimal
    percentile_50: Decimal
    percentile_90: Decimal

    def as_dict(self, *, money: bool) -> dict[str, Any]:
        """As JSON has it: money as decimal text, deals as numbers."""
        return {name: _plain(getattr(self, name), money) for name in _BAND}


_BAND = ("expected", "percentile_10", "percentile_50", "percentile_90")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected to be won in a period; ``value`` is ``None`` in a process without ``deal.value``."""

    deals: Band
    value: Band | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "deals": self.deals.as_dict(money=False),
            "value": None if self.value is None else self.value.as_dict(money=True),
        }


@dataclass(frozen=True, slots=True)
class Period:
    """A month, or what is left of it (``whole`` is false), from ``start`` up to, not including, ``end`` (UTC text).

    ``won_deals`` and ``won_value`` are what was won earlier in that month, and stand beside the outlook, not in it. ``open``
    is for the deals that are open now, ``with_new`` for these and those that will be started.
    """

    month: str
    start: str
    end: str
    whole: bool
    won_deals: int
    won_value: Decimal | None
    open: Outlook | None
    with_new: Outlook | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "month": self.month,
            "from": self.start,
            "to": self.end,
            "whole": self.whole,
            "won": {"deals": self.won_deals, "value": _plain(self.won_value, True)},
            "open": None if self.open is None else self.open.as_dict(),
            "with_new": None if self.with_new is None else self.with_new.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Average:
    """What was won in an average month."""

    deals: Decimal
    value: Decimal | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"deals": _plain(self.deals, False), "value": _plain(self.value, True)}


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """The open deals in stages of a category: how many, what they are worth, and what of that is expected, whenever it comes.

    ``value`` is the sum over those that have one. Of ``omitted`` nothing is expected.
    """

    category: Category
    deals: int
    value: Decimal | None
    expected_deals: Decimal | None
    expected_value: Decimal | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "category": self.category,
            "deals": self.deals,
            "value": _plain(self.value, True),
            "expected_deals": _plain(self.expected_deals, False),
            "expected_value": _plain(self.expected_value, True),
        }


@dataclass(frozen=True, slots=True)
class StageChance:
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

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "stage": self.stage,
            "category": self.category,
            "declared": _plain(self.declared, True),
            "decided": self.decided,
            "won": self.won,
            "chance": _plain(self.chance, True),
            "times": self.times,
            "median_days": self.median_days,
            "open": self.open,
        }


@dataclass(frozen=True, slots=True)
class Compared:
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

    def as_dict(self, *, money: bool) -> dict[str, Any]:
        """As JSON has it."""
        names = ("actual", "forecast", "percentile_10", "percentile_90", "declared", "naive")
        return {**{name: _plain(getattr(self, name), money) for name in names}, "within": self.within}


@dataclass(frozen=True, slots=True)
class Miss:
    """How far a forecast was off: the mean of the absolute errors, their mean with the sign (``bias``, above nothing where
    too much was expected), and the first in percent of what came in an average month, ``None`` where nothing came."""

    mean_absolute: Decimal
    bias: Decimal
    percent: Decimal | None

    def as_dict(self, *, money: bool) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "mean_absolute": _plain(self.mean_absolute, money),
            "bias": _plain(self.bias, money),
            "percent": _plain(self.percent, True),
        }


@dataclass(frozen=True, slots=True)
class Misses:
    """The errors over the months of a back-test; ``within`` is the share of months inside the band, in percent."""

    forecast: Miss
    declared: Miss | None
    naive: Miss
    within: Decimal

    @property
    def naive_was_better(self) -> bool:
        """Whether the plain average of three months was closer than this forecast."""
        return self.naive.mean_absolute < self.forecast.mean_absolute

    def as_dict(self, *, money: bool) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "forecast": self.forecast.as_dict(money=money),
            "declared": None if self.declared is None else self.declared.as_dict(money=money),
            "naive": self.naive.as_dict(money=money),
            "within_percent": _plain(self.within, True),
            "naive_was_better": self.naive_was_better,
        }


@dataclass(frozen=True, slots=True)
class TestedMonth:
    """A month of the back-test, in deals and in money."""

    month: str
    deals: Compared
    value: Compared | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "month": self.month,
            "deals": self.deals.as_dict(money=False),
            "value": None if self.value is None else self.value.as_dict(money=True),
        }


@dataclass(frozen=True, slots=True)
class BackTest:
    """The months that could be looked at, of those that were ``asked`` for, oldest first. Where there is none, ``lacking``
    says what is."""

    asked: int
    months: tuple[TestedMonth, ...]
    lacking: Lacking | None
    deals: Misses | None
    value: Misses | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "asked": self.asked,
            "lacking": self.lacking,
            "deals": None if self.deals is None else self.deals.as_dict(money=False),
            "value": None if self.value is None else self.value.as_dict(money=True),
            "months": [month.as_dict() for month in self.months],
        }


@dataclass(frozen=True, slots=True)
class CurrencyForecast:
    """The forecast in one currency (``None``: of versions that name none).

    ``open`` are the deals that are forecast, ``value`` what those of them are worth that have a value. ``without_value`` of
    them have none and count with ``mean_won``, the mean of what was won. ``without_chance`` and ``without_time`` of them
    fall into no month, as the log tells nothing of them. ``beyond_times`` have been in their stage for longer than all but a
    few deals that were won, and are taken for deals that have just come in. ``new_deals`` is how many start in 30 days.
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
    new_deals: Decimal | None
    average: Average | None
    periods: tuple[Period, ...]
    total: Period
    categories: tuple[CategoryTotal, ...]
    back_test: BackTest

    @property
    def next_month(self) -> Period:
        """The first whole month."""
        return next(period for period in self.periods if period.whole)

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "currency": self.currency,
            "open": {
                "deals": self.open,
                "value": _plain(self.value, True),
                "without_value": self.without_value,
                "mean_won": _plain(self.mean_won, True),
                "without_chance": self.without_chance,
                "without_time": self.without_time,
                "beyond_times": self.beyond_times,
            },
            "new_deals_in_30_days": _plain(self.new_deals, False),
            "average_of_3_months": None if self.average is None else self.average.as_dict(),
            "months": [period.as_dict() for period in self.periods],
            "total": self.total.as_dict(),
            "categories": [category.as_dict() for category in self.categories],
            "back_test": self.back_test.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Forecast:
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

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it. Money and rates are decimal text, rates in percent; numbers of deals are numbers."""
        return {
            "process": self.process,
            "as_of": self.as_of,
            "timezone": self.timezone,
            "seed": self.seed,
            "draws": self.draws,
            "deals": self.deals,
            "decided": self.decided,
            "stages": [stage.as_dict() for stage in self.stages],
            "currencies": [currency.as_dict() for currency in self.currencies],
        }


def _plain(value: Decimal | None, text: bool) -> str | float | None:
    if value is None:
        return None
    return f"{value:f}" if text else float(value)
