"""``python -m benchmarks.ticks``: a tick over a great many open deals of which few are due, beside a loop that reads all."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from procdef import Actor, Deals, Engine, load, open_store

PROCESS = """procdef: 1
id: promises
version: 1
title: Promises
languages: [en]
currency: EUR
calendar: {timezone: Europe/Helsinki, holidays: FI, hours: {mon-fri: "09:00-17:00"}}
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {promised: {type: datetime, title: Promised}, price: {type: money, title: Price}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    sla: {until: promised, remind: [2 business days, 1 hour], escalate_to: manager}
    required_actions:
      send: {title: Send the offer, milestone: offer, sla: {within: 30 business days, remind: 5 business days}}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""
BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = BEGAN + timedelta(days=10)
SELLER = Actor("maija", {"seller"})


def steps(deals: int, due: int) -> Iterator[dict[str, Any]]:
    """The starts of so many deals; ``due`` of them, spread over all, were promised before ``NOW``."""
    for number in range(deals):
        past = due and number % (deals // due) == 0 and number // (deals // due) < due
        promised = NOW - timedelta(hours=1) if past else NOW + timedelta(days=300, minutes=number)
        values = {"promised": promised.isoformat(), "price": "5000"}
        yield {
            "by": f"seller-{number % 100}", "roles": ["seller"], "deal": f"D-{number:07}", "do": "start", "values": values,
            "happened": BEGAN.isoformat(),
        }  # fmt: skip


def reading_all(engine: Engine, now: str, told: set[tuple[str, str]]) -> int:
    """What somebody does who has no tick: read every open deal, and note in a set of their own what they told."""
    found = 0
    for row in engine.deals(Deals(outcome="open")):
        if row.due is not None and row.due <= now and (row.stream, row.due) not in told:
            told.add((row.stream, row.due))
            found += 1
    return found


def main() -> None:
    """Print what each took."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--deals", type=int, default=100_000)
    ask.add_argument("--due", type=int, default=500)
    asked = ask.parse_args()
    clock = [BEGAN]
    with tempfile.TemporaryDirectory(prefix="procdef-ticks-") as folder:
        file = Path(folder) / "promises.yaml"
        file.write_text(PROCESS, "utf-8")
        store = open_store(Path(folder) / "deals.db")
        engine = Engine(store, lambda: clock[0])
        began = perf_counter()
        applied = sum(each.status == "applied" for each in engine.run(load(file), steps(asked.deals, asked.due), by=SELLER))
        print(f"{applied} deals started in {perf_counter() - began:.1f} s")
        clock[0] = NOW
        for name in ("the first tick", "a tick that finds nothing"):
            began = perf_counter()
            told = len([*engine.tick(by=SELLER)])
            print(f"{name}: {told} told in {perf_counter() - began:.3f} s")
        began = perf_counter()
        found = reading_all(engine, NOW.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), set())
        print(f"reading all open deals: {found} found in {perf_counter() - began:.3f} s")
        began = perf_counter()
        print(f"the agenda: {len(engine.agenda())} items in {perf_counter() - began:.3f} s")
        store.close()


if __name__ == "__main__":
    main()
