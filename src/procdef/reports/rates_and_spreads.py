"""Rates with their intervals, and how long things took: parts of many figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from procdef.results.result import Result


@dataclass(frozen=True, slots=True)
class Rate(Result):
    """A share of ``n`` in percent, with Wilson's interval at 95 %, from ``low`` to ``high``."""

    percent: Decimal | None
    n: int
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Days(Result):
    """How long ``n`` things took, in days of 24 hours. The 90th percentile is by nearest rank."""

    n: int
    median_days: float | None
    mean_days: float | None
    percentile_90_days: float | None
    longest_days: float | None


@dataclass(frozen=True, slots=True)
class WorkingHours(Result):
    """The same in hours of working time, of those whose working time the calendar knows."""

    n: int
    median_hours: float | None
    mean_hours: float | None
    percentile_90_hours: float | None
    longest_hours: float | None
