"""What an ``InvalidArgument`` is about: the argument that is wrong, by its name in Python."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from test_arguments import GOOD, SHARED

from procdef import Actor, Engine, InvalidArgument, check, check_people, load, load_people, load_plan, open_store, prove
from procdef.commands import Note
from procdef.engine.people import People
from procdef.pages.casefile import hand_out
from procdef.pages.report import report_html
from procdef.reports import asked, deals_behind, report_in
from procdef.reports.casefile import casefile
from procdef.reports.forecast import forecast
from procdef.scenarios import play_file
from procdef.store import Deals

if TYPE_CHECKING:
    from conftest import Desk

BY: Actor = SHARED["by"]
SCOPE = {"with_personal": False}
CREATED_BY_THE_ENGINE = {"commitments", "copy_ahead", "is_opened", "known", "purge_pending", "repeatable", "still_held"}
"""Methods that take only what the engine itself returned."""

Wrong = Mapping[str, Callable[[Engine], object]]
METHODS: dict[str, Wrong] = {
    "agenda": {
        "person": lambda engine: engine.agenda("maija"),  # type: ignore[arg-type]
        "role": lambda engine: engine.agenda(role=3),  # type: ignore[arg-type]
        "within": lambda engine: engine.agenda(BY, within=-timedelta(days=1)),
        "idle": lambda engine: engine.agenda(BY, idle=3),  # type: ignore[arg-type]
    },
    "at": {
        "store": lambda engine: engine.at(3, engine.now),  # type: ignore[arg-type]
        "clock": lambda engine: engine.at(engine.store, 3),  # type: ignore[arg-type]
    },
    "beside": {"store": lambda engine: engine.beside(3)},  # type: ignore[arg-type]
    "checkpoint": {"signer": lambda engine: engine.checkpoint(3)},  # type: ignore[arg-type]
    "clock_was_wrong": {"by": lambda engine: engine.clock_was_wrong(by="maija")},  # type: ignore[arg-type]
    "deal": {"deal": lambda engine: engine.deal(" D")},
    "deals": {
        "query": lambda engine: engine.deals(3),  # type: ignore[arg-type]
        "process": lambda engine: engine.deals(Deals(process="smal")),
        "stage": lambda engine: engine.deals(Deals(stage=3)),  # type: ignore[arg-type]
        "owner": lambda engine: engine.deals(Deals(owner="")),
        "outcome": lambda engine: engine.deals(Deals(outcome="gone")),
        "overdue": lambda engine: engine.deals(Deals(overdue=datetime(2026, 3, 2))),  # type: ignore[arg-type]
        "due_before": lambda engine: engine.deals(Deals(due_before="2026-03-02")),
        "after": lambda engine: engine.deals(Deals(after=" D")),
        "limit": lambda engine: engine.deals(Deals(limit=0)),
    },
    "definition": {
        "process": lambda engine: engine.definition(3),  # type: ignore[arg-type]
        "version": lambda engine: engine.definition("small", 0),
    },
    "definition_of": {"deal": lambda engine: engine.definition_of("D")},  # type: ignore[arg-type]
    "erase": {
        "deal": lambda engine: engine.erase(" D", basis="art-17", by=BY),
        "fields": lambda engine: engine.erase("D", ["fax"], basis="art-17", by=BY),
        "basis": lambda engine: engine.erase("D", basis="she asked", by=BY),
        "announce": lambda engine: engine.erase("D", basis="art-17", by=BY, announce=5),  # type: ignore[arg-type]
        "by": lambda engine: engine.erase("D", basis="art-17", by="maija"),  # type: ignore[arg-type]
        "dry_run": lambda engine: engine.erase("D", basis="art-17", by=BY, dry_run=1),  # type: ignore[arg-type]
    },
    "erase_again": {"by": lambda engine: engine.erase_again([], basis="art-17", by="maija")},  # type: ignore[arg-type]
    "erase_person": {
        "value": lambda engine: engine.erase_person(" ", basis="art-17", by=BY),
        "basis": lambda engine: engine.erase_person("anna", basis="she asked", by=BY),
    },
    "events": {"deal": lambda engine: engine.events(3)},  # type: ignore[arg-type]
    "exported": {
        "what": lambda engine: engine.exported("for Anna", {}, 1, "ab" * 32, by=BY),
        "scope": lambda engine: engine.exported("export csv", 3, 1, "ab" * 32, by=BY),  # type: ignore[arg-type]
        "rows": lambda engine: engine.exported("export csv", SCOPE, -1, "ab" * 32, by=BY),
        "digest": lambda engine: engine.exported("export csv", SCOPE, 1, "abc", by=BY),
        "by": lambda engine: engine.exported("export csv", SCOPE, 1, "ab" * 32, by="maija"),  # type: ignore[arg-type]
    },
    "feed": {"after": lambda engine: engine.feed("x")},  # type: ignore[arg-type]
    "held_on": {"value": lambda engine: engine.held_on(3)},  # type: ignore[arg-type]
    "in_language": {"language": lambda engine: engine.in_language("a\0b")},
    "in_the_open": {"value": lambda engine: engine.in_the_open(3)},  # type: ignore[arg-type]
    "key_of": {"stream": lambda engine: engine.key_of(3)},  # type: ignore[arg-type]
    "migrate": {
        "process": lambda engine: engine.migrate(3, to=2, by=BY),  # type: ignore[arg-type]
        "to": lambda engine: engine.migrate("small", to=9, by=BY),
        "by": lambda engine: engine.migrate("small", to=2, by="maija"),  # type: ignore[arg-type]
        "versions": lambda engine: engine.migrate("small", to=1, by=BY),
        "plan": lambda engine: engine.migrate("small", to=2, by=BY, plan=3),  # type: ignore[arg-type]
        "deals": lambda engine: engine.migrate("small", to=2, by=BY, deals=[" D"]),
        "apply": lambda engine: engine.migrate("small", to=2, by=BY, apply=1),  # type: ignore[arg-type]
        "reason": lambda engine: engine.migrate("small", to=2, by=BY, reason=3),  # type: ignore[arg-type]
        "batch": lambda engine: engine.migrate("small", to=2, by=BY, batch=0),
    },
    "move": {"by": lambda engine: engine.move(engine, to="a", copy="b", came_from="c", by="maija")},  # type: ignore[arg-type]
    "on": {"connection": lambda engine: engine.on(None)},
    "options": {
        "deal": lambda engine: engine.options(3),  # type: ignore[arg-type]
        "by": lambda engine: engine.options("D", by="maija"),  # type: ignore[arg-type]
    },
    "prove": {
        "name": lambda engine: engine.prove(3, 1),  # type: ignore[arg-type]
        "n": lambda engine: engine.prove("D", 99),
        "size": lambda engine: engine.prove("D", 1, "all"),  # type: ignore[arg-type]
    },
    "prove_extended": {
        "old": lambda engine: engine.prove_extended("all", 1),  # type: ignore[arg-type]
        "new": lambda engine: engine.prove_extended(1, "all"),  # type: ignore[arg-type]
    },
    "publish": {
        "definition": lambda engine: engine.publish("small", by=BY),  # type: ignore[arg-type]
        "by": lambda engine: engine.publish(engine.definition("small"), by="maija"),  # type: ignore[arg-type]
    },
    "purge": {"by": lambda engine: engine.purge(by="maija")},  # type: ignore[arg-type]
    "record_refusal": {"refused": lambda engine: engine.record_refusal(3)},  # type: ignore[arg-type]
    "rekey": {
        "new": lambda engine: engine.rekey(3, by=BY),  # type: ignore[arg-type]
        "by": lambda engine: engine.rekey(3, by="maija"),  # type: ignore[arg-type]
    },
    "requests_on": {"value": lambda engine: engine.requests_on(3)},  # type: ignore[arg-type]
    "run": {
        "process": lambda engine: engine.run(3, [], by=BY),  # type: ignore[arg-type]
        "steps": lambda engine: engine.run("small", "steps", by=BY),  # type: ignore[arg-type]
        "by": lambda engine: engine.run("small", [], by="maija"),  # type: ignore[arg-type]
        "batch": lambda engine: engine.run("small", [], by=BY, batch=0),
        "superseded": lambda engine: engine.run("small", [], by=BY, superseded=1),  # type: ignore[arg-type]
        "keep_going": lambda engine: engine.run("small", [], by=BY, keep_going=1),  # type: ignore[arg-type]
    },
    "step_by_step": {"batch": lambda engine: engine.step_by_step(batch=0)},
    "tick": {"by": lambda engine: engine.tick(by="maija")},  # type: ignore[arg-type]
    # of `engine.people`
    "people.publish": {
        "directory": lambda engine: engine.people.publish("maija", by=BY),  # type: ignore[arg-type]
        "by": lambda engine: engine.people.publish("maija", by="maija"),  # type: ignore[arg-type]
    },
    "people.roles_of": {
        "person": lambda engine: engine.people.roles_of(3, date(2026, 3, 2)),  # type: ignore[arg-type]
        "day": lambda engine: engine.people.roles_of("maija", "today"),  # type: ignore[arg-type]
    },
    "people.who_can": {
        "deal": lambda engine: engine.people.who_can(3, Note("x")),  # type: ignore[arg-type]
        "step": lambda engine: engine.people.who_can("D", "note"),  # type: ignore[arg-type]
        "text": lambda engine: engine.people.who_can("D", Note(3)),  # type: ignore[arg-type]
    },
    # of the constructors, and of functions
    "Engine": {
        "store": lambda _: Engine(3),  # type: ignore[arg-type]
        "clock": lambda engine: Engine(engine.store, clock=3),  # type: ignore[arg-type]
        "via": lambda engine: Engine(engine.store, via="phone"),
        "opens_files": lambda engine: Engine(engine.store, via="web", opens_files=True),
    },
    "Actor": {
        "id": lambda _: Actor(""),
        "roles": lambda _: Actor("maija", roles="seller"),  # type: ignore[arg-type]
        "auth": lambda _: Actor("maija", auth="sure"),
        "source": lambda _: Actor("maija", source=""),
        "behalf": lambda _: Actor("maija", behalf="jaana"),  # type: ignore[arg-type]
    },
    "open_store": {"url": lambda _: open_store("mysql://x")},
    "check": {"path_or_text": lambda _: check(3)},  # type: ignore[arg-type]
    "load": {"path_or_text": lambda _: load(3)},  # type: ignore[arg-type]
    "check_people": {"path_or_text": lambda _: check_people(3)},  # type: ignore[arg-type]
    "load_people": {"path_or_text": lambda _: load_people(3)},  # type: ignore[arg-type]
    "play_file": {
        "path": lambda _: play_file(3),  # type: ignore[arg-type]
        "language": lambda _: play_file("x.yaml", 3),  # type: ignore[arg-type]
    },
    "value": {"field": lambda engine: engine.deal("D").value("fax")},
    "load_plan": {"path": lambda _: load_plan(None)},  # type: ignore[arg-type]
    "prove of a process": {"process": lambda _: prove("x.yaml")},  # type: ignore[arg-type]
    "report_html": {
        "engine": lambda engine: report_html("small", asked(engine)),  # type: ignore[arg-type]
        "what": lambda engine: report_html(engine, None),  # type: ignore[arg-type]
        "command": lambda engine: report_html(engine, asked(engine), command=5),  # type: ignore[arg-type]
    },
    "casefile": {"engine": lambda _: casefile("D", "D")},  # type: ignore[arg-type]
    "hand_out": {"engine": lambda _: hand_out("D", "D", by=BY)},  # type: ignore[arg-type]
    "report of another type": {
        "engine": lambda _: asked("small"),  # type: ignore[arg-type]
        "process": lambda engine: asked(engine, 5),  # type: ignore[arg-type]
        "since": lambda engine: asked(engine, since=5),  # type: ignore[arg-type]
        "until": lambda engine: asked(engine, until=5),  # type: ignore[arg-type]
        "last": lambda engine: asked(engine, last=90),  # type: ignore[arg-type]
        "by": lambda engine: asked(engine, by=5),  # type: ignore[arg-type]
        "bands": lambda engine: asked(engine, by="amount", bands="0,5"),
        "as_of": lambda engine: asked(engine, as_of=5),  # type: ignore[arg-type]
        "now": lambda engine: asked(engine, now=5),  # type: ignore[arg-type]
    },
    "report of what means nothing": {
        "last": lambda engine: asked(engine, last=0),  # type: ignore[arg-type]
        "bands": lambda engine: asked(engine, by="amount", bands=[True]),
        "now": lambda engine: asked(engine, now=datetime(2026, 3, 2)),
        "until": lambda engine: asked(engine, until="9999-12-31"),
    },
    "forecast of another type": {"now": lambda engine: forecast(engine, now=0)},  # type: ignore[arg-type]
    "report": {
        "since": lambda engine: asked(engine, since="yesterday"),
        "until": lambda engine: asked(engine, since="2026-03-02", until="2026-03-01"),
        "last": lambda engine: asked(engine, last="week"),
        "by": lambda engine: asked(engine, by="fax"),
        "bands": lambda engine: asked(engine, by="owner", bands=[1]),
        "idle_days": lambda engine: asked(engine, idle_days=0),
        "as_of": lambda engine: asked(engine, as_of="2999-01-01"),
        "figure": lambda engine: _behind(engine, "fax"),
    },
    "forecast": {
        "months": lambda engine: forecast(engine, months=0),
        "as_of": lambda engine: forecast(engine, as_of="2999-01-01"),
        "backtest": lambda engine: forecast(engine, backtest=-1),
    },
}


def _behind(engine: Engine, figure: str) -> object:
    what = asked(engine)
    with engine.store.transaction(write=False) as tx:
        return deals_behind(tx, what, report_in(tx, what), figure)


STEPS = {
    "deal": " D", "request": "r 1", "by": "maija", "happened": "yesterday", "origin": " D", "person": "", "values": [],
    "correct": 1, "dry_run": 1,
}  # fmt: skip
"""Of a step: a wrong value of what does not take any text; of all else 3 is wrong."""


@pytest.mark.parametrize("desk", ["memory:"], indirect=True)
@pytest.mark.parametrize("verb", GOOD)
def test_the_wrong_argument_of_a_step_is_named(desk: Desk, verb: str) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    for name in (*GOOD[verb], *SHARED):
        with pytest.raises(InvalidArgument) as wrong:
            getattr(desk.engine, verb)(**{**GOOD[verb], **SHARED, name: STEPS.get(name, 3)})
        assert wrong.value.subject == name


@pytest.mark.parametrize("desk", ["memory:"], indirect=True)
@pytest.mark.parametrize("method", METHODS)
def test_the_wrong_argument_of_a_method_is_named(desk: Desk, method: str) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    for name, call in METHODS[method].items():
        with pytest.raises(InvalidArgument) as wrong:
            call(desk.engine)
        assert wrong.value.subject == name


def test_every_method_that_takes_an_argument_is_asked() -> None:
    taking = {
        prefix + name
        for kind, prefix in ((Engine, ""), (People, "people."))
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and len(inspect.signature(method).parameters) > 1 and name not in CREATED_BY_THE_ENGINE
    }
    assert taking <= {*METHODS, *GOOD}
