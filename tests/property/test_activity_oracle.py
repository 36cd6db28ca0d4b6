"""What was done, objected to and put off, against the events of each deal looked through anew, in both stores."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from random_office import PROCESS, Office

from procdef import Engine, open_store
from procdef.reports import asked, deals_behind, report_in
from procdef.reports.behind import counts

STEPS = 400
Event = dict[str, Any]
Deals = list[list[Event]]


def time_of(event: Event) -> datetime:
    return datetime.fromisoformat(event.get("happened", event["at"]))


def outcome(events: list[Event]) -> str:
    kinds = [event["type"] for event in events]
    if "deal.lost" in kinds and "deal.reopened" not in kinds[len(kinds) - kinds[::-1].index("deal.lost") :]:
        return "lost"
    return "won" if "deal.won" in kinds else "open"


def visits(events: list[Event]) -> list[tuple[str, datetime, datetime | None]]:
    found: list[tuple[str, datetime, datetime | None]] = []
    for event in events:
        kind, data = event["type"], event["data"]
        if kind in ("stage.advanced", "stage.returned", "deal.lost", "deal.finished"):
            found[-1] = (*found[-1][:2], time_of(event))
        if kind in ("deal.started", "stage.advanced", "stage.returned", "deal.reopened"):
            stage = data.get("to") or data.get("stage") or found[-1][0]
            found.append((stage, time_of(event), None))
    return found


def held(events: list[Event], field: str) -> list[tuple[datetime, str | None]]:
    """What a field held from when on, where that changed."""
    found = []
    for event in events:
        data = event["data"]
        if event["type"] == "deal.started" and field in data["values"]:
            found.append((time_of(event), data["values"][field]))
        if event["type"] in ("deal.recorded", "deal.corrected") and field in data["changed"]:
            found.append((time_of(event), data["values"].get(field)))
    return found


def activity(deals: Deals, since: datetime, until: datetime) -> Any:
    there = [[event for event in events if since <= time_of(event) < until] for events in deals]
    done = [[e["data"] for e in events if e["type"] == "action.completed"] for events in there]
    notes = [[e["data"].get("kind", "other") for e in events if e["type"] == "deal.noted"] for events in there]
    every = [data for events in done for data in events]
    return {
        "actions": {
            action: {
                "times": sum(data["action"] == action for data in every),
                "deals": sum(any(data["action"] == action for data in events) for events in done),
                "ways": Counter(
                    data.get("decision") or data["way"] for data in every
                    if data["action"] == action and ("way" in data or "decision" in data)
                ),
            }
            for action in {data["action"] for data in every}
        },
        "notes": {
            kind: {"times": sum(each.count(kind) for each in notes), "deals": sum(kind in each for each in notes)}
            for kind in {each for events in notes for each in events}
        },
    }  # fmt: skip


def objections(deals: Deals, since: datetime, until: datetime) -> Any:
    def met(events: list[Event]) -> int:
        return sum(
            e["type"] == "deal.noted" and "objection" in e["data"] and since <= time_of(e) < until for e in events
        )

    def was_there(events: list[Event]) -> bool:
        return met(events) > 0 or any(
            stage == "offer" and entered < until and (left is None or left >= since) for stage, entered, left in visits(events)
        )

    def decided(some: Deals) -> tuple[int, int, int]:
        outcomes = [outcome(events) for events in some]
        return len(some), len(some) - outcomes.count("open"), outcomes.count("won")

    there = [events for events in deals if was_there(events)]
    who = [events for events in deals if met(events)]
    return {"dear": (sum(map(met, deals)), decided(who), decided(there))} if there else {}


def was_open(events: list[Event], until: datetime) -> bool:
    known = [event for event in events if time_of(event) < until and event["type"] != "deal.noted"]
    return bool(known) and outcome(known) == "open"


def slippage(deals: Deals, since: datetime, until: datetime) -> Any:
    late, closing_days, times, values = [], 0, 0, Counter[str]()
    for events in deals:
        won = next((time_of(e) for e in events if e["type"] == "deal.won"), None)
        won_in_it = outcome(events) == "won" and won is not None and since <= won < until
        if not won_in_it and not was_open(events, until):
            continue
        days = [datetime.fromisoformat(day) for when, day in held(events, "close") if day is not None and when < until]
        moved = [(now - before).days for before, now in pairwise(days) if now > before]
        closing_days += bool(days)
        times += len(moved)
        late += [sum(moved)] if moved else []
        offered = next((time_of(e) for e in events if "milestone" in e["data"]), None)
        if offered is not None and offered < until:
            prices = [(when, price) for when, price in held(events, "price") if when < until]
            then = [price for when, price in prices if when <= offered]
            if then and then[-1] is not None and prices[-1][1] is not None:
                change = float(prices[-1][1]) - float(then[-1])
                values["deals"] += 1
                values["up"] += change > 0
                values["down"] += change < 0
    return (closing_days, len(late), times, float(median(late)) if late else None), values


@pytest.mark.parametrize("seed", range(4))
def test_activities_are_what_the_events_come_to(seed: int, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'log.db'}?synchronous=NORMAL" if seed % 2 else "memory:"
    with closing(open_store(address)) as store:
        office = Office(store, 100 + seed, PROCESS.replace("MEASURES", ""))
        begin = office.now
        for _ in range(STEPS):
            office.step()
        length = office.now - begin
        spans = [(begin - timedelta(days=1), office.now + timedelta(days=1)), (begin + length / 4, begin + length * 2 / 3)]
        for since, until in spans:
            compare(office.engine, office.names, since, until, office.now + timedelta(days=2))


def compare(engine: Engine, names: list[str], since: datetime, until: datetime, now: datetime) -> None:
    deals: Deals = [list(engine.events(name)) for name in names]
    what = asked(engine, since=since, until=until, now=now)
    with engine.store.transaction(write=False) as tx:
        found = report_in(tx, what)
        known = [name for name in counts(found) if name.split(".")[0] in ("activity", "objections", "slippage")]
        for name in known:
            behind = list(deals_behind(tx, what, found, name))
            assert (name, sum(deal.times for deal in behind)) == (name, counts(found)[name].number)
    assert found.activity is not None
    assert found.objections is not None
    assert found.slippage is not None
    assert found.activity.as_dict() == activity(deals, since, until)
    told = {
        name: (each.times, *((of.deals, of.closed, of.won) for of in (each.met, each.beside)))
        for name, each in found.objections.items()
    }
    assert told == objections(deals, since, until)
    close, value = found.slippage.close, found.slippage.value
    days, values = slippage(deals, since, until)
    assert (close.deals, close.later, close.times, close.days.median_days) == days
    assert (value.deals, value.up, value.down) == (values["deals"], values["up"], values["down"])
