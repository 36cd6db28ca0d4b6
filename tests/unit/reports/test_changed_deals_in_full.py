"""What is told of deals by looking only at what changed, against all that is in their way under either version.

Every change of the language in both directions, on deals in every stage of a process that has every construct.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from every_change import CHANGES, changed
from every_construct import PROCESS

from procdef import Actor, Engine
from procdef.changes.comparison import compared
from procdef.deal import Deal
from procdef.decide.context import Context
from procdef.decide.under_new_version import NewVersion
from procdef.decide.what_clashes import unread
from procdef.engine.queries import awake
from procdef.language import load_source
from procdef.log.event import instant, timestamp
from procdef.model import ProcessDefinition
from procdef.store import MemoryStore
from procdef.store.queries import Deals

SELLER, MANAGER = Actor("maija", {"seller"}), Actor("jaana", {"manager"})
KNOWN = {"company": "Acme", "score": 70}
LATER = {"meeting": "2026-05-01T10:00Z", "until": "2026-06-01", "size": "big", "people": [{"name": "Ann", "role": "user"}]}
COLD = Actor("someone")


def deals(definition: ProcessDefinition) -> list[Deal]:
    """One in each stage, with much and with little filled in, with things done and things open."""
    engine = Engine(MemoryStore())
    engine.publish(definition, by=MANAGER)
    for key in ("BARE", "KNOWN", "OFFER", "PRICED", "PARKED"):
        engine.start(definition.id, key, by=SELLER)
    for key in ("KNOWN", "OFFER", "PRICED", "PARKED"):
        engine.do(key, "research", by=SELLER, values=KNOWN)
        engine.record(key, LATER, by=SELLER)
    engine.do("KNOWN", "call", by=SELLER, way="video", evidence="spoke")
    for key in ("OFFER", "PRICED", "PARKED"):
        engine.advance(key, "offer", by=SELLER)
    for key, discount in (("PRICED", "12"), ("PARKED", "20")):
        engine.do(key, "quote", by=SELLER, values={"price": "900", "discount": discount})
    engine.do("PRICED", "approve", by=MANAGER, decision="approve")
    engine.advance("PARKED", "parked", by=MANAGER, reason="later")
    with engine.store.transaction(write=False) as tx:
        return [awake(tx, row) for row in tx.scan(Deals())]


@dataclass
class InFull:
    """All that is in the way of a deal under one version, without looking at what changed."""

    definition: ProcessDefinition
    deal: Deal
    now: datetime

    def __post_init__(self) -> None:
        self.context = Context(self.definition, self.deal, COLD, timestamp(self.now))

    def actions(self, stage: str) -> Iterator[tuple[str, str]]:
        if stage in self.definition.stages:
            for action in self.definition.stages[stage].required_actions.values():
                status = self.context.status(action)
                if status in ("open", "unknown"):
                    yield action.path, status

    def gates(self) -> Iterator[tuple[str, str]]:
        if self.deal.stage not in self.definition.stages:
            return
        stage = self.definition.stages[self.deal.stage]
        criteria = [*stage.exit_criteria.values()]
        for target, way in stage.next.items():
            if way.when is None or self.context.truth(way.when) is not False:
                criteria += self.definition.stages[target].entry_criteria.values()
        yield from ((each.path, outcome) for each in criteria if (outcome := self.context.judge(each)) != "met")

    def every_criterion(self) -> set[tuple[str, str]]:
        criteria = self.definition.criteria.values()
        return {(each.path, each.side) for each in criteria if self.context.judge(each) != "met"}


@pytest.fixture(scope="module")
def old() -> tuple[ProcessDefinition, list[Deal]]:
    definition = load_source(PROCESS.encode(), "old")
    return definition, deals(definition)


@pytest.mark.parametrize("change", CHANGES, ids=lambda row: f"{row[0]}: {row[4]}")
def test_what_is_told_is_all_that_is_new(change: tuple[str, ...], old: tuple[ProcessDefinition, list[Deal]]) -> None:
    before, found = old
    after = load_source(changed(change[1], change[2]).encode(), "new")
    version = NewVersion(before, after, compared(before, after))
    for deal in found:
        now = instant(deal.latest) + timedelta(days=12)
        outlook = version.outlook(deal, now)
        kept = {name: value for name, value in deal.values.items() if name not in unread(outlook.answers)}
        then, since = InFull(before, deal, now), InFull(after, deal._replace(values=kept), now)
        stages = (deal.stage, *deal.passed)
        open_before = {path for stage in stages for path, _ in then.actions(stage)}
        unmet_before = then.every_criterion()
        sides = {path: each.side for path, each in after.criteria.items()}
        new_work = {each for each in since.actions(deal.stage) if each[0] not in open_before} if (
            deal.stage in before.stages
        ) else set()
        new_work |= {each for each in since.gates() if (each[0], sides[each[0]]) not in unmet_before}
        behind = {each for stage in deal.passed for each in since.actions(stage) if each[0] not in open_before}
        assert {(each.id, each.status) for each in outlook.new_work} == new_work
        assert {(each.id, each.status) for each in outlook.behind} == behind
        assert version.touches(deal.stage) or outlook.as_it_is
