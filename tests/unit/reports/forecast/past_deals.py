"""Deals as a forecast reads them, told in a few words: ``deal("lead 01-05 talk 01-20 won 02-10")``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from procdef.language import load_source
from procdef.model import ProcessDefinition
from procdef.reports.forecast.pasts import Change, Past

PROCESS = """\
procdef: 1
id: p
version: 1
title: P
languages: [en]
currency: EUR
roles: {seller: {title: Seller}}
fields: {price: {type: money}, until: {type: date}}
deal: {value: price, close: until}
lost: {reasons: {price: Too dear}}
stages:
  lead: {title: Lead, start: true, owner: seller, probability: 20, next: talk}
  talk: {title: Talk, owner: seller, next: [offer, won]}
  offer: {title: Offer, owner: seller, probability: 50, forecast: commit, next: won}
  won: {title: Won, owner: seller, outcome: won}
"""


class Visit(NamedTuple):
    stage: str
    entered: str
    left_at: str | None
    how: str | None


def at(day: str) -> str:
    """The log's text of noon of a day, ``01-05`` (of 2026) or ``2025-12-24``, or of a time on it, ``01-05T00:00``."""
    date, _, time = day.partition("T")
    return f"{date if len(date) > 5 else f'2026-{date}'}T{time or '12:00'}:00.000000Z"


def deal(story: str, value: str | None = None, close: str | None = None, version: int = 1) -> Past:
    """Stages with the day of entry; ``lost`` with its day ends a visit, and a stage behind that is a reopening."""
    words = story.split()
    pairs = list(zip(words[::2], words[1::2], strict=True))
    visits: list[Visit] = []
    for name, day in pairs:
        if visits and visits[-1].left_at is None:
            visits[-1] = visits[-1]._replace(left_at=at(day), how="lost" if name == "lost" else "advanced")
        if name != "lost":
            visits.append(Visit(name, at(day), None, None))
    started = visits[0].entered
    return Past(version, visits, _held(started, value), _held(started, close))


def _held(since: str, value: str | None) -> Sequence[Change]:
    return () if value is None else (Change(since, value),)


def definition(text: str = PROCESS, **replaced: str) -> ProcessDefinition:
    """The process, with some of its words replaced: ``currency="USD"``."""
    for name, word in replaced.items():
        lines = [f"{name}: {word}" if line.startswith(f"{name}:") else line for line in text.splitlines()]
        text = "\n".join(lines) + "\n"
    return load_source(text.encode(), "p.yaml")
