"""Reports against an oracle that knows events only, on random deals of random processes, in both stores."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import engine_bench
import pytest
from engine_bench import Bench
from oracle.processes import Process
from oracle.processes import draw_process as drawn
from oracle.reported import ALWAYS, Told, grouped, losses, main, plain, refusals, stages, waivers

from procdef import Engine, open_store
from procdef.reports import asked, counted, deals_behind, report_in
from procdef.reports.behind import counts
from procdef.reports.history import History, histories
from procdef.reports.report import Report
from procdef.reports.sections import fields_of
from procdef.reports.standing import settled_in

SEEDS, STEPS = 40, 70
GROUPS: dict[str, Callable[[Told], Iterable[str]]] = {
    "owner": lambda deal: [deal.owner],
    "stage": lambda deal: [deal.stage],
    "kind": lambda deal: [deal.values.get("kind", "(none)")],
    "ready": lambda deal: [str(deal.values.get("ready", "(none)")).lower()],
    "tags": lambda deal: deal.values.get("tags", ["(none)"]),
    "met": lambda deal: [deal.values.get("met", "(none)")[:7]],
    "name": lambda deal: [deal.values.get("name", "(none)")],
    "rate": lambda deal: [band(deal.values.get("rate"))],
}
BANDS = (5, 16)


def band(value: str | None) -> str:
    """The band of a discount."""
    if value is None:
        return "(none)"
    return "below 5" if float(value) < 5 else "5 to 16" if float(value) < 16 else "16 and up"


@pytest.fixture
def valued(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes whose deals have a value, and which have a calendar."""

    def draw(choose: Any) -> Process:
        process = drawn(choose)
        process.document["deal"] = {**process.document.get("deal", {}), "value": "amount"}
        process.document["calendar"] = {"timezone": "UTC"}
        return process

    monkeypatch.setattr(engine_bench, "draw_process", draw)


def close(expected: Any, found: Any, where: str = "") -> list[str]:
    """Where the two differ by more than rounding."""
    if isinstance(expected, dict):
        missing = [f"{where}: {sorted(expected)} {sorted(found)}"] if {*expected} - {*found} else []
        return missing + [line for key in {*expected} & {*found} for line in close(expected[key], found[key], f"{where}.{key}")]
    if expected is None or found is None:
        return [] if expected is found else [f"{where}: {expected} {found}"]
    return [] if abs(float(expected) - float(found)) < 0.011 else [f"{where}: {expected} {found}"]


def tell(engine: Engine, bench: Bench) -> list[Told]:
    """The deals by their events; values and owners as the oracle of the engine has them."""
    found = []
    for name, deal in bench.deals.items():
        due = engine.deal(name).due
        moment = None if due is None else datetime.fromisoformat(due)
        found.append(Told(engine.events(name), deal["values"], deal["owner"], moment))
    return found


@pytest.mark.usefixtures("valued")
@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_figure_is_what_the_events_come_to(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    stores = [open_store("memory:"), open_store(f"sqlite:///{tmp_path / 'deals.db'}?synchronous=NORMAL")]
    bench = Bench(chance.choice, stores)
    begin = bench.now
    for _ in range(STEPS):
        bench.step()
    now = bench.now + timedelta(days=chance.choice([0, 1, 5]))
    span = chance.choice([ALWAYS, *[tuple(sorted(begin + chance.random() * (now - begin) for _ in range(2)))] * 3])
    since, until = (None if moment in ALWAYS else moment for moment in span)
    by = chance.choice([*GROUPS])
    reports = []
    for engine in bench.engines:
        what = asked(
            engine, since=since, until=until, by=by, bands=BANDS if by == "rate" else (), idle_days=2, now=now
        )
        with engine.store.transaction(write=False) as tx:
            reports.append(report_in(tx, what))
        deals = tell(engine, bench)
        compare(reports[-1], deals, span, now, by)
    assert reports[0] == reports[1]
    for store in stores:
        store.close()


def compare(report: Report, deals: list[Told], span: Any, now: datetime, by: str) -> None:
    """Every part of the report."""
    shown = report.as_dict()
    expected = {
        **main(deals, span, now),
        "stages": stages(deals, span, now, shown["stages"]),
        "losses": losses(deals, span),
        "refusals": refusals(deals, span),
        "waivers": waivers(deals, span),
        "groups": grouped(deals, span, now, GROUPS[by]),
    }
    assert close(plain(expected), shown) == []
    for part in ("losses", "waivers", "groups"):
        assert {*shown[part]} == {*expected[part]}
    assert {item for item, each in shown["refusals"].items() if each["times"]} == {*expected["refusals"]}


@pytest.mark.usefixtures("valued")
@pytest.mark.parametrize("by", [*GROUPS, "month", "version"])
def test_every_count_opens_to_the_deals_that_it_counts(by: str) -> None:
    bench = Bench(random.Random(7).choice, [open_store("memory:")])
    for _ in range(250):
        bench.step()
    (engine,) = bench.engines
    middle = datetime(2026, 3, 12, tzinfo=bench.now.tzinfo)
    for more in ({}, {"since": middle, "until": bench.now - timedelta(days=1)}):
        what = asked(engine, by=by, now=bench.now, idle_days=2, **more)  # type: ignore[arg-type]
        with engine.store.transaction(write=False) as tx:
            report = report_in(tx, what)
            known = counts(report)
            assert len(known) > 150
            for name, counted in known.items():
                behind = list(deals_behind(tx, what, report, name))
                starts = name.startswith("refusals.") and name.endswith(".starts")
                assert (name, sum(deal.times for deal in behind)) == (name, 0 if starts else counted.number)
                assert len({deal.deal for deal in behind}) == len(behind)
                if counted.keys[-1] in ("deals", "started", "won", "lost", "open", "overdue") and counted.keys[0] != "stages":
                    assert {deal.times for deal in behind} <= {1}


@pytest.mark.usefixtures("valued")
@pytest.mark.parametrize("by", [*GROUPS, "month", "version", "amount"])
def test_parts_of_the_deals_that_are_counted_apart_come_to_the_whole(by: str) -> None:
    chance = random.Random(11)
    bench = Bench(chance.choice, [open_store("memory:")])
    for _ in range(250):
        bench.step()
    (engine,) = bench.engines
    what = asked(engine, by=by, now=bench.now, idle_days=2, since=bench.now - timedelta(days=60))
    with engine.store.transaction(write=False) as tx:
        what = settled_in(tx, what)
        found = list(histories(tx, what.scope.newest.id, fields_of(what.scope, what.by)))
    others = [(each.deal.owner, each.deal.amount, each.deal.values) for each in found]
    rows = []
    for number in range(40):  # the same deals again, in the hands of others and worth what others are
        (owner, amount, values), each = chance.choice(others), chance.choice(found)
        deal = each.deal._replace(stream=f"deal:{number}", owner=owner, amount=amount, values=values)
        rows.append(each._replace(deal=deal))
    parts: list[list[History]] = [[], [], []]
    for row in rows:
        chance.choice(parts).append(row)
    first, *more = (counted(part, what) for part in parts)
    for other in more:
        first.merge(pickle.loads(pickle.dumps(other)))  # as one that another process has counted
    assert first.report() == counted(rows, what).report()
