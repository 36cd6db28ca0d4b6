"""Half of a surrogate pair, which JSON can bring and UTF-8 has not, never keeps an error from being told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from procdef import Actor, Engine, ProcdefError, StepRefused, load, load_plan, open_store
from procdef.pages.casefile import hand_out
from procdef.pages.diagram import diagram
from procdef.pages.playbook import playbook
from procdef.reports import report
from procdef.reports.forecast import forecast
from procdef.store import Deals

PROCESS = Path(__file__).parents[3] / "processes" / "crm-opportunities.yaml"
DEFINITION = load(PROCESS)
BY = Actor("maija", frozenset({"seller"}))
HALF = "x\ud800y"

FAILING: dict[str, Callable[[Engine], object]] = {
    "start in a stage": lambda e: e.start(DEFINITION.id, "E", stage=HALF, by=BY),
    "start under a process": lambda e: e.start(HALF, "E", by=BY),
    "start from a deal": lambda e: e.start(DEFINITION.id, "E", origin=HALF, by=BY),
    "advance": lambda e: e.advance("D", HALF, by=BY),
    "advance with a reason": lambda e: e.advance("D", reason=HALF, by=BY),
    "back": lambda e: e.back("D", HALF, by=BY),
    "do": lambda e: e.do("D", HALF, by=BY),
    "do with a decision": lambda e: e.do("D", "x", decision=HALF, by=BY),
    "waive": lambda e: e.waive("D", HALF, by=BY),
    "waive of a stage": lambda e: e.waive("D", f"prospecting.{HALF}", by=BY),
    "lose": lambda e: e.lose("D", HALF, by=BY),
    "record a field": lambda e: e.record("D", {HALF: 1}, by=BY),
    "record a value": lambda e: e.record("D", {"account": HALF, "close_value": HALF}, by=BY),
    "assign": lambda e: e.assign("D", HALF, by=BY),
    "note": lambda e: e.note("D", HALF, by=BY),
    "note of a kind": lambda e: e.note("D", "x", kind=HALF, by=BY),
    "note of an objection": lambda e: e.note("D", "x", objection=HALF, by=BY),
    "note of a time": lambda e: e.note("D", "x", happened=HALF, by=BY),
    "a deal": lambda e: e.advance(HALF, by=BY),
    "a person": lambda e: e.note("D", "x", by=Actor(HALF)),
    "a request": lambda e: e.note("D", "x", request=HALF, by=BY),
    "a definition": lambda e: e.definition(HALF),
    "an agenda": lambda e: e.agenda(role=HALF),
    "a stream": lambda e: e.key_of(HALF),
    "a proof": lambda e: e.prove(HALF, 1),
    "an erasure": lambda e: e.erase("D", [HALF], basis="art-17", by=BY),
    "a migration": lambda e: list(e.migrate(HALF, to=1, by=BY)),
    "a plan": lambda e: list(e.migrate(DEFINITION.id, to=1, plan={HALF: 1}, by=BY)),
    "deals of a process": lambda e: e.deals(Deals(process=HALF)),
    "deals in a stage": lambda e: e.deals(Deals(stage=HALF)),
    "deals of an owner": lambda e: e.deals(Deals(owner=HALF)),
    "deals with an outcome": lambda e: e.deals(Deals(outcome=HALF)),
    "overdue deals": lambda e: e.deals(Deals(overdue=HALF)),
    "deals after": lambda e: e.deals(Deals(after=HALF)),
    "a case file": lambda e: hand_out(e, "D", by=BY, until=HALF),
    "a report since": lambda e: report(e, since=HALF),
    "a report of the last": lambda e: report(e, last=HALF),
    "a report by": lambda e: report(e, by=HALF),
    "a report in bands": lambda e: report(e, by="close_value", bands=[HALF]),
    "a report of a process": lambda e: report(e, HALF),
    "a forecast": lambda e: forecast(e, HALF),
    "a handbook": lambda e: playbook(DEFINITION, stage=HALF),
    "a diagram": lambda e: diagram(DEFINITION, HALF),  # type: ignore[call-overload]
    "a file": lambda e: load(f"{HALF}.yaml"),
    "a file of a plan": lambda e: load_plan(f"{HALF}.yaml"),
    "a folder": lambda e: open_store(f"{HALF}/deals.db"),
    "an option of a store": lambda e: open_store(f"sqlite:///deals.db?{HALF}=1"),
    "a server": lambda e: open_store(f"postgresql://{HALF}"),
}


@pytest.fixture
def engine() -> Engine:
    engine = Engine(open_store("memory:"))
    engine.publish(DEFINITION, by=BY)
    engine.start(DEFINITION.id, "D", by=BY)
    return engine


@pytest.mark.parametrize("fail", FAILING.values(), ids=FAILING.keys())
def test_an_error_can_always_be_written(engine: Engine, fail: Callable[[Engine], object]) -> None:
    with pytest.raises(ProcdefError) as told:
        fail(engine)
    error = told.value
    json.dumps(error.as_dict(), ensure_ascii=False).encode()
    str(error).encode()
    if isinstance(error, StepRefused):
        error.headline.encode()
        json.dumps([item.as_dict() for item in error.unmet], ensure_ascii=False).encode()


def test_what_was_named_is_spelt_in_the_message(engine: Engine) -> None:
    with pytest.raises(StepRefused, match=r"^D cannot advance from prospecting to x\\ud800y: ") as told:
        engine.advance("D", HALF, by=BY)
    assert "cannot advance from prospecting to x\\ud800y" in told.value.headline


def test_so_can_what_came_of_steps(engine: Engine) -> None:
    step = {"by": "maija", "roles": ["seller"], "deal": "D", "do": "advance"}
    steps = [{**step, "to": HALF}, {**step, "happened": HALF}, {**step, "do": HALF}, {**step, HALF: 1}]
    results = list(engine.run(DEFINITION.id, steps, by=BY))
    assert [result.status for result in results] == ["refused", "error", "error", "error"]
    json.dumps([result.as_dict() for result in results], ensure_ascii=False).encode()
