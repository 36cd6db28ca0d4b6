"""Two versions of a process, a plan between them, and an office with deals of the first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from procdef import Actor, Engine, MigratedDeal
from procdef.language import load_source
from procdef.store import Store
from procdef.verification import Tally, verify

FIRST = """
procdef: 1
id: sale
version: 1
title: Sale
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, boss: {title: Boss}}
fields:
  budget: {type: money}
  fax: {type: text, personal: false}
  mail: {type: email}
  size: {type: choice, options: {big: Big, small: Small}}
  close: {type: date}
  contacts: {type: list, items: {name: {type: text}, seats: {type: integer}}}
deal: {value: budget, close: close, correct_by: boss, assign_by: boss}
lost: {reasons: {price: Price}, reopen: {by: boss, within: always}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {call: {title: Call, records: [budget]}}
    exit_criteria: {known: {require: [mail], waivable_by: boss}}
    next: negotiation
  negotiation:
    title: Negotiation
    owner: seller
    sla: {within: 5 days}
    required_actions:
      send_terms: {title: Send terms, sla: {within: 2 days}}
      approve: {title: Approve, decision: true, by: boss, four_eyes: true, voided_by: [budget]}
    exit_criteria: {enough: {check: budget > 100, waivable_by: boss}}
    next: won
    back: [lead]
  won: {title: Won, outcome: won, owner: seller}
"""
_CHANGES = (
    ("version: 1", "version: 2"),
    ("negotiation", "closing"),
    ("Negotiation", "Closing"),
    ("send_terms: {title: Send terms, sla: {within: 2 days}}", "send_offer: {title: Send offer, sla: {within: 1 days}}"),
    ("budget", "offer_value"),
    ("fax: {type: text, personal: false}", "region: {type: text, personal: false}"),
    ("mail: {type: email}", "address: {type: email}"),
    ("[mail]", "[address]"),
    ("contacts", "people"),
    ("within: 5 days", "within: 3 days"),
)


def changed(text: str, *changes: tuple[str, str]) -> str:
    """The text with all of these changes, each of which must change something."""
    for was, now in changes:
        assert was in text, was
        text = text.replace(was, now)
    return text


SECOND = changed(FIRST, *_CHANGES)
PLAN: dict[str, Any] = {
    "procdef-plan": 1,
    "process": "sale",
    "from": 1,
    "to": 2,
    "stages": {"negotiation": "closing"},
    "fields": {"budget": "offer_value", "fax": None, "mail": "address", "contacts": "people"},
    "actions": {"negotiation.send_terms": "closing.send_offer"},
    "set": {"region": "unknown"},
}
BACK: dict[str, Any] = {
    "procdef-plan": 1,
    "process": "sale",
    "from": 2,
    "to": 1,
    "stages": {"closing": "negotiation"},
    "fields": {"offer_value": "budget", "address": "mail", "people": "contacts", "region": None},
    "actions": {"closing.send_offer": "negotiation.send_terms"},
}
SELLER = Actor("maija", frozenset({"seller"}))
BOSS = Actor("jaana", frozenset({"boss"}))
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Office:
    """An engine whose clock moves on by a minute at every look; both versions may be published."""

    def __init__(self, store: Store, *versions: str) -> None:
        self.now, self.store = START, store
        self.engine = Engine(store, clock=self.clock)
        for text in versions or (FIRST,):
            self.publish(text)

    def clock(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def publish(self, text: str) -> None:
        self.engine.publish(load_source(text.encode(), "sale.yaml"), by=SELLER)

    def lead(self, name: str, **values: object) -> None:
        self.engine.start("sale", name, by=SELLER, values=values)

    def negotiated(self, name: str, **values: object) -> None:
        """A deal in negotiation, with its terms sent and approved."""
        engine = self.engine
        self.lead(name, **{"budget": "1000", "mail": f"{name.lower()}@x.example", **values})
        engine.do(name, "call", by=SELLER)
        engine.advance(name, by=SELLER)
        engine.do(name, "send_terms", by=SELLER)
        engine.do(name, "approve", by=BOSS, decision="approve")

    def migrate(
        self, plan: Mapping[str, Any] | None = PLAN, to: int = 2, apply: bool = True, **more: Any
    ) -> list[MigratedDeal]:
        return list(self.engine.migrate("sale", to=to, plan=plan, apply=apply, by=BOSS, **more))

    def findings(self) -> list[Any]:
        with self.store.inspect() as tx:
            return list(verify(tx, Tally()))


def why(found: list[MigratedDeal]) -> dict[str, list[tuple[str, str, str]]]:
    """Why deals stay where they are."""
    stay = [deal for deal in found if deal.status == "refused"]
    return {deal.deal: [(each.what, each.id, each.why) for each in deal.against] for deal in stay}
