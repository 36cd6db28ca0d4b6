"""An honest log in a SQLite file: deals of two processes, won, lost, returned, waived, refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procdef import Actor, Engine, StepRefused, load, open_store

CRM = Path(__file__).parents[2] / "processes" / "crm-opportunities.yaml"
SMALL = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {company: {type: text, personal: false}, email: {type: email}, amount: {type: money}}
deal: {value: amount}
lost: {reasons: {price: Too dear}, reopen: {by: manager, within: 30 days}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {research: {title: Research, records: [company]}}
    next: offer
  offer:
    title: Offer
    owner: seller
    entry_criteria: {reachable: {require: [email], waivable_by: manager}}
    required_actions: {price: {title: Price, records: [amount], evidence: note, voided_by: [amount]}}
    exit_criteria: {enough: {check: amount >= 100, waivable_by: manager}}
    next: delivery
    back: [lead]
  delivery: {title: Delivery, owner: seller, outcome: won, required_actions: {deliver: {title: Deliver}}}
"""
SELLER, MANAGER = Actor("maija", frozenset({"seller"})), Actor("jaana", frozenset({"manager"}))


class Clock:
    """A wall clock that moves a minute at every look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def refused(step: Callable[..., object], *given: object, **named: object) -> None:
    with pytest.raises(StepRefused):
        step(*given, **named)


def small_deal(engine: Engine, name: str, luck: int) -> None:
    """A deal of the small process; ``luck`` says how far it comes."""
    engine.start(
        "small", name, by=SELLER, values={"email": f"{name}@b.example"} if luck % 3 else {}, request=f"r{name}"
    )
    refused(engine.advance, name, by=SELLER)
    engine.do(name, "research", by=SELLER, values={"company": f"Company of {name}"})
    if luck % 3 == 0:
        refused(engine.advance, name, by=SELLER, request="early")
        engine.waive(name, "reachable", by=MANAGER, reason="met at the fair")
    engine.advance(name, by=SELLER)
    engine.do(name, "price", by=SELLER, values={"amount": str(50 + luck * 20)}, evidence=f"told {name} on the phone")
    if luck % 5 == 1:
        engine.lose(name, "price", by=SELLER)
        engine.reopen(name, by=MANAGER, reason="they called back")
    if luck % 5 == 2:
        engine.back(name, "lead", by=SELLER, reason="another company")
        return
    if 50 + luck * 20 < 100:
        refused(engine.advance, name, by=SELLER)
        engine.waive(name, "enough", by=MANAGER, reason="a small one")
    engine.advance(name, by=SELLER)
    if luck % 2:
        engine.do(name, "deliver", by=SELLER, note="left at the gate")
        engine.finish(name, by=SELLER)


def crm_deal(engine: Engine, name: str, luck: int) -> None:
    """A deal of the shipped process."""
    engine.start("crm-opportunities", name, by=SELLER, values={"product": "GTX"})
    refused(engine.advance, name, by=SELLER)
    engine.record(name, {"account": f"Account {luck}", "close_value": str(luck * 100)}, by=SELLER)
    engine.advance(name, by=SELLER)
    engine.note(name, f"call number {luck}", by=SELLER, kind="call")
    if luck % 2:
        engine.advance(name, by=SELLER)
    else:
        engine.lose(name, "unknown", by=SELLER)


def make_log(folder: Path) -> Path:
    """The file of an honest log of 32 deals, made in the folder."""
    source, file = folder / "small.yaml", folder / "deals.db"
    source.write_text(SMALL, "utf-8")
    store = open_store(f"sqlite:///{file}?synchronous=NORMAL")
    engine = Engine(store, clock=Clock())
    engine.publish(load(source), by=MANAGER)
    engine.publish(load(CRM), by=MANAGER)
    refused(engine.start, "small", "Nobody", by=MANAGER)
    for luck in range(16):
        small_deal(engine, f"S{luck}", luck)
        crm_deal(engine, f"C{luck}", luck)
    store.close()
    return file
