"""``python -m benchmarks.migrations``: open deals taken over to another version in batches, beside one transaction a deal."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from procdef import Actor, Engine, load, open_store

PROCESS = """procdef: 1
id: renewals
version: 1
title: Renewals
languages: [en]
currency: EUR
calendar: {timezone: Europe/Helsinki, holidays: FI, hours: {mon-fri: "09:00-17:00"}}
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {price: {type: money, title: Price}, contact: {type: email, title: Contact}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    sla: {within: 30 business days, remind: 5 business days}
    required_actions:
      send: {title: Send the offer, records: price}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""
RENAMED = {"version: 1": "version: 2", "  offer:": "  proposal:", "send:": "send_offer:", "price": "offer_value"}
PLAN = {
    "procdef-plan": 1,
    "process": "renewals",
    "from": [1],
    "to": 2,
    "stages": {"offer": "proposal"},
    "fields": {"price": "offer_value"},
    "actions": {"offer.send": "proposal.send_offer"},
}
BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)
SELLER, MANAGER = Actor("maija", {"seller"}), Actor("jaana", {"manager"})


def steps(deals: int) -> Iterator[dict[str, Any]]:
    """The starts of so many deals, of which each has sent its offer."""
    for number in range(deals):
        who = {"by": f"seller-{number % 100}", "roles": ["seller"], "deal": f"D-{number:07}", "happened": BEGAN.isoformat()}
        yield who | {"do": "start", "values": {"contact": f"someone{number}@customer.example"}}
        yield who | {"do": "do", "action": "send", "values": {"price": str(1000 + number)}}


def taken_over(folder: Path, deals: int, batch: int) -> float:
    """Deals a second, of a log made for it."""
    clock = [BEGAN]
    first, second = folder / "first.yaml", folder / "second.yaml"
    first.write_text(PROCESS, "utf-8")
    text = PROCESS
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    second.write_text(text, "utf-8")
    with open_store(folder / f"deals-{batch}.db") as store:
        engine = Engine(store, lambda: clock[0])
        assert all(each.status == "applied" for each in engine.run(load(first), steps(deals), by=SELLER))
        engine.publish(load(second), by=MANAGER)
        clock[0] += timedelta(days=1)
        began = perf_counter()
        moved = [*engine.migrate("renewals", to=2, by=MANAGER, plan=PLAN, apply=True, batch=batch)]
        took = perf_counter() - began
        assert all(each.status == "migrated" for each in moved), next(each for each in moved if each.status != "migrated")
    return deals / took


def main() -> None:
    """Print how many deals a second each way takes over."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--deals", type=int, default=5_000)
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="procdef-migrations-") as name:
        many = taken_over(Path(name), asked.deals, 500)
        print(f"500 deals in a transaction: {many:,.0f} deals a second")
        one = taken_over(Path(name), asked.deals, 1)
        print(f"one deal in a transaction: {one:,.0f} deals a second, {many / one:.1f} times as long")


if __name__ == "__main__":
    main()
