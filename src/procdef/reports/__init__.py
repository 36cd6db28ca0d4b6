"""What the log comes to: pure questions to the store's rows. ``report`` reads no event; ``exported`` tells of each, and
``export`` makes a file of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from procdef.reports.funnel import StageFigures, funnel
from procdef.reports.obstacles import Obstacles, obstacles
from procdef.reports.results import Results, results
from procdef.store.port import Deals, Gates, Stays, Tx

__all__ = ["Obstacles", "Report", "Results", "StageFigures", "plain_percent", "report"]


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one process (all its versions) over a period."""

    process: str
    since: str | None
    until: str | None
    stages: tuple[StageFigures, ...]
    results: Results
    obstacles: Obstacles

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it. Rates are percent as decimal text or ``None``, days are numbers, money is decimal text.

        ``won_value`` is ``None`` where there are several currencies: nothing is the sum of them.
        """
        found = self.results
        values = {currency: f"{value:f}" for currency, value in found.won_value.items()}
        return {
            "process": self.process,
            "from": self.since,
            "to": self.until,
            "stages": [_stage(figures) for figures in self.stages],
            "deals": {"started": found.started, "open": found.open, "won": found.won, "lost": found.lost},
            "offers": {"won": found.offers_won, "lost": found.offers_lost},
            "hit_rate": plain_percent(found.hit_rate),
            "win_rate": plain_percent(found.win_rate),
            "won_value": next(iter(values.values()), "0") if len(values) < 2 else None,
            "won_value_by_currency": values,
            "lost_reasons": dict(found.lost_reasons),
            "refusals": [{"item": item, "code": code, "count": n} for item, code, n in self.obstacles.unmet],
            "waivers": [{"criterion": item, "count": n} for item, n in self.obstacles.waived],
        }


def _stage(figures: StageFigures) -> dict[str, Any]:
    return {
        "stage": figures.stage, "entered": figures.entered, "advanced": figures.advanced, "returned": figures.returned,
        "lost": figures.lost, "finished": figures.finished, "median_days": _rounded(figures.median),
        "mean_days": _rounded(figures.mean), "percentile_90_days": _rounded(figures.percentile90),
        "present": figures.present, "median_age_days": _rounded(figures.median_age),
        "longest_age_days": _rounded(figures.longest_age),
    }  # fmt: skip


def plain_percent(rate: Decimal | None) -> str | None:
    """A rate in percent, as text with two decimals."""
    return None if rate is None else str(rate.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 4)


def report(
    tx: Tx,
    process: str,
    stages: Iterable[str],
    currencies: Mapping[int, str | None],
    now: str,
    since: str | None = None,
    until: str | None = None,
) -> Report:
    """The report of a process. ``since`` (inclusive), ``until`` (exclusive) and ``now`` are UTC text as in the log.

    ``stages`` give the order; stages that only older versions had follow. ``currencies`` are those of its versions. What
    counts into the period: a visit by when the stage was entered, a deal by when it started, was won or lost, a refusal or
    waiver by when the step occurred.
    """
    return Report(
        process,
        since,
        until,
        funnel(tx.scan(Stays(process=process)), stages, now, since, until),
        results(tx.scan(Deals(process=process)), currencies, since, until),
        obstacles(tx.scan(Gates(process=process)), since, until),
    )
