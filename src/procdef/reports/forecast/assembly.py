"""A forecast, put together from what was counted at each standpoint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from math import fsum

from procdef.language.currencies import decimals_of
from procdef.log.event import timestamp
from procdef.model import ProcessDefinition
from procdef.reports.figures.arithmetic import rounded
from procdef.reports.forecast.back_test import Rounded, back_test, places
from procdef.reports.forecast.draws import DRAWS, Drawn, Draws
from procdef.reports.forecast.expectations import Expectation, chances, expectation
from procdef.reports.forecast.pasts import Past
from procdef.reports.forecast.remaining_times import Times, median_way
from procdef.reports.forecast.results import (
    Average,
    Band,
    Category,
    CategoryTotal,
    CurrencyForecast,
    Forecast,
    Outlook,
    Period,
    StageChance,
)
from procdef.reports.forecast.stage_settings import StageSettings, stage_settings
from procdef.reports.forecast.standpoints import Standpoint, earlier, standpoint
from procdef.reports.forecast.tallies import Frame, Seen, Tallies

_CATEGORIES: tuple[Category, ...] = ("commit", "best_case", "pipeline", "omitted")


def frame_of(
    definitions: Sequence[ProcessDefinition], as_of: datetime, months: int, backtest: int, newest: int | None = None
) -> Frame:
    """By what the deals of a process are to be counted. Raises ``InvalidArgument`` where the calendar has no such months."""
    zone = _rising(definitions, newest)[-1].calendar.zone
    now = standpoint(as_of, zone, months)
    wins = {each.version: frozenset(stage.id for stage in each.stages.values() if stage.wins) for each in definitions}
    return Frame((*earlier(now, zone, backtest), now), wins, {each.version: each.currency for each in definitions})


def forecast_of_pasts(
    deals: Iterable[Past],
    definitions: Sequence[ProcessDefinition],
    as_of: datetime,
    months: int,
    backtest: int,
    seed: int,
) -> Forecast:
    """The forecast of a process from what became of its deals; ``definitions`` are all its published versions.

    Raises ``InvalidArgument`` where the calendar has no such months, and ``LogBroken`` for deals that cannot be read.
    """
    frame = frame_of(definitions, as_of, months, backtest)
    tallies = Tallies(frame)
    tallies.take(deals)
    return forecast_of(tallies, frame, definitions, seed)


def forecast_of(
    tallies: Tallies, frame: Frame, definitions: Sequence[ProcessDefinition], seed: int, newest_then: int | None = None
) -> Forecast:
    """The forecast from what was counted."""
    versions = _rising(definitions, newest_then)
    newest, now, views = versions[-1], frame.standpoints[-1], tallies.seen()
    valued = {definition.currency for definition in versions if definition.deal.value is not None}
    others = sorted(tallies.currencies - {newest.currency}, key=lambda each: each or "")
    currencies = {each: _rounding(each) if each in valued else None for each in (newest.currency, *others)}
    parts = _Assembly(tallies, frame.standpoints, views, stage_settings(versions), seed)
    return Forecast(
        process=newest.id,
        as_of=now.text,
        timezone=str(newest.calendar.zone),
        seed=seed,
        draws=DRAWS,
        deals=views[-1].started,
        decided=views[-1].decided[None],
        stages=parts.stages(),
        currencies=tuple(parts.currency(each, money) for each, money in currencies.items()),
    )


def _rising(definitions: Sequence[ProcessDefinition], newest: int | None) -> list[ProcessDefinition]:
    """The newest last: the version of that number, else the highest. Versions that were published after it count for less than
    all others, as nobody knew of them: only deals that were imported can be pinned to them."""
    return sorted(definitions, key=lambda each: (newest is None or each.version <= newest, each.version))


def _rounding(currency: str | None) -> Rounded:
    """To the decimals of the currency."""
    digits = decimals_of(currency or "")
    return lambda value: rounded(Decimal(value), digits)


class _Assembly:
    """A forecast from what was counted."""

    def __init__(
        self,
        tallies: Tallies,
        standpoints: Sequence[Standpoint],
        views: Sequence[Seen],
        settings: StageSettings,
        seed: int,
    ) -> None:
        self.tallies, self.standpoints, self.views = tallies, standpoints, views
        self.settings, self.seed = settings, seed
        self.now, self.seen, self.point = standpoints[-1], views[-1], len(standpoints) - 1
        self.chances = chances(self.seen, settings)

    def stages(self) -> tuple[StageChance, ...]:
        """The stages before the win, and those that are only known from deals."""
        open_deals: dict[str, int] = {}
        for places_of in self.seen.open.values():
            for place, deals in places_of.items():
                open_deals[place.stage] = open_deals.get(place.stage, 0) + len(deals.values) + deals.blank
        names = [*self.settings.declared, *sorted(open_deals.keys() - self.settings.declared.keys())]
        return tuple(self._stage(name, open_deals.get(name, 0)) for name in names)

    def _stage(self, name: str, open_deals: int) -> StageChance:
        declared, found = self.settings.declared.get(name), self.chances.get(name)
        times: Times = self.seen.times.get(name, ())
        return StageChance(
            stage=name,
            category=self.settings.category(name),
            declared=None if declared is None else _percent(declared),
            decided=self.seen.decided[name],
            won=self.seen.won[name],
            chance=None if found is None else _percent(found),
            times=sum(count for _, count in times),
            median_days=median_way(times),
            open=open_deals,
        )

    def currency(self, currency: str | None, money: Rounded | None) -> CurrencyForecast:
        """The forecast in a currency; without ``money`` of deals alone."""
        expected = expectation(self.tallies, self.point, self.now, self.seen, currency, self.settings)
        blank = sum(batch.blank for batch in expected.batches)
        undated = [batch for batch in expected.batches if batch.chance is not None and batch.shares is None]
        months = range(len(self.now.months))
        periods = tuple(self._period(expected, currency, money, month, month + 1) for month in months)
        return CurrencyForecast(
            currency=currency,
            open=sum(batch.deals for batch in expected.batches),
            value=money(fsum(value for batch in expected.batches for value in batch.values)) if money else None,
            without_value=blank if money else 0,
            mean_won=money(expected.worth.mean) if money and expected.worth.values else None,
            without_chance=sum(batch.deals for batch in expected.batches if batch.chance is None),
            without_time=sum(batch.deals for batch in undated if not self.seen.times.get(batch.stage)),
            beyond_times=sum(batch.deals for batch in undated if self.seen.times.get(batch.stage)),
            new_deals=None if expected.new_in_30_days is None else places(expected.new_in_30_days),
            average=self._average(currency, money),
            periods=periods,
            total=self._period(expected, currency, money, 0, len(self.now.months)),
            categories=self._categories(expected, currency, money),
            back_test=back_test(self.tallies, self.standpoints, self.views, currency, self.settings, self.seed, money),
        )

    def _average(self, currency: str | None, money: Rounded | None) -> Average | None:
        """What a month brought in the last three."""
        first = self.tallies.first_start
        if first is None or first > self.now.quarter:
            return None
        won = self.tallies.wins(self.point, currency, self.now.quarter, self.now.text)
        return Average(places(won.deals / 3), money(fsum(won.values) / 3) if money else None)

    def _period(
        self, expected: Expectation, currency: str | None, money: Rounded | None, first: int, end: int
    ) -> Period:
        months = self.now.months[first:end]
        label = months[0].label if len(months) == 1 else f"{months[0].label}/{months[-1].label}"
        alike = expected.alike(slice(first, end))
        unknown = sum(batch.deals for batch in expected.batches) and not alike
        new = None if expected.new is None else fsum(expected.new[first:end])
        seed = f"{self.seed}/{currency or ''}/{self.now.text}/{label}"
        draws = Draws(alike, new or 0.0, expected.worth, seed)
        won = self.tallies.wins(self.point, currency, self.now.month, self.now.text)
        begun = first == 0 and not months[0].whole
        return Period(
            month=label,
            start=timestamp(months[0].start),
            end=timestamp(months[-1].end),
            whole=all(month.whole for month in months),
            won_deals=won.deals if begun else 0,
            won_value=money(fsum(won.values) if begun else 0.0) if money else None,
            open=None if unknown else _outlook(draws.open_deals(), money),
            with_new=None if unknown or new is None else _outlook(draws.with_new(), money),
        )

    def _categories(
        self, expected: Expectation, currency: str | None, money: Rounded | None
    ) -> tuple[CategoryTotal, ...]:
        worth = expected.worth.mean
        found = []
        for category in _CATEGORIES:
            batches = [batch for batch in expected.batches if self.settings.category(batch.stage) == category]
            likely = [(batch, batch.chance) for batch in batches if batch.chance is not None]
            deals, value = sum(batch.deals for batch in batches), fsum(batch.powers[0] for batch in batches)
            if category == "omitted":
                deals, value = self._omitted(currency)
            known = bool(likely) or not deals
            found.append(CategoryTotal(
                category,
                deals,
                money(value) if money else None,
                places(fsum(batch.deals * chance for batch, chance in likely)) if known or category == "omitted" else None,
                money(fsum((batch.powers[0] + batch.blank * worth) * chance for batch, chance in likely))
                if money and (known or category == "omitted")
                else None,
            ))  # fmt: skip
        return tuple(found)

    def _omitted(self, currency: str | None) -> tuple[int, float]:
        omitted = [
            deals
            for place, deals in self.seen.open.get(currency, {}).items()
            if self.settings.category(place.stage) == "omitted"
        ]
        return (
            sum(len(deals.values) + deals.blank for deals in omitted),
            fsum(value for deals in omitted for value in deals.values),
        )


def _outlook(found: Drawn, money: Rounded | None) -> Outlook:
    deals = Band(places(found.deals), *map(places, found.deal_percentiles))
    value = Band(money(found.value), *map(money, found.value_percentiles)) if money else None
    return Outlook(deals, value)


def _percent(share: float) -> Decimal:
    return rounded(Decimal(100 * share), 2)
