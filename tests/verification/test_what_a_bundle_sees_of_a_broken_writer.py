"""Migrations, timers, completions and directories that a broken writer tells otherwise than they were.

``verify`` finds each, and the verifier of bundles each that can be seen without the definition.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from broken_writer import codes_of
from small_story import DEFINITION, MANAGER, NEXT_VERSION, PLAN, SELLER, SteadyClock, fresh

from procdef import Engine
from procdef.audit.bundle.gathering import gather
from procdef.audit.bundle.verify_bundle import verify
from procdef.decide import timers, within_stage
from procdef.decide.migration import Migration, Move
from procdef.engine import projected_rows
from procdef.events.types import BY_NAME, deal_migrated
from procdef.language import load_source
from procdef.log.event import Data, Entry

Change = Callable[[Data], Data]


def put(**more: Any) -> Change:
    return lambda data: {key: value for key, value in (data | more).items() if value is not None}


def also(key: str, **more: Any) -> Change:
    return lambda data: data | {key: {**data.get(key, {}), **more}}


def both(*changes: Change) -> Change:
    def change(data: Data) -> Data:
        for each in changes:
            data = each(data)
        return data

    return change


def found(story: Callable[[Engine], object]) -> tuple[set[str], list[str]]:
    """What ``verify`` finds of a log, and what its bundle's verifier finds of the deal D."""
    store, engine = fresh()
    story(engine)
    codes = codes_of(store)
    with store.transaction(write=False) as tx:
        return codes, verify(gather(tx, "D").members()).wrong


# ---------------------------------------------------------------------------------------------------------------- migrations


def migrated(engine: Engine) -> None:
    """A deal in the offer stage with a bit of everything, which goes over."""
    values = {"company": "E", "email": "eva@e.example", "amount": "20", "small": True, "close": "2026-06-30"}
    engine.publish(DEFINITION, by=MANAGER)
    engine.start("small", "D", by=SELLER, stage="lead", values=values)
    engine.do("D", "research", by=SELLER, evidence="Read about them")
    engine.advance("D", by=SELLER)
    engine.do("D", "price", by=SELLER)
    engine.waive("D", "enough", by=MANAGER, reason="Eva is a friend")
    engine.publish(NEXT_VERSION, by=MANAGER)
    plan = {key: value for key, value in PLAN.items() if key != "void"}
    assert [each.status for each in engine.migrate("small", to=4, plan=plan, apply=True, by=MANAGER)] == ["migrated"]


def _without_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer never works out when to look at a deal next, which it could not do by a time that is none."""
    monkeypatch.setattr(projected_rows, "deadlines", lambda *_: timers.NOTHING)


def with_migration(change: Change, monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], list[str]]:
    real, times = Migration.decide, 0

    def decide(self: Any, *given: Any, **named: Any) -> Any:
        nonlocal times
        verdict = real(self, *given, **named)
        assert isinstance(verdict, Move)
        data = change(dict(verdict.entry.data))
        times += data != verdict.entry.data
        pointers = [each for each in verdict.entry.private if each.split("/")[2] in data["values"]]
        return verdict._replace(entry=deal_migrated.EVENT.entry(data, pointers))

    monkeypatch.setattr(Migration, "decide", decide)
    _without_clock(monkeypatch)
    told = found(migrated)
    assert times, "nothing was broken"
    return told


REPLACED = both(also("fields", amount=None), also("values", amount="7000"))
"""The value of a field dropped, and another set under its id, which a plan may say."""
UNSET = ["amount", "email", "small"]
MIGRATIONS: dict[str, tuple[Change, set[str], bool]] = {
    "a completion kept under another value": (REPLACED, {"illegal"}, False),
    "a completion kept though what voids it is dropped": (
        both(also("fields", amount=None), put(unset=UNSET, waived=None)), {"illegal"}, False,
    ),
    "a waiver kept under another value": (both(REPLACED, put(voided=["offer.price"])), {"illegal"}, False),
    "a value dropped and set anew, told as unset": (
        both(REPLACED, put(unset=UNSET, voided=["offer.price"], waived=None)), {"illegal"}, True,
    ),
    "a value of nobody's plan told as unset": (put(unset=["close", "email", "small"]), {"illegal"}, True),
    "a due time that is none": (put(due="soon"), {"illegal"}, True),
    "a due time in another form": (put(due="2026-03-09"), {"illegal"}, True),
    "a due time of no calendar": (put(due="2026-02-30T08:00:00.000000Z"), {"illegal"}, True),
    "a due time of an action that is none": (put(dues={"offer.price": "soon"}), {"illegal"}, True),
    "a due time of another stage's action": (
        also("dues", **{"prospect.research": "2026-05-01T00:00:00.000000Z"}), {"illegal"}, True,
    ),
    "due times that are none": (put(dues={}), {"unreadable"}, True),
    "two fields under one id": (also("fields", company="mail"), {"illegal"}, True),
    "two actions under one id": (
        put(actions={"lead.research": "prospect.research", "offer.price": "prospect.research"}), {"illegal"}, True,
    ),
    "a completion that ends twice": (put(voided=["offer.price", "offer.price"]), {"illegal"}, True),
    "a path that comes twice by a stage": (put(path=["prospect", "offer", "prospect", "offer"]), {"illegal"}, True),
    "a plan without a hash": (put(plan="1"), {"illegal", "unreadable"}, True),
}  # fmt: skip


@pytest.mark.parametrize("what", MIGRATIONS)
def test_a_migration_that_says_what_no_plan_can_is_found(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change, codes, seen = MIGRATIONS[what]
    told, wrong = with_migration(change, monkeypatch)
    assert (bool(told & codes), bool(wrong)) == (True, seen), (told, wrong)


def test_a_value_dropped_and_set_anew_with_all_that_follows_is_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    told, wrong = with_migration(both(REPLACED, put(voided=["offer.price"], waived=None)), monkeypatch)
    assert (told, wrong) == ({"deal-differs"}, [])  # the writer does not know when to look at the deal next


# -------------------------------------------------------------------------------------------------------------------- timers


def timed(engine: Engine) -> None:
    """A deal of which a reminder, that it is overdue and that it goes before others are told, and which goes on."""
    engine.publish(DEFINITION, by=MANAGER)
    engine.start("small", "D", by=SELLER, stage="lead", values={"company": "E", "email": "eva@e.example"})
    clock = engine._clock
    assert isinstance(clock, SteadyClock)
    for days in (2, 2):
        clock.now += timedelta(days=days)
        assert all(each.problem is None for each in engine.tick(by=MANAGER))
    engine.note("D", "The end", by=SELLER)


def with_timers(kind: str, change: Change, monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], list[str]]:
    real, times = timers.Timer.entry, 0

    def entry(self: Any) -> Entry:
        nonlocal times
        told = real(self)
        if told.type != f"timer.{kind}":
            return told
        times += 1
        data = change(dict(told.data))
        return BY_NAME[f"timer.{data.pop('kind', kind)}"].entry(data)

    monkeypatch.setattr(timers.Timer, "entry", entry)
    told = found(timed)
    assert times, "nothing was broken"
    return told


TIMERS: dict[str, tuple[str, Change, bool]] = {
    "overdue by another due time": ("overdue", put(due="2026-03-03T08:00:00.000000Z"), True),
    "overdue by a time that is none": ("overdue", put(due="2026"), True),
    "overdue in another stage": ("overdue", put(of="offer"), True),
    "overdue, of an action that has no due time": ("overdue", put(of="lead.research"), True),
    "a reminder of another due time": ("reminded", put(due="2026-03-09T08:00:00.000000Z"), True),
    "a reminder of so long before as nobody asked": ("reminded", put(before="2 days"), False),
    "a reminder in another form": ("reminded", put(before="01 day"), True),
    "escalated to others": ("escalated", put(to=["seller"]), False),
    "escalated to nobody": ("escalated", put(to=[]), True),
    "escalated twice to one": ("escalated", put(to=["manager", "manager"]), True),
    "escalated by another due time": ("escalated", put(due="2026-03-04T08:00:00.000000Z"), True),
    "told as escalated, of what is only overdue": ("overdue", put(kind="escalated", to=["manager"]), True),
}


@pytest.mark.parametrize("what", TIMERS)
def test_a_timer_that_tells_what_is_not_so_is_found(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind, change, seen = TIMERS[what]
    told, wrong = with_timers(kind, change, monkeypatch)
    assert (bool(told & {"illegal", "unreadable"}), bool(wrong)) == (True, seen), (told, wrong)


# --------------------------------------------------------------------------------------------------------------- completions

TABLE = load_source(b"""
procdef: 1
id: small
version: 1
title: Small
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {discount: {type: percent}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    required_actions:
      approve:
        title: Approve
        decision: true
        by: [{when: discount <= 10 %, roles: manager}, {roles: [manager, seller]}]
        valid_for: 5 days
        voided_by: [discount]
      plain: {title: Plain}
    next: won
  won: {title: Won, outcome: won, owner: seller}
""", "small.yaml")


def approved(engine: Engine) -> None:
    """A deal in which something that lapses was approved by a row of a table, and something else was done."""
    engine.publish(TABLE, by=MANAGER)
    engine.start("small", "D", by=SELLER, values={"discount": "5"})
    engine.do("D", "approve", decision="approve", by=MANAGER)
    engine.do("D", "plain", by=SELLER)
    engine.note("D", "The end", by=SELLER)


COMPLETIONS: dict[str, tuple[str, Change, bool]] = {
    "no row": ("offer.approve", put(row=None), True),
    "another row than the facts tell": ("offer.approve", put(row=2), True),
    "a row that no table has": ("offer.approve", put(row=3), True),
    "row 0": ("offer.approve", put(row=0), True),
    "a row without a table": ("offer.plain", put(row=1), True),
    "counted for ever": ("offer.approve", put(until=None), False),
    "lapsed before it was given": ("offer.approve", put(until="2026-03-01T08:00:00.000000Z"), True),
    "counted until some day": ("offer.approve", put(until="some day"), True),
    "counted until the thirtieth of February": ("offer.approve", put(until="2027-02-30T08:00:00.000000Z"), True),
    "a lapse of what counts for ever": ("offer.plain", put(until="2026-05-01T08:00:00.000000Z"), False),
    "a rejection that lapses": ("offer.approve", put(decision="reject"), True),
}


@pytest.mark.parametrize("what", COMPLETIONS)
def test_a_completion_that_tells_what_is_not_so_is_found(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path, change, seen = COMPLETIONS[what]
    real, times = within_stage._completed, 0

    def completed(*given: Any, **named: Any) -> Entry:
        nonlocal times
        told = real(*given, **named)
        if told.data["action"] != path:
            return told
        times += 1
        return told._replace(data=change(dict(told.data)))

    monkeypatch.setattr(within_stage, "_completed", completed)
    _without_clock(monkeypatch)
    told, wrong = found(approved)
    assert times, "nothing was broken"
    assert (bool(told & {"illegal", "unreadable"}), bool(wrong)) == (True, seen), (told, wrong)


@pytest.mark.parametrize("story", [migrated, timed, approved])
def test_the_stories_that_are_broken_are_sound(story: Callable[[Engine], object]) -> None:
    assert found(story) == (set(), [])
