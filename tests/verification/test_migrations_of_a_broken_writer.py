"""A writer that takes deals over to another version as it should not is found out by the two versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from broken_writer import told
from small_story import DEFINITION, MANAGER, NEXT_VERSION, PLAN, PROCESS, SELLER, findings, fresh

from procdef import Engine
from procdef.decide.migration import Mapped, Migration, Move
from procdef.engine import migrating
from procdef.events.types import deal_migrated
from procdef.language import load_source
from procdef.log.event import Data

Changed = Callable[[Data], Data]


def migrated(engine: Engine) -> None:
    """A deal in the offer stage with a bit of everything, which goes over."""
    values = {"company": "E", "email": "eva@e.example", "amount": "20", "small": True, "close": "2026-06-30"}
    engine.publish(DEFINITION, by=MANAGER)
    engine.start("small", "moved", by=SELLER, stage="lead", values=values)
    engine.do("moved", "research", by=SELLER, evidence="Read about them")
    engine.advance("moved", by=SELLER)
    engine.do("moved", "price", by=SELLER)
    engine.waive("moved", "enough", by=MANAGER, reason="Eva is a friend")
    engine.publish(NEXT_VERSION, by=MANAGER)
    plan = {key: value for key, value in PLAN.items() if key != "void"}
    for _ in engine.migrate("small", to=4, plan=plan, apply=True, by=MANAGER):
        pass


def with_data(change: Changed) -> set[str]:
    """What is found where the data of the migration is changed before it is written and folded."""
    real, times = Migration.decide, 0

    def decide(self: Any, *given: Any, **named: Any) -> Any:
        nonlocal times
        verdict = real(self, *given, **named)
        assert isinstance(verdict, Move)
        data = change(dict(verdict.entry.data))
        times += data != verdict.entry.data
        pointers = [each for each in verdict.entry.private if each.split("/")[2] in data["values"]]
        return verdict._replace(entry=deal_migrated.EVENT.entry(data, pointers))

    found = told(Migration, "decide", decide, migrated)
    assert times, "nothing was broken"
    return found


def put(**more: Any) -> Changed:
    return lambda data: data | more


def put_in(key: str, **more: Any) -> Changed:
    return lambda data: data | {key: {**data.get(key, {}), **more}}


def without(key: str, name: str) -> Changed:
    def change(data: Data) -> Data:
        return data | {key: {old: new for old, new in data[key].items() if old != name}}

    return change


CHANGES: dict[str, Changed] = {
    "another path": put(path=["prospect"], stage="prospect"),
    "a path over the win": put(path=["prospect", "offer", "delivery"], stage="delivery"),
    "a path that is none": put(path=["offer", "prospect"], stage="prospect"),
    "a stage that is not the end of the path": put(stage="prospect"),
    "a stage under an id that is none": put(stages={"lead": "lead"}),
    "another version before": put(**{"from": 2}),
    "a value that is another": put_in("values", mail="bo@b.example"),
    "a value that does not fit": put_in("values", mail="no address"),
    "a value set over one that was there": put_in("values", amount="7"),
    "a field kept that is gone": without("fields", "small"),
    "a field dropped that nobody had": put_in("fields", people=None),
    "two fields under one name": put_in("fields", company="mail"),
    "an unset field that is not": put(unset=["amount", "email", "small"]),
    "a waiver that was never given": put(waived=[2]),
    "a waiver that is lost": put(waived=[]),
    "completions that end where none stood": put(voided=["offer.approve"]),
    "actions of another version": put(actions={"lead.research": "offer.approve"}),
    "an action that the deal never did": put_in("actions", **{"lead.greet": None}),
    "no due time": lambda data: {key: value for key, value in data.items() if key != "due"},
    "a due time before the stage was entered": put(due="2020-01-01T00:00:00.000000Z"),
    "a due time of an action that has none": put(dues={"offer.price": "2026-05-01T00:00:00.000000Z"}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_another_migration_than_the_versions_allow_is_found(what: str) -> None:
    assert {"illegal", "unreadable"} & with_data(CHANGES[what])


def test_the_story_that_is_broken_is_sound() -> None:
    store, engine = fresh()
    migrated(engine)
    assert findings(store) == []
    assert engine.deal("moved").version == 4


def test_a_deal_that_goes_over_while_it_is_lost_is_found() -> None:
    def lost(engine: Engine) -> None:
        engine.publish(DEFINITION, by=MANAGER)
        engine.start("small", "gone", by=SELLER, stage="lead", values={"company": "E"})
        engine.lose("gone", "price", by=SELLER, note="Too dear")
        engine.publish(NEXT_VERSION, by=MANAGER)
        list(engine.migrate("small", to=4, plan=PLAN, apply=True, by=MANAGER))

    real = migrating.MigrationRun._rows

    def as_open(self: Any, *given: Any) -> Any:
        return (row._replace(mode="open") for row in real(self, *given))

    assert "illegal" in told(migrating.MigrationRun, "_rows", as_open, lost)


def test_a_deal_that_goes_over_to_another_process_is_found() -> None:
    other = load_source(PROCESS.replace("id: small", "id: other").replace("version: 3", "version: 4").encode(), "other.yaml")

    def story(engine: Engine) -> None:
        engine.publish(other, by=MANAGER)
        engine.publish(load_source(PROCESS.replace("version: 3", "version: 4").encode(), "small4.yaml"), by=MANAGER)
        engine.publish(DEFINITION, by=MANAGER)
        engine._pinned["small"] = DEFINITION.sha256
        engine.start("small", "moved", by=SELLER, stage="lead", values={"company": "E"})
        list(engine.migrate("small", to=4, apply=True, by=MANAGER))

    real = migrating.Route.__init__

    def elsewhere(self: Any, old: Any, new: Any, plan: Mapped) -> None:
        real(self, old, new, plan)
        shown = new.shown.replace('"small"', '"other"').replace(new.definition.sha256, other.sha256)
        self.new = new._replace(shown=shown)

    assert "illegal" in told(migrating.Route, "__init__", elsewhere, story)


def test_values_of_a_migration_that_are_not_set_apart_are_found() -> None:
    real = Migration.decide

    def decide(self: Any, *given: Any, **named: Any) -> Any:
        verdict = real(self, *given, **named)
        return verdict._replace(entry=verdict.entry._replace(private=())) if isinstance(verdict, Move) else verdict

    assert "illegal" in told(Migration, "decide", decide, migrated)


def test_earlier_visits_that_keep_their_names_are_found() -> None:
    real = Migration.decide

    def decide(self: Any, *given: Any, **named: Any) -> Any:
        verdict = real(self, *given, **named)
        return verdict._replace(renamed_stages={}) if isinstance(verdict, Move) else verdict

    assert told(Migration, "decide", decide, migrated) == {"stay-differs"}
