"""Who decides by a table: which row holds, whose approvals count, and what is said where it is not known."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from procdef import Actor, Engine, StepRefused, open_store
from procdef.audit.reevaluated import judged
from procdef.engine.definition_cache import DefinitionCache
from procdef.language import load_source
from procdef.render.log import summary
from procdef.reports.casefile import casefile_in
from procdef.verification import Tally, verify

sys.path.insert(0, str(Path(__file__).parents[2] / "verification"))
from approvals import CFO, DIRECTOR, MANAGER, PROCESS, SELLER, Clock, offered

WHO = {"seller": SELLER, "manager": MANAGER, "director": DIRECTOR, "cfo": CFO}


@pytest.fixture
def engine() -> Engine:
    return Engine(open_store("memory:"), clock=Clock())


def approve(engine: Engine, by: Actor, decision: str = "approve", action: str = "approve", **more: Any) -> Any:
    return engine.do("D", action, decision=decision, by=by, **more)


def refused(step: Any, *given: Any, **named: Any) -> list[tuple[str, ...]]:
    with pytest.raises(StepRefused) as caught:
        step(*given, **named)
    return [(item.code, *item.about) for item in caught.value.unmet]


@pytest.mark.parametrize(
    ("discount", "value", "row", "who"),
    [
        ("5.1", "1000", 1, {"manager"}),
        ("15", None, 1, {"manager"}),
        ("15.1", "99999", 2, {"director"}),
        ("25", "99999.99", 2, {"director"}),
        ("25", "100000", 3, {"director", "cfo"}),
        ("30", None, 3, {"director", "cfo"}),  # the second row is false whatever the value is
    ],
)
def test_the_first_row_that_holds_says_who(engine: Engine, discount: str, value: str | None, row: int, who: set[str]) -> None:
    offered(engine, discount, value)
    todo = next(each for each in engine.options("D").todo if each.action == "approve")
    assert (todo.row, set(todo.who), todo.at_least) == (row, who, 2 if row == 3 else 1)
    for role, person in WHO.items():
        if role not in who:
            assert refused(approve, engine, person) == [("not-yours", "offer.approve")]
    for role in who:
        *_, done = approve(engine, WHO[role]).events
        assert (done.data["row"], done.data["facts"]["rows"]) == (row, {"offer.approve": row})
    *_, advanced, _ = engine.advance("D", "closing", by=SELLER).events
    assert advanced.data["facts"]["rows"] == {"offer.approve": row}
    assert advanced.data["facts"]["actions"] == {"offer.approve": "done"}
    assert engine.deal("D").rows == {"offer.approve": (row,) * len(who)}


def test_while_no_row_is_known_nobody_decides_and_the_deal_is_held(engine: Engine) -> None:
    offered(engine, "20", None)
    for step in (lambda: approve(engine, DIRECTOR), lambda: engine.advance("D", "closing", by=SELLER)):
        with pytest.raises(StepRefused) as caught:
            step()
        (item,) = caught.value.unmet
        assert (item.code, item.about, item.fields) == ("approver-unknown", ("offer.approve",), ("value",))
        assert (item.why, item.fix) == ("it depends on value, which is not filled in", "fill in value")
        assert item.suggestion is not None
        assert (item.suggestion.do, [blank.field for blank in item.suggestion.blanks]) == ("record", ["value"])
    assert refused(approve, engine, MANAGER) == [("not-yours", "offer.approve")]  # of the rows that it may be, none is theirs
    todo = engine.options("D").todo[0]
    assert (todo.status, todo.row, todo.who) == ("unknown", None, ("director", "cfo"))
    event = approve_once_known(engine)
    assert event.data["row"] == 2


def approve_once_known(engine: Engine) -> Any:
    engine.record("D", {"value": "7"}, by=SELLER)
    return approve(engine, DIRECTOR).events[-1]


def test_only_what_was_given_under_the_row_that_holds_counts(engine: Engine) -> None:
    offered(engine, "10", "1000")
    approve(engine, MANAGER)
    engine.record("D", {"discount": "20"}, by=SELLER)
    with pytest.raises(StepRefused) as caught:
        engine.advance("D", "closing", by=SELLER)
    assert str(caught.value.unmet[0].message) == (
        "approve is not done: jaana approved it while another row of its table held; somebody other than maija must do it"
    )
    approve(engine, DIRECTOR)
    engine.record("D", {"value": "500000"}, by=SELLER)
    assert engine.options("D").todo[0].times == 0
    approve(engine, DIRECTOR)  # once more, under another row
    assert refused(approve, engine, DIRECTOR) == [("four-eyes", "offer.approve")]
    assert engine.options("D").todo[0].times == 1
    approve(engine, CFO)
    assert engine.options("D").todo[0].status == "done"
    engine.record("D", {"discount": "10"}, by=SELLER)  # nothing voids it: what the manager approved stands again
    assert engine.options("D").todo[0].status == "done"
    assert engine.deal("D").rows == {"offer.approve": (1, 2, 3, 3)}
    approve(engine, MANAGER, "reject", note="Not any more")
    assert (engine.deal("D").rows, engine.deal("D").standing) == ({}, {})


def test_what_needs_the_decision_waits_for_the_row_that_holds(engine: Engine) -> None:
    offered(engine, "20", None)
    assert refused(engine.do, "D", "send", by=SELLER) == [("needs-open", "offer.approve")]
    approve_once_known(engine)
    engine.do("D", "send", by=SELLER)


def test_values_that_come_along_say_which_row_holds(engine: Engine) -> None:
    offered(engine, None, None)
    mail = {"values": {"value": "3"}, "action": "grant"}
    assert refused(approve, engine, SELLER, **mail) == [("not-yours", "offer.grant")]
    assert refused(approve, engine, CFO, **mail) == [("not-yours", "offer.grant")]
    assert approve(engine, MANAGER, **mail).events[-1].data["row"] == 2
    engine.record("D", {"email": "a@b.example"}, by=SELLER)
    *_, done = approve(engine, SELLER, **mail).events
    assert (done.data["row"], "email" in done.data["facts"].get("values", {})) == (1, False)


def test_a_row_that_changes_behind_the_gate_is_refused(engine: Engine) -> None:
    offered(engine, "10", "1000")
    approve(engine, MANAGER)
    engine.advance("D", "closing", by=SELLER)
    assert refused(engine.record, "D", {"discount": "20"}, by=SELLER) == [("gate-shut", "discount", "offer.approve")]
    engine.record("D", {"discount": "14"}, by=SELLER)
    engine.record("D", {"discount": "20"}, by=MANAGER, correct=True, reason="Typing error")


def test_the_case_file_and_the_log_tell_the_row(engine: Engine) -> None:
    offered(engine, "20", "1000")
    approve(engine, DIRECTOR)
    engine.record("D", {"discount": "40"}, by=SELLER)
    approve(engine, CFO)
    with engine.store.transaction(write=False) as tx:
        found = casefile_in(tx, DefinitionCache(), "D", "2026-03-03T00:00:00.000000Z", None)
    assert [(each.by, each.row, each.where) for each in found.approvals] == [
        ("dan", 2, "discount <= 25 % and value < 100000"), ("cid", 3, None)
    ]  # fmt: skip
    done = [event for event in engine.events("D") if event.type == "action.completed"]
    said = [summary({"type": event.type, "data": event.data}) for event in done]
    assert said == ["offer.approve approved (row 2 of its table)", "offer.approve approved (row 3 of its table)"]


def test_whether_it_is_done_is_unknown_while_no_row_is(engine: Engine) -> None:
    source = PROCESS.replace("next: {closing: {}, ", "next: {closing: {}, other: {when: not (offer.approve is done)}, ")
    source = source.replace("  shelf:", "  other:\n    title: Other\n    owner: seller\n    entry_criteria:\n"
                            "      undecided: {check: offer.approve is not done}\n  shelf:")  # fmt: skip
    source = source.replace("when: discount > 5 %\n", "voided_by: [discount]\n")
    engine.publish(load_source(source.encode(), "p.yaml"), by=MANAGER)
    engine.start("discounts", "D", by=SELLER, values={"discount": "10", "value": "9"})
    approve(engine, MANAGER)
    engine.record("D", {"discount": None}, by=SELLER)
    with pytest.raises(StepRefused) as caught:
        engine.advance("D", "other", by=SELLER)
    items = {item.code: item for item in caught.value.unmet}
    why = "whether offer.approve is done is not known: discount <= 15 %, and discount is not filled in"
    assert {code: (item.why or item.message, item.fields) for code, item in items.items()} == {
        "branch-closed": (why, ("discount",)),
        "approver-unknown": ("it depends on discount, which is not filled in", ("discount",)),
        "criterion-unknown": (f"offer.approve is not done, and {why}", ("discount",)),
    }
    suggested = items["criterion-unknown"].suggestion
    assert suggested is not None
    assert (suggested.do, [blank.field for blank in suggested.blanks]) == ("record", ["discount"])
    *_, refusal = engine.events("D")
    assert refusal.data["facts"]["branches"] == {"other": "unknown"}
    assert refusal.data["facts"]["criteria"] == {"other.undecided": "unknown"}
    with engine.store.transaction(write=False) as tx:
        counts: Counter[str] = Counter()
        assert ([*judged(tx, (), counts)], counts["agrees"]) == ([], 5)
    engine.record("D", {"discount": "2"}, by=SELLER)
    assert refused(engine.advance, "D", "other", by=SELLER) == [("action-open", "offer.approve")]


def test_what_was_decided_before_is_a_deal_without_rows(engine: Engine) -> None:
    offered(engine)
    approve(engine, MANAGER, action="plain")
    assert engine.deal("D").rows == {}
    assert engine.options("D").todo[-1].row is None


GATED = PROCESS.replace("    next: {closing", """\
    exit_criteria: {agreed: {check: offer.approve is done, waivable_by: manager}}
    next: {closing""").replace("required_actions:\n      approve", "optional_actions:\n      approve", 1).replace(
    "    optional_actions:\n      send", "      send", 1)  # fmt: skip
"""A criterion asks whether the decision is done, which by itself need not be."""


@pytest.mark.parametrize(
    ("values", "stands"), [({"discount": "12"}, False), ({"value": "7"}, False), ({"email": "a@example.com"}, True)]
)
def test_a_waiver_ends_when_something_changes_that_tells_who_decides(values: dict[str, str], stands: bool) -> None:
    store = open_store("memory:")
    engine = Engine(store, clock=Clock())
    engine.publish(load_source(GATED.encode(), "discounts.yaml"), by=MANAGER)
    engine.start("discounts", "D", by=SELLER, values={"discount": "10", "value": "1000"})
    waived = engine.waive("D", "offer.agreed", by=MANAGER, reason="A small discount").events[-1]
    assert waived.data["reads"] == ["discount", "offer.approve", "value"]
    engine.record("D", values, by=SELLER)
    assert engine.options("D").deal.waived == (("offer.agreed",) if stands else ())
    if not stands:
        assert refused(engine.advance, "D", "closing", by=SELLER) == [("criterion-unmet", "offer.agreed")]
    with store.inspect() as tx:
        assert [*verify(tx, Tally())] == []


def test_a_decision_was_in_time_by_the_approvals_that_count_now() -> None:
    clock = Clock()
    engine = Engine(open_store("memory:"), clock=clock)
    text = PROCESS.replace("        four_eyes: true\n", "        sla: {within: 2 days}\n")
    engine.publish(load_source(text.encode(), "discounts.yaml"), by=MANAGER)
    engine.start("discounts", "D", by=SELLER, values={"discount": "10", "value": "1000"})
    approve(engine, MANAGER)
    engine.record("D", {"discount": "20"}, by=SELLER)
    clock.now += timedelta(days=3)
    approve(engine, DIRECTOR)

    def late() -> bool:
        return next(each.late for each in engine.options("D").todo if each.action == "approve")

    assert late()
    engine.record("D", {"discount": "10"}, by=SELLER)
    assert not late()
