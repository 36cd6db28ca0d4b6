"""What ships in processes/: definitions without findings, scenarios that try all of them, and the demonstration deals."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from procdef import Actor, Engine, StepRefused, check, load, open_store
from procdef.commands import VERBS
from procdef.deal import Deal
from procdef.decide.context import Context
from procdef.engine.queries import deal_named
from procdef.model import ProcessDefinition
from procdef.resources import shipped_processes, shipped_scenarios
from procdef.scenarios.suite import Suite

ROOT = Path(__file__).parents[2]
PROCESSES = ROOT / "processes"


@pytest.mark.parametrize("path", sorted(PROCESSES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_file_has_no_finding(path: Path) -> None:
    assert check(path) == []


def test_each_shipped_process_has_scenarios() -> None:
    assert shipped_scenarios().keys() == shipped_processes().keys() >= {"b2b-sales", "crm-opportunities", "saas-inbound"}


@pytest.mark.parametrize("name", shipped_scenarios())
def test_the_scenarios_of_a_shipped_process_pass_and_try_all_of_it(name: str) -> None:
    suite = Suite()
    file = PROCESSES / f"{name}.test.yaml"
    outcomes = suite.play(suite.read((str(file), file)))
    assert [difference for outcome in outcomes for difference in outcome.differences] == []
    (coverage,) = suite.coverage
    assert (coverage.definition.id, [str(item) for item in coverage.missing]) == (name, [])


def test_the_demonstration_deals_are_what_the_script_makes() -> None:
    made = subprocess.run([sys.executable, str(ROOT / "tools" / "make_demo_steps.py")], capture_output=True, check=True)
    assert (PROCESSES / "demo.steps.jsonl").read_bytes() == made.stdout


def test_the_demonstration_deals_come_in_order_and_each_step_has_its_own_request() -> None:
    steps = [json.loads(line) for line in (PROCESSES / "demo.steps.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(step["happened"] for step in steps) == [step["happened"] for step in steps]
    assert len(steps) == len({step["request"] for step in steps})
    assert len({step["deal"] for step in steps}) >= 200
    assert max(step["happened"] for step in steps) < "2026-11-01"


@pytest.fixture(scope="module")
def demonstration() -> Engine:
    definition, engine = load(PROCESSES / "b2b-sales.yaml"), Engine(open_store("memory:"))
    steps = [json.loads(line) for line in (PROCESSES / "demo.steps.jsonl").read_text(encoding="utf-8").splitlines()]
    statuses = Counter(str(result.status) for result in engine.run(definition, steps, by=Actor("demo")))
    assert {"applied", "refused"} == set(statuses)
    assert 0.02 < statuses["refused"] / len(steps) < 0.2
    return engine


def test_the_demonstration_shows_lost_won_and_finished_deals(demonstration: Engine) -> None:
    deals = list(demonstration.deals())
    assert {"open", "won", "lost"} == {deal.outcome for deal in deals}
    assert {"open", "lost", "done"} == {deal.mode for deal in deals}
    assert set(load(PROCESSES / "b2b-sales.yaml").stages) == {deal.stage for deal in deals}


def test_the_demonstration_sent_again_is_answered_as_before_and_adds_nothing(demonstration: Engine) -> None:
    before = len(told(demonstration))
    lines = (PROCESSES / "demo.steps.jsonl").read_text(encoding="utf-8").splitlines()
    steps = [json.loads(line) for line in lines]
    assert {step["do"] for step in steps} == set(VERBS.values())
    results = demonstration.run(load(PROCESSES / "b2b-sales.yaml"), steps, by=Actor("demo"))
    other = [step for step, result in zip(steps, results, strict=True) if result.status != "repeated"]
    assert {step["do"] for step in other} == {"start"}  # one that was refused is not remembered
    assert len(told(demonstration)) == before


def told(engine: Engine) -> list[dict[str, Any]]:
    return [item.event for item in engine.feed()]


def test_the_demonstration_shows_every_kind_of_event(demonstration: Engine) -> None:
    kinds = {
        "deal.started", "deal.recorded", "deal.corrected", "action.completed", "action.voided", "stage.advanced",
        "stage.returned", "deal.won", "deal.lost", "deal.reopened", "deal.finished", "deal.assigned", "deal.noted",
        "criterion.waived", "step.refused",
    }  # fmt: skip
    events = told(demonstration)
    assert kinds <= {event["type"] for event in events}
    assert {"approve", "reject"} <= {event["data"].get("decision") for event in events}
    assert any(event["data"].get("from", "").startswith("deal:") for event in events if event["type"] == "deal.started")


def test_the_demonstration_shows_refusals_of_many_kinds(demonstration: Engine) -> None:
    refused = [event["data"] for event in told(demonstration) if event["type"] == "step.refused"]
    codes = {
        "action-open", "already-met", "bad-value", "closed", "criterion-unknown", "criterion-unmet", "elsewhere",
        "evidence-missing", "four-eyes", "gate-shut", "needs-open", "no-such-move", "not-declared", "not-yours",
        "note-missing", "reason-missing", "records-unset", "several-targets", "too-late", "way-missing", "when-false",
        "when-unknown",
    }  # fmt: skip
    assert codes == {item["code"] for data in refused for item in data["unmet"]}
    assert {"start", "record", "do", "advance", "back", "waive", "lose", "reopen", "finish", "note"} == {
        data["do"] for data in refused
    }


def test_an_opportunity_without_an_account_cannot_be_engaged() -> None:
    engine, seller = Engine(open_store("memory:")), Actor("ann", roles=frozenset({"seller"}))
    engine.publish(load(PROCESSES / "crm-opportunities.yaml"), by=seller)
    engine.start("crm-opportunities", "A", by=seller, values={"product": "GTXPro"})
    with pytest.raises(StepRefused) as refused:
        engine.advance("A", "engaging", by=seller)
    assert [unmet.id.split(".")[-1] for unmet in refused.value.unmet] == ["account_known"]


STAGES = [
    ("prospecting", "Prospektointi", {"market_research", "acquired_lead"}),
    ("booking", "Tapaamisen sopiminen", {"cold_call", "email", "networking"}),
    ("sales_meeting", "Myyntitapaaminen", set()),
    ("follow_up", "Seuranta", {"message", "email", "call"}),
    ("closing", "Klousaaminen", set()),
    ("handover", "Asiakkaan siirto toimitukseen", set()),
    ("evaluation", "Arviointi", set()),
    ("after_marketing", "Jälkimarkkinointi", {"call", "visit", "email"}),
]


@pytest.fixture(scope="module")
def b2b() -> ProcessDefinition:
    return load(PROCESSES / "b2b-sales.yaml")


def test_the_eight_stages_follow_each_other_with_their_ways_in_finnish_too(b2b: ProcessDefinition) -> None:
    ways = {stage: set() for stage in b2b.stages}
    for action in b2b.actions.values():
        ways[action.stage] |= set(action.ways)
    assert [(stage.id, stage.title.in_language("fi"), ways[stage.id]) for stage in b2b.stages.values()] == STAGES
    assert [list(stage.next) for stage in b2b.stages.values()] == [*([stage] for stage, *_ in STAGES[1:]), []]
    assert (b2b.starts, [stage.id for stage in b2b.stages.values() if stage.wins]) == (
        ("prospecting", "booking"),
        ["handover"],
    )


@pytest.mark.parametrize("name", ["b2b-sales", "saas-inbound"])
def test_every_stage_has_a_whole_playbook_a_deadline_and_owners(name: str) -> None:
    for stage in load(PROCESSES / f"{name}.yaml").stages.values():
        book = stage.playbook
        assert book is not None
        assert book.goal, stage.id
        assert book.guide, stage.id
        assert book.questions, stage.id
        assert book.materials, stage.id
        assert all(objection.answer for objection in book.objections.values()), stage.id
        assert book.objections, stage.id
        assert stage.owner, stage.id
        assert stage.sla, stage.id


def texts(node: Any, route: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every text that people read, with its languages; one that stands alone has none."""
    if isinstance(node, list):
        for place, item in enumerate(node):
            yield from texts(item, f"{route}.{place}")
    if isinstance(node, dict):
        if "en" in node:
            yield route, set(node)
            return
        for key, item in node.items():
            if isinstance(item, str) and key in ("title", "description", "help", "message", "fix", "goal", "guide"):
                yield f"{route}.{key}", set()
            yield from texts(item, f"{route}.{key}")


def test_every_text_of_the_eight_stages_is_in_english_and_finnish() -> None:
    found = list(texts(yaml.safe_load((PROCESSES / "b2b-sales.yaml").read_text(encoding="utf-8"))))
    assert len(found) > 150
    assert [route for route, languages in found if languages != {"en", "fi"}] == []


def test_each_letter_of_meddicc_is_a_field_that_is_explained_and_recorded_in_qualification() -> None:
    process = load(PROCESSES / "saas-inbound.yaml")
    letters = ["metric", "contacts", "decision_criteria", "decision_process", "pain", "competition"]
    assert all(len(str(process.fields[name].help)) > 40 for name in letters)
    recorded = {name for action in process.stages["qualification"].required_actions.values() for name in action.records}
    assert set(letters) <= recorded


def saas_deal(stage_values: dict[str, Any]) -> tuple[Engine, Actor]:
    """A software deal A that was asked for, with these values beside those that every deal there has."""
    engine, seller = Engine(open_store("memory:")), Actor("ann", roles=frozenset({"sdr", "seller", "security", "manager"}))
    engine.publish(load(PROCESSES / "saas-inbound.yaml"), by=seller)
    known = {"account": "Acme", "work_email": "ann@acme.example"}
    engine.start("saas-inbound", "A", by=seller, stage="inbound", values=known | stage_values)
    return engine, seller


def state_of(engine: Engine) -> Deal:
    """The deal A as the rules look at it."""
    with engine.store.transaction(write=False) as tx:
        return deal_named(tx, "A")


@pytest.mark.parametrize(
    ("expected", "rivals"),
    [("open", ["status_quo", "in_house"]), ("not_applicable", "incumbent,status_quo"), ("unknown", "")],
)
def test_building_it_themselves_is_answered_only_where_the_customer_considers_it(expected: str, rivals: object) -> None:
    engine, seller = saas_deal({"rivals": rivals})
    compare = engine.definition_of(engine.deal("A")).actions["qualification.compare_build"]
    context = Context(engine.definition_of(engine.deal("A")), state_of(engine), seller, "2026-01-31T12:00:00.000000Z")
    assert expected == context.status(compare)


@pytest.mark.parametrize(
    ("expected", "lines"),
    [
        ("met", [("9000", False), ("3000", False), ("500", True)]),
        ("unmet", [("9000", False), ("3000", True)]),
        ("met", [("12000", False)]),
    ],
)
def test_the_lines_that_are_taken_add_up_to_the_revenue_a_year(expected: str, lines: list[tuple[str, bool]]) -> None:
    rows = [{"product": "Seats", "yearly": yearly, "optional": optional} for yearly, optional in lines]
    engine, seller = saas_deal({"arr": "12000", "order_lines": rows})
    definition = engine.definition_of(engine.deal("A"))
    context = Context(definition, state_of(engine), seller, "2026-01-31T12:00:00.000000Z")
    assert expected == context.judge(definition.criteria["closing.adds_up"])


def refused_items(engine: Engine, do: str, *arguments: object, by: Actor, **named: Any) -> set[str]:
    with pytest.raises(StepRefused) as refused:
        getattr(engine, do)("A", *arguments, by=by, **named)
    return {unmet.id for unmet in refused.value.unmet}


@pytest.fixture
def at_closing(b2b: ProcessDefinition) -> Engine:
    """A deal whose customer asks for an offer."""
    engine, seller = Engine(open_store("memory:")), SELLER
    engine.publish(b2b, by=seller)
    lead = {
        "company": "Acme Oy",
        "contact_name": "Ann",
        "contact_email": "ann@acme.example",
        "source": "fair",
        "line_of_business": "food",
        "employees": 80,
        "has_problem": True,
        "can_buy": False,
    }
    engine.start("b2b-sales", "A", by=seller, stage="prospecting", values={"company": "Acme Oy"})
    engine.do("A", "research_company", by=seller, way="acquired_lead", values=lead)
    engine.advance("A", by=seller)
    engine.do(
        "A",
        "first_contact",
        by=seller,
        way="cold_call",
        evidence="Tuesday",
        values={"meeting_at": "2025-03-03T09:00:00Z"},
    )
    engine.advance("A", by=seller)
    engine.do("A", "prepare", by=seller, evidence="Read their report")
    found = {"need": "Fewer orders by hand", "requirements": "Their accounting", "decision_maker": True}
    engine.do("A", "hold_meeting", by=seller, evidence="They agree", values=found)
    engine.advance("A", by=seller)
    engine.do("A", "thank_you", by=seller, way="message")
    engine.advance("A", by=seller)
    return engine


SELLER = Actor("maija", roles=frozenset({"seller"}))
MANAGER = Actor("johanna", roles=frozenset({"manager"}))
DELIVERY = Actor("timo", roles=frozenset({"delivery"}))
PAPER = f"offer.pdf sha256:{1:064x}"


def priced(engine: Engine, discount: str, concession: str) -> None:
    terms = {"offer_value": "12000", "discount": discount, "concession": concession}
    engine.do(
        "A", "price_offer", by=SELLER, values=terms | {"valid_until": "2199-01-01", "expected_close": "2198-12-01"}
    )


@pytest.mark.parametrize(("discount", "concession"), [("16", "discount"), ("0", "gift"), ("0", "special_price")])
def test_a_concession_waits_for_the_manager(discount: str, concession: str, at_closing: Engine) -> None:
    priced(at_closing, discount, concession)
    assert {"closing.approve_concession"} == refused_items(at_closing, "do", "send_offer", by=SELLER, evidence=PAPER)
    at_closing.do("A", "approve_concession", by=MANAGER, decision="approve")
    at_closing.do("A", "send_offer", by=SELLER, evidence=PAPER)


def test_a_hand_over_is_complete_only_with_all_conversations_and_delivery_details_in_the_crm(
    at_closing: Engine,
) -> None:
    priced(at_closing, "5", "discount")
    at_closing.do("A", "send_offer", by=SELLER, evidence=PAPER)
    at_closing.do("A", "sign_contract", by=SELLER, evidence=PAPER)
    assert at_closing.advance("A", by=SELLER).deal.outcome == "won"
    crm = {"handover.conversations_in_crm", "handover.delivery_in_crm"}
    actions = {"handover.file_everything", "handover.accept_handover"}
    assert crm | actions == refused_items(at_closing, "advance", by=SELLER)
    assert crm == {
        name for name in crm if refused_items(at_closing, "waive", name, by=MANAGER, reason="Hurry") == {name}
    }
    details = {"delivery_contact": "Foreman", "delivery_date": "2198-12-24", "delivery_info": "Gate 2"}
    at_closing.do("A", "file_everything", by=SELLER, evidence="Calls", values=details | {"conversations_filed": False})
    at_closing.do("A", "accept_handover", by=DELIVERY, decision="approve")
    assert {"handover.conversations_in_crm"} == refused_items(at_closing, "advance", by=SELLER)
    at_closing.record("A", {"conversations_filed": True}, by=SELLER)
    assert {"handover.accept_handover"} == refused_items(at_closing, "advance", by=SELLER)
    at_closing.do("A", "accept_handover", by=DELIVERY, decision="approve")
    assert at_closing.advance("A", by=SELLER).deal.stage == "evaluation"


def test_a_new_need_is_a_new_deal_that_remembers_where_it_came_from(at_closing: Engine) -> None:
    lead = {"company": "Acme Oy", "contact_email": "ann@acme.example", "source": "customer"}
    lead |= {"line_of_business": "food", "has_problem": True, "can_buy": True}
    new = at_closing.start("b2b-sales", "B", by=SELLER, stage="booking", values=lead, origin="A").deal
    assert new.origin == at_closing.deal("A").stream
