"""How far such a forecast was off: made anew at the beginning of each of the last months, from what was recorded before, and
held against what came. Beside it stand the declared probabilities alone, and the plain average of the three months before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from math import fsum
from typing import NamedTuple

from procdef.reports.figures.arithmetic import rounded as halves_up
from procdef.reports.forecast.draws import Draws
from procdef.reports.forecast.expectations import Expectation, expectation
from procdef.reports.forecast.results import BackTest, Compared, Lacking, Miss, Misses, TestedMonth
from procdef.reports.forecast.stage_settings import StageSettings
from procdef.reports.forecast.standpoints import Standpoint
from procdef.reports.forecast.tallies import Seen, Tallies

Rounded = Callable[[float], Decimal]


class Figures(NamedTuple):
    """Deals and their value."""

    deals: float
    value: float


def back_test(
    tallies: Tallies,
    standpoints: Sequence[Standpoint],
    views: Sequence[Seen],
    currency: str | None,
    settings: StageSettings,
    seed: int,
    money: Rounded | None,
) -> BackTest:
    """The months that began at all standpoints but the last, which is now.

    A month is left out when it began less than three months after the first deal, or before any deal was decided: then the
    average of three months, or the chances, would be of nothing. ``money`` rounds values; without it there are none.
    """
    now = len(standpoints) - 1
    old_enough = [
        point for point in range(now) if tallies.first_start is not None and tallies.first_start <= standpoints[point].quarter
    ]
    looked_at = [point for point in old_enough if views[point].decided[None]]
    months = []
    for point in looked_at:
        at = standpoints[point]
        expected = expectation(tallies, point, at, views[point], currency, settings)
        came = tallies.wins(now, currency, at.text, standpoints[point + 1].month)
        before = tallies.wins(point, currency, at.quarter, at.text)
        months.append(
            _month(
                at.months[0].label,
                expected,
                Figures(came.deals, fsum(came.values)),
                Figures(before.deals / 3, fsum(before.values) / 3),
                any(declared is not None for declared in settings.declared.values()),
                f"{seed}/{currency or ''}/{at.text}",
                money,
            )
        )
    lacking: Lacking | None = None
    if not months:
        lacking = "months" if not now else "decisions" if old_enough else "history"
    return BackTest(
        now,
        tuple(months),
        lacking,
        misses((month.deals for month in months), places),
        misses([month.value for month in months if month.value is not None], money or places),
    )


def _month(
    label: str,
    expected: Expectation,
    came: Figures,
    naive: Figures,
    declares: bool,
    seed: str,
    money: Rounded | None,
) -> TestedMonth:
    month = slice(0, 1)
    found = Draws(expected.alike(month), (expected.new or (0.0,))[0], expected.worth, seed).with_new()
    by_declared = Figures(*expected.declared(0))

    def compared(
        rounded: Rounded, part: Callable[[Figures], float], percentiles: Sequence[float]
    ) -> Compared:
        return Compared(
            rounded(part(came)),
            rounded(part(Figures(found.deals, found.value))),
            rounded(percentiles[0]),
            rounded(percentiles[2]),
            rounded(part(by_declared)) if declares else None,
            rounded(part(naive)),
        )

    deals = compared(places, lambda figures: figures.deals, found.deal_percentiles)
    value = compared(money, lambda figures: figures.value, found.value_percentiles) if money else None
    return TestedMonth(label, deals, value)


def misses(months: Iterable[Compared], rounded: Rounded) -> Misses | None:
    """The errors over these months, ``rounded`` as their figures are; ``None`` over none."""
    found = list(months)
    if not found:
        return None
    came = [month.actual for month in found]
    declared = [month.declared for month in found if month.declared is not None]
    within = Decimal(100 * sum(month.within for month in found)) / len(found)
    return Misses(
        _miss([month.forecast for month in found], came, rounded),
        _miss(declared, came, rounded) if declared else None,
        _miss([month.naive for month in found], came, rounded),
        halves_up(within, 1),
    )


def _miss(expected: Sequence[Decimal], came: Sequence[Decimal], rounded: Rounded) -> Miss:
    errors = [one - other for one, other in zip(expected, came, strict=True)]
    off, of = sum(map(abs, errors), Decimal(0)), sum(came)
    return Miss(
        rounded(float(off / len(errors))),
        rounded(float(sum(errors, Decimal(0)) / len(errors))),
        halves_up(100 * off / of, 1) if of else None,
    )


def places(number: float) -> Decimal:
    """A number of deals with three decimals."""
    return halves_up(Decimal(number), 3)
