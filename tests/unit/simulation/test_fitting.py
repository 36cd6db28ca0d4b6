"""What is fitted to a log is what was counted in it by hand, with how often it was seen, and nothing personal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import fmean

import pytest

from procdef import Actor, Engine, open_store
from procdef.errors import InvalidArgument, UnknownProcess
from procdef.language import load
from procdef.simulation.assumptions.defaults import defaults
from procdef.simulation.assumptions.distributions import Constant
from procdef.simulation.assumptions.explained import Explained
from procdef.simulation.assumptions.fitting.arrivals import fitted_arrivals
from procdef.simulation.assumptions.fitting.fitted import fitted
from procdef.simulation.assumptions.fitting.observed import Observed
from procdef.simulation.assumptions.fitting.samples import Seen, condensed
from procdef.simulation.assumptions.model import Arrivals, Assumptions
from procdef.simulation.assumptions.reading import read_assumptions
from procdef.simulation.assumptions.writing import written_assumptions
from procdef.simulation.counting import RunFigures
from procdef.store.queries import Stays

SHOP = load("""\
procdef: 1
id: shop
version: 1
title: Shop
languages: [en]
currency: EUR
calendar: {timezone: Europe/Helsinki, hours: {mon-fri: "09:00-17:00"}}
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  name: {type: text}
  size: {type: integer, min: 1, max: 500}
  price: {type: money, min: 0}
  keen: {type: boolean}
  salary: {type: money, personal: true}
  source: {type: choice, options: [fair, web]}
deal: {value: price}
lost: {reasons: {no_need: No need, silent: Silent}}
stages:
  talk:
    title: Talk
    start: true
    owner: seller
    required_actions:
      call: {title: Call, ways: {phone: Phone, mail: Mail}, records: [name, size, keen, source, salary]}
    optional_actions:
      visit: {title: Visit}
    next: offer
  offer:
    title: Offer
    owner: seller
    exit_criteria:
      keen_enough: {check: keen, waivable_by: manager}
    required_actions:
      send: {title: Send}
      approve: {title: Approve, decision: true, by: manager}
    next: sold
    back: [talk]
  sold: {title: Sold, owner: seller, outcome: won}
""")
SELLERS = [Actor(name, frozenset({"seller"})) for name in ("maija", "pekka", "liisa")]
MANAGER = Actor("jaana", frozenset({"manager"}))
DEALS = 80


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 7, 30, tzinfo=UTC)  # a Monday, 9:30 in Helsinki

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Each working day a deal; of four, one is lost in `talk` after an hour, one in `offer`, and two are won."""
    clock = Clock()
    with open_store("memory:") as store:
        engine = Engine(store, clock=clock)
        engine.publish(SHOP, by=MANAGER)
        for number in range(DEALS):
            clock.now = datetime(2026, 1, 5, 7, 30, tzinfo=UTC) + timedelta(days=7 * (number // 5) + number % 5)
            _deal(engine, clock, number)
        yield engine


def _deal(engine: Engine, clock: Clock, number: int) -> None:
    key, seller = f"D-{number}", SELLERS[number % 3]
    engine.start("shop", key, by=seller, values={})
    clock.now += timedelta(hours=1)
    if number % 4 == 0:
        engine.lose(key, "no_need", by=seller)
        return
    values = {"name": f"Customer {number}", "size": 10 + number % 4, "keen": number % 4 != 2, "salary": 999_999,
              "source": "web" if number % 4 == 1 else "fair"}  # fmt: skip
    engine.do(key, "call", by=seller, way="phone" if number % 8 < 4 else "mail", values=values)
    clock.now += timedelta(hours=1)
    engine.advance(key, by=seller)
    clock.now += timedelta(hours=3)
    engine.do(key, "send", by=seller)
    if number % 4 == 1:
        engine.lose(key, "silent", by=seller)
        return
    engine.do(key, "approve", by=MANAGER, decision="reject", note="Too cheap")
    engine.do(key, "approve", by=MANAGER, decision="approve")
    engine.record(key, {"price": 1000 * (number % 4)}, by=seller)
    if number % 4 == 2:
        engine.waive(key, "keen_enough", reason="Strategic", by=MANAGER)
    engine.advance(key, by=seller)


@pytest.fixture(scope="module")
def found(engine: Engine) -> Explained:
    return fitted(engine, SHOP)


def test_chances_are_what_was_counted(found: Explained) -> None:
    of = found.assumptions
    talk, offer = of.stages["talk"], of.stages["offer"]
    assert (talk.lost, offer.lost) == (0.25, pytest.approx(1 / 3, abs=1e-4))
    assert talk.reasons is not None
    assert offer.reasons is not None
    assert (talk.reasons.share("no_need"), offer.reasons.share("silent")) == (1, 1)
    assert offer.back == {"talk": 0}
    assert offer.waived == {"keen_enough": 1}
    assert offer.records == ("price",)
    assert of.actions["offer.approve"].approved == 0.5
    ways = of.actions["talk.call"].ways
    assert ways is not None
    assert ways.share("phone") == 0.5
    assert of.actions["talk.visit"].done == 0
    assert found.notes["stages", "talk", "lost"].startswith(
        "20 of 80 that left it; 20 seen: half within 1 business hour"
    )
    assert found.notes["actions", "offer.approve", "approved"] == "40 of 80 decisions"


def test_lengths_are_those_of_working_time_less_the_work(found: Explained) -> None:
    of = found.assumptions
    assert of.stages["talk"].lost_after is not None
    assert of.stages["talk"].lost_after.business
    assert of.stages["talk"].lost_after.seconds == Constant(3600.0)
    assert of.stages["talk"].wait.seconds == Constant(3600.0)
    send = of.actions["offer.send"]
    assert send.wait.seconds.mean + send.work.seconds.mean == pytest.approx(3 * 3600, abs=600)
    assert of.actions["offer.approve"].wait.seconds == Constant(0.0)


def test_values_are_those_of_the_deals_and_none_of_them_is_personal(found: Explained) -> None:
    of = found.assumptions
    assert of.values["size"].source.mean == pytest.approx(12, abs=0.2)
    assert of.values["price"].source.mean == pytest.approx(2500, rel=0.01)
    assert of.values["keen"].source.share(True) == pytest.approx(2 / 3, abs=0.01)
    assert of.values["source"].source.share("web") == pytest.approx(1 / 3, abs=0.01)
    assert of.together is not None
    assert of.together.fields == ("size", "price", "keen", "source")
    assert len(of.together.rows) == 60
    assert all(price is None or 1000 * (size - 10) == price for size, price, *_ in of.together.rows)
    text = written_assumptions(SHOP, "shop.yaml", found)
    assert "999999" not in text
    assert "Customer 7" not in text
    assert of.values["salary"] == defaults(SHOP).assumptions.values["salary"]


def test_an_option_called_like_a_number_stays_an_option_and_half_of_the_numbers_are_half() -> None:
    shop = load(SHOP.source.decode().replace("web", "nan"))
    with open_store("memory:") as store:
        engine = Engine(store, clock=Clock())
        engine.publish(shop, by=MANAGER)
        for number in range(1, 21):
            engine.start("shop", f"D-{number}", by=SELLERS[0], values={})
            values = {"name": "A", "size": number, "keen": True, "salary": 1, "source": "nan"}
            engine.do(f"D-{number}", "call", by=SELLERS[0], way="phone", values=values)
        found = fitted(engine, shop)
    assert found.assumptions.together is not None
    assert {row[-1] for row in found.assumptions.together.rows} == {"nan"}
    assert found.notes["values", "size"].endswith(": half up to 10, nine of ten up to 18")
    text = written_assumptions(shop, "shop.yaml", found)
    assert read_assumptions(text.encode(), "shop.assume.yaml", process=shop).findings == ()


def test_what_is_recorded_without_an_action_is_not_taken_for_empty(found: Explained) -> None:
    assert found.assumptions.values["price"].empty == 0
    assert found.assumptions.values["size"].empty == 0
    assert "price" not in found.assumptions.arrivals["talk"].knows


def test_a_month_is_a_season_only_where_it_was_so_each_time() -> None:
    seen = Observed(business=False, first=datetime(2024, 1, 1, tzinfo=UTC), last=datetime(2026, 12, 31, tzinfo=UTC))
    for year in (2024, 2025, 2026):
        for month in range(1, 13):
            seen.arrivals["talk"][year, month] = 10 if month == 7 else 150 if (year, month) == (2025, 3) else 50
    of = fitted_arrivals(seen, {"talk": Arrivals(20.0)}, SHOP.calendar, 20)[0]["talk"]
    assert of.months == {7: 10}
    assert of.per_month == pytest.approx((50 * 32 + 150) / 33, abs=0.1)


def test_arrivals_and_people_are_those_of_the_log(found: Explained) -> None:
    of = found.assumptions.arrivals["talk"]
    assert of.per_month == pytest.approx(DEALS / (110 / 30.4), rel=0.05)
    assert found.assumptions.people["seller"].number == 3
    assert found.notes["people", "manager"].startswith("a guess")
    assert found.about[0] == "Fitted to 80 deals of shop, 2026-01-05 to 2026-04-24; 80 closed."


def test_what_was_seen_too_seldom_is_the_default_and_says_so(found: Explained) -> None:
    base = defaults(SHOP).assumptions
    assert found.assumptions.stages["sold"] == base.stages["sold"]
    assert found.notes["stages", "sold", "wait"].startswith("default, as it was never seen")
    assert found.assumptions.actions["talk.call"].work == base.actions["talk.call"].work
    assert "a log does not tell" in found.notes["actions", "talk.call", "work"]


def test_the_file_is_read_back_the_same(found: Explained) -> None:
    file = read_assumptions(written_assumptions(SHOP, "shop.yaml", found).encode(), "shop.assume.yaml", process=SHOP)
    assert [one.message for one in file.findings] == []
    assert file.assumptions == found.assumptions


def test_a_log_without_deals_of_the_process_tells_nothing() -> None:
    with open_store("memory:") as store:
        engine = Engine(store)
        with pytest.raises(UnknownProcess, match="shop"):
            fitted(engine, SHOP)
        engine.publish(SHOP, by=MANAGER)
        with pytest.raises(
            InvalidArgument, match="there is no deal of shop in this log, so nothing can be fitted to it"
        ):
            fitted(engine, SHOP)
        engine.start("shop", "D-1", by=SELLERS[0], values={})
        found = fitted(engine, SHOP)
    assert "No deal is closed yet" in found.about[-1]
    assert found.assumptions.stages["talk"].lost == defaults(SHOP).assumptions.stages["talk"].lost
    assert found.notes["stages", "talk", "lost"].startswith("default, as it was never seen")


def test_samples_keep_their_mean_and_their_size() -> None:
    random, seen = Random(4), Seen[float]("x", 500)
    numbers = [random.expovariate(1 / 60) for _ in range(5000)]
    for number in numbers:
        seen.add(number)
    assert (seen.count, len(seen.kept)) == (5000, 500)
    assert fmean(seen.kept) == pytest.approx(fmean(numbers), rel=0.15)
    assert fmean(condensed(seen.kept, 20)) == pytest.approx(fmean(seen.kept))
    assert len(condensed([3.0], 20)) == 1


def test_shipped_assumptions_are_sound() -> None:
    folder = Path(__file__).parents[3] / "processes"
    files = sorted(folder.glob("*.assume.yaml"))
    assert {file.name for file in files} >= {"b2b-sales.assume.yaml", "saas-inbound.assume.yaml"}
    for file in files:
        assert [one.message for one in read_assumptions(file).findings] == []


KNOWN = """\
procdef-assumptions: 1
process: shop.yaml
arrivals: {talk: {per_month: 24}}
people: {seller: {number: 4}, manager: {number: 3}}
stages:
  talk:
    wait: {low: 1 business hour, likely: 4 business hours, high: 2 business days}
    lost:
      chance: 30 %
      reasons: {no_need: 3, silent: 1}
      after: {low: 1 business hour, likely: 1 business day, high: 3 business days}
  offer:
    wait: {low: 0 business hours, likely: 4 business hours, high: 5 business days}
    lost: {chance: 40 %, reasons: {no_need: 1, silent: 4}}
    back: {talk: 8 %}
    waived: {keen_enough: 60 %}
    records: [price]
  sold: {wait: 1 business hour}
actions:
  talk.call: {wait: {low: 1 business hour, likely: 1 business day, high: 4 business days}, ways: {phone: 70, mail: 30}}
  talk.visit: {wait: 1 business hour, done: 25 %}
  offer.send: {wait: {low: 2 business hours, likely: 3 business days, high: 9 business days}}
  offer.approve: {approved: 80 %}
values:
  size: {median: 40, factor: 2}
  price: {low: 2000, likely: 8000, high: 30000}
  keen: 80 %
  source: {choice: {fair: 40, web: 60}}
"""  # fmt: skip


@pytest.fixture(scope="module")
def simulated_and_fitted() -> tuple[Explained, Assumptions, RunFigures]:
    pytest.importorskip("simpy")
    from procdef.simulation.simulate import Simulation, SimulationPlan

    known = read_assumptions(KNOWN.encode(), "shop.assume.yaml", process=SHOP).assumptions
    assert known is not None
    with open_store("memory:") as store:
        figures = Simulation(SHOP, known, SimulationPlan(months=36, seed=3, warm_up=0)).run(1, store)
        return fitted(Engine(store), SHOP), known, figures


def near(found: float, known: float, seen: int) -> bool:
    """Whether a share that was found lies within three standard errors of the one that is known."""
    return abs(found - known) <= 3 * (max(known * (1 - known), 0.01) / seen) ** 0.5


def test_known_assumptions_come_back_from_a_log_that_they_made(
    simulated_and_fitted: tuple[Explained, Assumptions, RunFigures],
) -> None:
    explained, known, _ = simulated_and_fitted
    found = explained.assumptions
    assert found.arrivals["talk"].per_month == pytest.approx(24, rel=0.12)
    for stage, visits in (("talk", 500), ("offer", 300)):
        of, due = found.stages[stage], known.stages[stage]
        assert near(of.lost, due.lost, visits), stage
        assert of.reasons is not None
        assert due.reasons is not None
        assert near(of.reasons.share("silent"), due.reasons.share("silent"), 100), stage
        assert of.wait.seconds.mean == pytest.approx(due.wait.seconds.mean, rel=0.2), stage
        assert of.wait.business
    assert near(found.stages["offer"].back["talk"], 0.08, 150)
    assert near(found.stages["offer"].waived["keen_enough"], 0.6, 30)
    assert found.stages["offer"].records == ("price",)
    talk = found.stages["talk"].lost_after
    assert talk is not None
    assert talk.seconds.mean == pytest.approx(1.2 * 8 * 3600, rel=0.2)
    for path in ("talk.call", "offer.send"):
        assert found.actions[path].wait.seconds.mean == pytest.approx(
            known.actions[path].wait.seconds.mean, rel=0.15
        ), path
    assert near(found.actions["talk.visit"].done, 0.25, 350)
    assert near(found.actions["offer.approve"].approved, 0.8, 300)
    ways = found.actions["talk.call"].ways
    assert ways is not None
    assert near(ways.share("phone"), 0.7, 450)
    size, price = found.values["size"].source, found.values["price"].source
    assert size is not None
    assert price is not None
    assert size.mean == pytest.approx(known.values["size"].source.mean, rel=0.15)
    assert size.spread == pytest.approx(known.values["size"].source.spread, rel=0.3)
    assert price.mean == pytest.approx(known.values["price"].source.mean, rel=0.12)


def test_what_is_fitted_gives_the_figures_of_the_log_within_its_ranges(
    simulated_and_fitted: tuple[Explained, Assumptions, RunFigures],
) -> None:
    from procdef.simulation.simulate import SimulationPlan, simulated

    explained, _, figures = simulated_and_fitted
    found = simulated(SHOP, explained.assumptions, SimulationPlan(months=6, runs=10, seed=11, warm_up=1)).figures
    log, months = figures.report.main, 36
    won, value = log.deals.won / months, float(log.money["EUR"].won_value) / months
    cycle, rate = log.cycle.median_days, log.win_rate.percent
    assert cycle is not None
    assert rate is not None
    for name, known, range_ in (
        ("won deals", won, found.won_deals), ("won value", value, found.won_value),
        ("cycle", cycle, found.cycle_days), ("win rate", float(rate), found.win_rate),
        ("started", log.deals.started / months, found.started),
    ):  # fmt: skip
        assert range_ is not None, name
        assert float(range_.percentile_10) <= known <= float(range_.percentile_90), (name, known, range_)


def test_deals_that_nobody_carries_on_stay_open_and_are_found_in_their_log() -> None:
    pytest.importorskip("simpy")
    from procdef.simulation.simulate import Simulation, SimulationPlan

    text = "stages: {talk: {wait: 1 hour, lost: 20 %, stalled: 40 %}}\nactions: {talk.call: {wait: 1 hour}}\n"
    source = f"procdef-assumptions: 1\nprocess: shop.yaml\n{text}".encode()
    known = read_assumptions(source, "x", process=SHOP).assumptions
    assert known is not None
    with open_store("memory:") as store:
        figures = Simulation(SHOP, known, SimulationPlan(deals=150, seed=1)).run(1, store)
        found = fitted(Engine(store), SHOP)
    assert near(figures.open / 150, 0.4, 150)
    assert near(found.assumptions.stages["talk"].stalled, 0.4, 150)
    assert found.assumptions.stages["offer"].stalled == 0
    assert "stalled: " in written_assumptions(SHOP, "shop.yaml", found)


def test_a_deal_that_is_lost_after_a_while_waits_for_it_though_nothing_is_left_to_do() -> None:
    pytest.importorskip("simpy")
    from procdef.simulation.simulate import Simulation, SimulationPlan

    text = (
        "stages: {talk: {wait: 0 hours, lost: {chance: 100 %, after: 30 days}}}\nactions: {talk.call: {wait: 1 hour}}\n"
    )
    known = read_assumptions(
        f"procdef-assumptions: 1\nprocess: shop.yaml\n{text}".encode(), "x", process=SHOP
    ).assumptions
    assert known is not None
    with open_store("memory:") as store:
        Simulation(SHOP, known, SimulationPlan(deals=12, seed=1)).run(1, store)
        with store.transaction(write=False) as tx:
            stays = list(tx.scan(Stays()))
    lengths = [datetime.fromisoformat(str(stay.left_at)) - datetime.fromisoformat(stay.entered) for stay in stays]
    assert [stay.how for stay in stays] == ["lost"] * 12
    assert all(abs(length - timedelta(days=30)) < timedelta(seconds=1) for length in lengths)
