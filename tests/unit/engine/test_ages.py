"""``deal.idle`` and ``deal.contact_age``: since the last applied step, and since the last contact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from procdef import StepRefused, load
from procdef.audit.reevaluated import judged
from procdef.verification import Tally, verify

if TYPE_CHECKING:
    from conftest import Desk

PROCESS = """
procdef: 1
id: waiting
version: 1
title: Waiting
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {company: {type: text, personal: false}, email: {type: email}}
deal: {correct_by: manager}
lost: {reasons: {price: Too dear}, reopen: {by: manager, within: 30 days}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {ask: {title: Ask}}
    optional_actions: {prod: {title: Ask again, when: deal.idle >= 1 hours, records: [company]}}
    exit_criteria:
      quiet: {check: deal.idle >= 2 hours}
      heard: {check: deal.contact_age < 3 days}
    next: delivery
  delivery: {title: Delivery, owner: seller, outcome: won, required_actions: {deliver: {title: Deliver}}}
"""
HOUR, DAY = 3_600_000_000, 86_400_000_000


@pytest.fixture
def waiting(desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """A deal that was started and asked about an hour later; afterwards its log verifies, and all is so when judged again."""
    file = tmp_path / "waiting.yaml"
    file.write_text(PROCESS, "utf-8")
    desk.engine.publish(load(file), by=desk.manager)
    desk.engine.start("waiting", "W", by=desk.seller, values={"email": "a@b.example"})
    desk.later(hours=1)
    desk.engine.do("W", "ask", by=desk.seller)
    yield desk
    counts: Counter[str] = Counter()
    with desk.store.inspect() as tx:
        assert list(verify(tx, Tally())) == []
    with desk.store.transaction(write=False) as tx:
        assert list(judged(tx, (), counts)) == []


def refused_facts(desk: Desk) -> tuple[list[str], dict[str, Any]]:
    """What stood in the way of going on, and what the decision saw."""
    with pytest.raises(StepRefused) as refused:
        desk.engine.advance("W", by=desk.seller)
    return [item.id for item in refused.value.unmet], desk.engine.events("W")[-1]["data"]["facts"]


def test_both_are_in_the_facts_where_a_decision_asks_for_them(waiting: Desk) -> None:
    waiting.later(hours=1)
    unmet, facts = refused_facts(waiting)
    assert unmet == ["lead.quiet"]
    assert (facts["idle"], facts["contact_age"], facts["stage_age"]) == (HOUR, 2 * HOUR, 2 * HOUR)
    assert "idle" not in waiting.engine.events("W")[0]["data"]["facts"]


def test_values_recorded_with_an_action_do_not_end_the_idleness_that_it_was_judged_by(waiting: Desk) -> None:
    waiting.later(hours=1)
    done = waiting.engine.do("W", "prod", by=waiting.seller, values={"company": "Acme"})
    assert [event["type"] for event in done.events] == ["deal.recorded", "action.completed"]
    assert done.events[-1]["data"]["facts"]["idle"] == HOUR


def test_a_refused_step_and_an_erasure_leave_a_deal_idle(waiting: Desk) -> None:
    waiting.later(hours=1)
    refused_facts(waiting)
    waiting.engine.erase("W", by=waiting.manager, basis="request", fields=["email"])
    waiting.later(hours=1)
    assert waiting.engine.advance("W", by=waiting.seller).deal.stage == "delivery"


@pytest.mark.parametrize(
    ("verb", "given"),
    [("record", {"values": {"company": "Acme"}}), ("note", {"note": "Still waiting"}), ("assign", {"to": "matti"})],
)
def test_any_step_that_is_applied_ends_the_idleness(verb: str, given: dict[str, Any], waiting: Desk) -> None:
    waiting.later(hours=2)
    getattr(waiting.engine, verb)("W", *given.values(), by=waiting.seller)
    assert refused_facts(waiting)[0] == ["lead.quiet"]


def test_a_contact_is_a_note_with_a_kind_or_else_the_start(waiting: Desk) -> None:
    waiting.later(days=3)
    waiting.engine.note("W", "They are slow", by=waiting.seller)
    waiting.later(hours=2)
    unmet, facts = refused_facts(waiting)
    assert unmet == ["lead.heard"]
    assert facts["contact_age"] == 3 * DAY + 3 * HOUR
    waiting.engine.note("W", "They answered", kind="call", by=waiting.seller)
    waiting.later(hours=2)
    done = waiting.engine.advance("W", by=waiting.seller)
    assert done.events[0]["data"]["facts"]["contact_age"] == 2 * HOUR


def test_the_explanation_says_how_long_it_was(waiting: Desk) -> None:
    waiting.later(minutes=30)
    with pytest.raises(StepRefused) as refused:
        waiting.engine.advance("W", by=waiting.seller)
    assert [item.message for item in refused.value.unmet] == ["deal.idle >= 2 hours, and deal.idle is 30 minutes"]
