"""A log of deals whose names and notes are as awkward as texts get, and one of them erased."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from procdef import Actor, Engine, StepRefused
from procdef.log.chain import event_hash

Exporter = Callable[..., tuple[Path, dict[str, Any]]]

PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {company: {type: text, personal: false}, email: {type: email}, amount: {type: money}}
deal: {value: amount, assign_by: seller}
lost: {reasons: {price: Too dear}, note: required, reopen: {by: manager, within: 30 days}}
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
    required_actions:
      approve: {title: Approve, by: manager, decision: true, voided_by: [amount]}
    exit_criteria: {enough: {check: amount >= 100, message: Too small, waivable_by: manager}}
    next: delivery
    back: [lead]
  delivery: {title: Delivery, owner: seller, outcome: won}
"""
SELLER, MANAGER = Actor("=maija", frozenset({"seller"})), Actor("päällikkö", frozenset({"manager", "seller"}))
TYPIST = Actor("typist", auth="os", behalf=SELLER)
AWKWARD = [
    "=1+1", "+358", "-1", "@SUM(A1)", 'Anna "Öljy" <a&b>', "Zürich; \u4f60\u597d, \U0001f600", "'quoted'",
]  # fmt: skip
NOTES = [
    "Börje: one\nline\r\nand another", '=HYPERLINK("http://x.example")', "]]> <!-- & &amp; -->",
    "\ufffe not XML", "\u00e4" * 5000, "",
]  # fmt: skip
ACTIVITIES = {
    "start", "record", "lead.research", "advance to offer", "offer.approve: rejected", "offer.approve: approved",
    "voided: offer.approve", "waive offer.enough", "refused: advance", "back to lead", "lost", "reopen", "assign",
    "note", "note: call", "advance to delivery", "won", "finish", "erased",
}  # fmt: skip


class Clock:
    """A wall clock that moves a minute and a microsecond at every look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1, microseconds=1)
        return self.now


def tell(engine: Engine) -> None:
    """Every activity, once at least."""
    for name in AWKWARD:
        engine.start("small", name, by=SELLER, values={"email": "anna@a.example"})
        for text in filter(None, NOTES):
            engine.note(name, text, by=SELLER)
    deal = AWKWARD[0]
    engine.note(deal, "rang", by=TYPIST, kind="call")
    engine.do(deal, "research", by=SELLER, values={"company": "=Öljy"})
    engine.advance(deal, by=SELLER)
    engine.record(deal, {"amount": "7"}, by=SELLER)
    engine.do(deal, "approve", by=MANAGER, decision="reject", note="No")
    engine.do(deal, "approve", by=MANAGER, decision="approve")
    engine.record(deal, {"amount": "8"}, by=SELLER)
    with pytest.raises(StepRefused):
        engine.advance(deal, by=SELLER)
    engine.do(deal, "approve", by=MANAGER, decision="approve")
    engine.waive(deal, "enough", by=MANAGER, reason="Anna is a friend")
    engine.back(deal, "lead", by=SELLER, reason="again")
    engine.lose(deal, "price", by=SELLER, note="gone")
    engine.reopen(deal, by=MANAGER, reason="back")
    engine.assign(deal, "@matti", by=SELLER)
    engine.advance(deal, by=SELLER)
    engine.waive(deal, "enough", by=MANAGER, reason="Anna is a friend")
    engine.do(deal, "approve", by=MANAGER, decision="approve")
    engine.advance(deal, by=SELLER)
    engine.finish(deal, by=SELLER)
    with pytest.raises(StepRefused):
        engine.start("small", "Clara", by=SELLER, stage="offer")


def erase(file: Path, name: str) -> None:
    """Take a deal's name and notes away; its last note becomes the event that tells of it."""
    with closing(sqlite3.connect(file)) as log, log:
        ((stream, last),) = log.execute("SELECT stream, n FROM deal WHERE key = ?", (name,))
        log.execute("DELETE FROM private WHERE stream = ? AND path IN ('/key', '/text')", (stream,))
        log.execute("UPDATE deal SET key = stream WHERE stream = ?", (stream,))
        ((body,),) = log.execute("SELECT body FROM event WHERE stream = ? AND n = ?", (stream, last))
        leaves = [[stream, 1, "/key"], *([stream, n, "/text"] for n in range(2, last))]
        event = {**json.loads(body), "type": "privacy.erased", "data": {"basis": "asked", "leaves": leaves}}
        del event["private"]
        text = json.dumps(event, sort_keys=True, separators=(",", ":")).encode()
        changed = (text, event_hash(text), stream, last)
        log.execute("UPDATE event SET type = 'privacy.erased', body = ?, hash = ? WHERE stream = ? AND n = ?", changed)
