"""Forecasts of random logs against a second, slow one, which reads the events of every deal and counts one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from procdef import Actor, Engine, StepRefused, open_store
from procdef.language import load_source
from procdef.reports.forecast import forecast

PROCESS = """\
procdef: 1
id: p
version: 1
title: P
languages: [en]
currency: EUR
calendar: {timezone: Europe/Helsinki}
roles: {seller: {title: Seller}}
fields: {price: {type: money}, until: {type: date}}
deal: {value: price, close: until, correct_by: seller}
lost: {reasons: {price: Too dear}, reopen: {by: seller, within: always}}
stages:
  lead: {title: Lead, start: true, probability: 15, next: [talk, parked]}
  parked: {title: Parked, forecast: omitted, next: talk}
  talk: {title: Talk, start: true, next: [offer, won], back: lead}
  offer: {title: Offer, probability: 55, forecast: commit, next: won, back: [lead, talk]}
  won: {title: Won, outcome: won, next: delivery}
  delivery: {title: Delivery}
"""
DECLARED = {"lead": 0.15, "parked": None, "talk": None, "offer": 0.55}
ZONE = ZoneInfo("Europe/Helsinki")
BEGIN, DAYS = datetime(2023, 3, 1, tzinfo=UTC), 500
MAIJA = Actor("maija", roles={"seller"}, auth="app")


def played(engine: Engine, clock: list[datetime], seed: int, deals: int) -> None:
    """Steps of many deals at random times; what is refused is left."""
    random = Random(seed)
    quick = random.choice([4, 12, 40])
    due = [(BEGIN + timedelta(days=DAYS * random.random()), f"D-{number}", True) for number in range(deals)]
    while due:
        due.sort()
        moment, name, new = due.pop(0)
        if moment > BEGIN + timedelta(days=DAYS):
            continue
        clock[0] = moment
        with suppress(StepRefused):
            _step(engine, random, name, new)
        after = moment + timedelta(days=random.expovariate(1 / quick))
        if random.random() < 0.15:  # at the very moment at which forecasts stand
            (after,) = _midnights(after, 1)
        due.append((after, name, False))


def _values(random: Random) -> dict[str, object]:
    values: dict[str, object] = {}
    if random.random() < 0.7:
        values["price"] = f"{random.choice([10, 500, 500, 1200, 9000])}.{random.randrange(100):02}"
    if random.random() < 0.3:
        values["until"] = f"{(BEGIN + timedelta(days=(DAYS + 60) * random.random())).date()}"
    return values


def _step(engine: Engine, random: Random, name: str, new: bool) -> None:
    if new:
        engine.start("p", name, by=MAIJA, stage=random.choice(["lead", "lead", "talk"]), values=_values(random))
        return
    deal, chosen = engine.deal(name), random.random()
    if deal.mode == "lost":
        if chosen < 0.2:
            engine.reopen(name, by=MAIJA, reason="They called")
    elif chosen < 0.12:
        engine.lose(name, "price", by=MAIJA)
    elif chosen < 0.3:
        engine.record(name, _values(random), by=MAIJA)
    elif chosen < 0.36 and deal.stage in ("talk", "offer"):
        engine.back(name, random.choice(["lead", "talk"]), by=MAIJA, reason="Again")
    elif deal.stage == "delivery":
        engine.finish(name, by=MAIJA)
    else:
        ways = {"lead": ["talk", "talk", "parked"], "parked": ["talk"], "talk": ["offer", "offer", "won"], "offer": ["won"]}
        engine.advance(name, random.choice(ways.get(deal.stage, ["delivery"])), by=MAIJA)


@dataclass
class Stay:
    stage: str
    entered: datetime
    left: datetime | None = None


@dataclass
class Deal:
    """A deal as its events before a moment say."""

    started: datetime
    start: str
    stays: list[Stay] = field(default_factory=list)
    won: datetime | None = None
    lost: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    lead: list[Stay] = field(default_factory=list)

    @property
    def decided(self) -> bool:
        return self.lost or self.won is not None

    @property
    def is_won(self) -> bool:
        return not self.lost and self.won is not None

    @property
    def before_win(self) -> list[Stay]:
        return [stay for stay in self.stays if stay.stage not in ("won", "delivery")]


Told = list[tuple[datetime, str, dict[str, Any]]]


def told(engine: Engine, count: int) -> list[Told]:
    found = []
    for number in range(count):
        events = engine.events(f"D-{number}") if any(row.name == f"D-{number}" for row in engine.deals()) else []
        found.append([(event.happened or event.at, event.type, event["data"]) for event in events])
    return found


def known(logs: Sequence[Told], moment: datetime) -> list[Deal]:
    return [deal for log in logs if (deal := folded(event for event in log if event[0] < moment))]


def folded(events: Iterator[tuple[datetime, str, dict[str, Any]]]) -> Deal | None:
    deal: Deal | None = None
    for time, kind, data in events:
        if kind == "deal.started":
            deal = Deal(time, data["stage"], [Stay(data["stage"], time)], values=dict(data["values"]))
        assert deal is not None
        if kind in ("stage.advanced", "stage.returned"):
            deal.stays[-1].left = time
            deal.stays.append(Stay(data["to"], time))
        elif kind == "deal.won":
            deal.won = time
        elif kind == "deal.lost":
            deal.lost, deal.stays[-1].left = True, time
        elif kind == "deal.reopened":
            deal.lost = False
            deal.stays.append(Stay(deal.stays[-1].stage, time))
        elif kind == "deal.recorded":
            for name in data["changed"]:
                deal.values.pop(name, None)
            deal.values |= {name: value for name, value in data["values"].items() if name in data["changed"]}
    return deal


def mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


class Slow:
    """The forecast at a moment for the months that end at these moments."""

    def __init__(self, logs: Sequence[Told], moment: datetime, ends: Sequence[datetime], first: datetime) -> None:
        self.moment, self.limits, self.first = moment, [moment, *ends], first
        self.deals = known(logs, moment)
        self.open = [deal for deal in self.deals if not deal.decided]
        self.decided = [deal for deal in self.deals if deal.decided]
        self.rate = mean([deal.is_won for deal in self.decided]) if self.decided else None
        recent = self._won_values(_back(moment, 12))
        self.worth = mean(recent if len(recent) >= 20 else self._won_values(datetime(1, 1, 2, tzinfo=UTC)))

    def _won_values(self, since: datetime) -> list[float]:
        won = [deal for deal in self.deals if deal.is_won and deal.won and deal.won >= since]
        return [float(deal.values["price"]) for deal in won if "price" in deal.values]

    def been(self, stage: str) -> list[Deal]:
        return [deal for deal in self.decided if any(stay.stage == stage for stay in deal.before_win)]

    def chance(self, stage: str, *, declared: bool = False) -> float | None:
        said = DECLARED[stage]
        if declared:
            return said
        prior = self.rate if said is None else said
        been = self.been(stage)
        return None if prior is None else (sum(deal.is_won for deal in been) + 10 * prior) / (len(been) + 10)

    def visits(self, stage: str) -> list[tuple[int, int]]:
        """Length and way, in whole days."""
        return [
            ((stay.left - stay.entered).days, (deal.won - stay.entered).days)
            for deal in self.decided
            if deal.is_won and deal.won
            for stay in deal.before_win
            if stay.stage == stage and stay.left
        ]

    def month(self, left: float) -> int | None:
        """The month in which a win in so many days falls."""
        ends = [(end - self.moment) / timedelta(days=1) for end in self.limits[1:]]
        return next((place for place, end in enumerate(ends) if left < end), None)

    def shares(self, deal: Deal) -> dict[int | None, float] | None:
        """How likely the win of a deal falls into each month, if it is won."""
        until = deal.values.get("until")
        if until is not None and until >= f"{self.moment.astimezone(ZONE).date()}":
            day = datetime.fromisoformat(until).replace(tzinfo=ZONE, hour=23)
            return {next((place for place, end in enumerate(self.limits[1:]) if day < end), None): 1.0}
        stay = deal.stays[-1]
        age, visits = (self.moment - stay.entered).days, self.visits(stay.stage)
        if not visits:
            return None
        like = [way - age for length, way in visits if length >= age]
        left = like if len(visits) >= 20 else [way for _, way in visits]
        if not left:
            return None
        shares: dict[int | None, float] = {}
        for days in left:
            month = self.month(days)
            shares[month] = shares.get(month, 0) + 1 / len(left)
        return shares

    def open_in(self, month: int, *, declared: bool = False) -> tuple[float, float]:
        deals = value = 0.0
        for deal in self.open:
            stage = deal.stays[-1].stage
            chance, shares = self.chance(stage, declared=declared), self.shares(deal)
            if stage != "parked" and shares is not None:
                likely = (chance or 0) * shares.get(month, 0)
                deals += likely
                value += likely * float(deal.values.get("price", self.worth))
        return deals, value

    def new_in(self, month: int, *, declared: bool = False) -> float | None:
        """Wins of new deals, of which one starts every hundredth of a day at the rate of the half year before."""
        begin = max(_back(self.moment, 6), self.first)
        days = (self.moment - begin) / timedelta(days=1)
        if days < 30:
            return None
        total = 0.0
        for stage in ("lead", "talk"):
            count = sum(deal.start == stage and deal.started >= _back(self.moment, 6) for deal in self.deals)
            chance, visits = self.chance(stage, declared=declared), self.visits(stage)
            if chance and visits and count:
                low, high = ((limit - self.moment) / timedelta(days=1) for limit in self.limits[month : month + 2])
                fit = [max(0.0, high - way) - max(0.0, low - way) for _, way in visits]
                total += count / days * chance * mean(fit)
        return total

    def won_between(self, since: datetime, until: datetime) -> tuple[int, float]:
        won = [deal for deal in self.deals if deal.is_won and deal.won and since <= deal.won < until]
        return len(won), sum(float(deal.values.get("price", 0)) for deal in won)


def _back(moment: datetime, months: int) -> datetime:
    local = moment.astimezone(ZONE).replace(tzinfo=None)
    year, month = divmod(local.year * 12 + local.month - 1 - months, 12)
    return local.replace(year=year, month=month + 1).replace(tzinfo=ZONE).astimezone(UTC)


def _midnights(first: datetime, count: int) -> list[datetime]:
    """The beginnings of so many months behind one, in the zone of the process."""
    local = first.astimezone(ZONE)
    found = []
    for ahead in range(1, count + 1):
        year, month = divmod(local.year * 12 + local.month - 1 + ahead, 12)
        found.append(datetime(year, month + 1, 1, tzinfo=ZONE).astimezone(UTC))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_a_forecast_is_what_counting_one_by_one_comes_to(seed: int) -> None:
    count = [3, 25, 60, 250][seed % 4]
    clock = [BEGIN]
    engine = Engine(open_store("memory:"), lambda: clock[0])
    engine.publish(load_source(PROCESS.encode(), "p.yaml"), by=MAIJA)
    played(engine, clock, seed, count)
    logs = told(engine, count)
    random = Random(seed)
    moment = BEGIN + timedelta(days=DAYS * random.uniform(0.3, 1))
    if seed % 3 == 0:
        moment = _midnights(moment, 1)[0]
    backtest = [9, 0, 2][seed // 3]
    found = forecast(engine, months=3, backtest=backtest, as_of=moment, now=moment)
    first = min((log[0][0] for log in logs if log), default=moment)
    ends = _midnights(moment, len(found.currencies[0].periods))
    slow = Slow(logs, moment, ends, first)
    assert (found.deals, found.decided) == (len(slow.deals), len(slow.decided))
    _compare_stages(found.stages, slow)
    (currency,) = found.currencies
    counted = [deal for deal in slow.open if deal.stays[-1].stage != "parked"]
    assert currency.open == len(counted)
    assert float(currency.value or 0) == pytest.approx(sum(float(deal.values.get("price", 0)) for deal in counted), abs=0.01)
    for place, period in enumerate(currency.periods):
        deals, value = slow.open_in(place)
        new = slow.new_in(place)
        if period.open is not None and period.open.value is not None:
            assert float(period.open.deals.expected) == pytest.approx(deals, abs=0.006)
            assert float(period.open.value.expected) == pytest.approx(value, abs=0.006)
        else:
            assert deals == 0
        if period.with_new is not None and period.with_new.value is not None:
            assert new is not None
            assert float(period.with_new.deals.expected) == pytest.approx(deals + new, abs=0.006)
            assert float(period.with_new.value.expected) == pytest.approx(value + new * slow.worth, abs=0.006)
    _compare_test(currency.back_test.months, logs, moment, first, slow, backtest)


def _compare_stages(found: Sequence[Any], slow: Slow) -> None:
    assert [each.stage for each in found] == list(DECLARED)
    for each in found:
        been, chance, visits = slow.been(each.stage), slow.chance(each.stage), slow.visits(each.stage)
        assert (each.decided, each.won) == (len(been), sum(deal.is_won for deal in been))
        assert (each.chance is None) == (chance is None)
        assert float(each.chance or 0) == pytest.approx(100 * (chance or 0), abs=0.006)
        ways = sorted(way for _, way in visits)
        assert each.times == len(ways)
        assert each.median_days == (ways[ceil(len(ways) / 2) - 1] if ways else None)
        assert each.open == sum(deal.stays[-1].stage == each.stage for deal in slow.open)


def _compare_test(
    months: Sequence[Any], logs: Sequence[Told], moment: datetime, first: datetime, now: Slow, backtest: int
) -> None:
    begins = [begin for begin in _midnights(_back(moment, 11), 11) if _midnights(begin, 1)[0] <= moment]
    begins = begins[len(begins) - backtest :]
    expected = []
    for begin in begins:
        (end,) = _midnights(begin, 1)
        slow = Slow(logs, begin, [end], first)
        if first <= _back(begin, 3) and slow.decided:
            expected.append((f"{begin.astimezone(ZONE):%Y-%m}", slow, begin, end))
    assert [month.month for month in months] == [label for label, *_ in expected]
    for month, (_, slow, begin, end) in zip(months, expected, strict=True):
        for declared in (False, True):
            deals, value = slow.open_in(0, declared=declared)
            new = slow.new_in(0, declared=declared) or 0
            of_deals = month.deals.declared if declared else month.deals.forecast
            of_value = month.value.declared if declared else month.value.forecast
            assert float(of_deals) == pytest.approx(deals + new, abs=0.006)
            assert float(of_value) == pytest.approx(value + new * slow.worth, abs=0.006)
        assert (int(month.deals.actual), float(month.value.actual)) == pytest.approx(now.won_between(begin, end), abs=0.006)
        naive = slow.won_between(_back(begin, 3), begin)
        assert (float(month.deals.naive), float(month.value.naive)) == pytest.approx((naive[0] / 3, naive[1] / 3), abs=0.006)


def test_both_stores_and_every_order_of_streams_give_the_same_forecast(tmp_path: Path) -> None:
    shown = []
    for address in ("memory:", str(tmp_path / "deals.db")):
        clock = [BEGIN]
        engine = Engine(open_store(address), lambda clock=clock: clock[0])
        engine.publish(load_source(PROCESS.encode(), "p.yaml"), by=MAIJA)
        played(engine, clock, 5, 60)
        shown.append(json.dumps(forecast(engine, as_of="2024-06-15").as_dict()))
        engine.store.close()
    assert shown[0] == shown[1]
