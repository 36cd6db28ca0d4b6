"""Deals made by hand, as reports are counted from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from procdef import load
from procdef.reports.asked import Asked
from procdef.reports.figures.groups import Grouping, settled
from procdef.reports.history import History
from procdef.reports.report import Report
from procdef.reports.scope import Scope, scope_of
from procdef.reports.sections import Sections, fields_of
from procdef.store.rows import DealFactsRow, GateRow, StayRow

PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: EUR
calendar: {timezone: Europe/Helsinki, holidays: FI}
roles: {seller: {title: Seller}}
fields:
  company: {type: text, personal: false}
  price: {type: money}
  discount: {type: percent}
  seats: {type: integer}
  source: {type: choice, options: [fair, web]}
deal: {value: price}
lost: {reasons: {price: Too dear, no_need: No need}}
goals: {hit_rate: 30, won_value: {amount: 1000, per: month}, new_deals: {count: 4, per: month}}
measures: {seats: {field: seats, aggregate: sum}, mean_price: {field: price, aggregate: mean, over: closed}}
stages:
  lead: {title: Lead, start: true, owner: seller, required_actions: {call: {title: Call}}, next: offer}
  offer: {title: Offer, owner: seller, optional_actions: {send: {title: Send, milestone: offer}}, next: won, back: [lead]}
  won: {title: Won, owner: seller, outcome: won}
"""
NOW = "2026-04-01T00:00:00.000000Z"


def at(day: str) -> str:
    """Noon (UTC) of a day of 2026, ``03-15``."""
    return f"2026-{day}T12:00:00.000000Z"


def scope(text: str = PROCESS, **more: Any) -> Scope:
    """All time, or what is given, as it stands on the first of April."""
    return replace(scope_of([load(text)], NOW), **more)


def deal(started: str = "01-05", outcome: str = "open", decided: str | None = None, **more: Any) -> DealFactsRow:
    """A deal that started at noon of a day, and was won or lost at that of another."""
    moment = None if decided is None else at(decided)
    facts: dict[str, Any] = {
        "stream": "deal:1", "version": 1, "stage": "lead", "mode": "lost" if outcome == "lost" else "open",
        "outcome": outcome, "owner": "maija", "started": at(started), "entered": at(started), "due": None, "amount": None,
        "expected": None, "offered": None, "won": moment if outcome == "won" else None,
        "lost": moment if outcome == "lost" else None, "finished": None, "reason": "price" if outcome == "lost" else None,
        "active": at(started), "values": (None,) * 4,
    }  # fmt: skip
    return DealFactsRow(**(facts | more))


def stay(k: int, stage: str, entered: str, left: str | None = None, how: str | None = None) -> StayRow:
    """A visit from noon to noon."""
    return StayRow("deal:1", k, stage, at(entered), None if left is None else at(left), how, None)


def gate(k: int, day: str, item: str = "lead.call", result: str = "unmet", code: str = "action-open") -> GateRow:
    """Something that stood in the way of an advance from the lead, or was waived for it."""
    return GateRow("deal:1", k, k, "small", 1, "lead", at(day), "advance", item, code, result)


def history(of: DealFactsRow, *rows: StayRow | GateRow) -> History:
    """The deal with its visits and what stood in its way."""
    return History(
        of, [row for row in rows if isinstance(row, StayRow)], [row for row in rows if isinstance(row, GateRow)]
    )


def report(*histories: History, by: Grouping | None = None, of: Scope | None = None) -> Report:
    """The report over these deals."""
    if by is not None and by.unsettled and by.field is not None:
        place = fields_of(of or scope(), by).index(by.field)
        by = settled(by, [each.deal.values[place] for each in histories])
    sections = Sections(*Asked(of or scope(), by))
    for each in histories:
        sections.add(each)
    return sections.report()
