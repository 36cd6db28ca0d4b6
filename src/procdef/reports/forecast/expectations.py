"""What is expected at a standpoint: of the deals that are open there, by chance and time, and of new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from procdef.reports.forecast.chances import chance, overall
from procdef.reports.forecast.draws import Alike, Powers, Worth, powers
from procdef.reports.forecast.new_deals import new_wins, observed_days, starting
from procdef.reports.forecast.remaining_times import FEWEST, Shares, shares_by_age
from procdef.reports.forecast.stage_settings import StageSettings
from procdef.reports.forecast.standpoints import Standpoint
from procdef.reports.forecast.tallies import OpenDeals, Place, Seen, Tallies


@dataclass(frozen=True, slots=True)
class Batch:
    """Open deals of one stage that are alike: their chance (from the log, and declared), how the win is spread over the months
    (``None``: not known), the values of those that have one, falling, and how many have none."""

    stage: str
    chance: float | None
    declared: float | None
    shares: Shares | None
    values: Sequence[float]
    powers: Powers
    blank: int

    @property
    def deals(self) -> int:
        return len(self.values) + self.blank


@dataclass(frozen=True, slots=True)
class Expectation:
    """Everything that a forecast in one currency is made of. ``new`` are the wins of new deals by month, ``new_declared`` the
    same by declared probabilities; ``None`` where nothing can be said."""

    batches: tuple[Batch, ...]
    worth: Worth
    new: Shares | None
    new_declared: Shares | None
    new_in_30_days: float | None

    def alike(self, months: slice) -> list[Alike]:
        """The deals by their chance to be won in these months."""
        return [
            Alike(batch.chance * fsum(batch.shares[months]), batch.values, batch.powers, batch.blank)
            for batch in self.batches
            if batch.chance is not None and batch.shares is not None
        ]

    def declared(self, month: int) -> tuple[float, float]:
        """Deals and value that the declared probabilities alone expect in a month: times and new deals are the same."""
        deals, value = [(self.new_declared or (0.0,) * (month + 1))[month]], []
        value.append(deals[0] * self.worth.mean)
        for batch in self.batches:
            if batch.shares is not None:
                won = (batch.declared or 0.0) * batch.shares[month]
                deals.append(won * batch.deals)
                value.append(won * (batch.powers[0] + batch.blank * self.worth.mean))
        return fsum(deals), fsum(value)


def chances(seen: Seen, settings: StageSettings) -> dict[str, float | None]:
    """The chance of each stage that the process has, or that a deal has been in."""
    of_all = overall(seen.won[None], seen.decided[None])
    stages = {*settings.declared, *(stage for stage in seen.decided if stage is not None), *_standing_in(seen)}
    return {
        stage: chance(settings.declared.get(stage), seen.won[stage], seen.decided[stage], of_all)
        for stage in sorted(stages)
    }


def _standing_in(seen: Seen) -> Iterator[str]:
    for places in seen.open.values():
        yield from (place.stage for place in places)


def expectation(
    tallies: Tallies, point: int, at: Standpoint, seen: Seen, currency: str | None, settings: StageSettings
) -> Expectation:
    """What is expected at a standpoint of the deals in one currency."""
    known = chances(seen, settings)
    days = observed_days(at, tallies.first_start)
    starts = None if days is None else starting(seen, currency, at, days)
    return Expectation(
        tuple(_batches(seen.open.get(currency, {}), known, at, seen, settings)),
        _worth(tallies, point, at, currency),
        None if starts is None else new_wins(starts, known, at),
        None if starts is None else new_wins(starts, settings.declared, at),
        None if starts is None else fsum(start.a_day for start in starts) * 30,
    )


def _worth(tallies: Tallies, point: int, at: Standpoint, currency: str | None) -> Worth:
    """What deals won in the year before were worth; where fewer than 20 of them have a value, all deals won before."""
    values = tallies.wins(point, currency, at.year, at.text).values
    return Worth.of(values if len(values) >= FEWEST else tallies.wins(point, currency, None, at.text).values)


def _batches(
    places: Mapping[Place, OpenDeals], known: Mapping[str, float | None], at: Standpoint, seen: Seen, settings: StageSettings
) -> Iterator[Batch]:
    shares = _shares(places, at, seen)
    alike: dict[tuple[str, Shares | None], tuple[list[float], int]] = {}
    for place, deals in places.items():
        if settings.category(place.stage) != "omitted":
            key = place.stage, shares[place]
            values, blank = alike.get(key, ([], 0))
            values.extend(deals.values)
            alike[key] = values, blank + deals.blank
    for (stage, spread), (values, blank) in sorted(alike.items(), key=lambda each: (each[0][0], each[0][1] or ())):
        values.sort(reverse=True)
        yield Batch(stage, known.get(stage), settings.declared.get(stage), spread, values, powers(values), blank)


def _shares(places: Iterable[Place], at: Standpoint, seen: Seen) -> dict[Place, Shares | None]:
    """How the win of a deal at each place is spread over the months."""
    ages: dict[str, set[int]] = {}
    for place in places:
        if place.closing is None:
            ages.setdefault(place.stage, set()).add(place.age)
    by_age = {stage: shares_by_age(seen.times.get(stage, ()), found, at.cuts) for stage, found in ages.items()}
    months = range(len(at.months))
    return {
        place: by_age[place.stage].get(place.age)
        if place.closing is None
        else tuple(float(month == place.closing) for month in months)
        for place in places
    }
