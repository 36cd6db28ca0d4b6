"""What steps come to, sentence by sentence of the language's meaning."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from procdef import DealExists, InvalidArgument, RequestConflict, StepRefused, UnknownDeal, VersionExists, load
from procdef.verification import Tally, verify

if TYPE_CHECKING:
    from conftest import Desk


@pytest.fixture(autouse=True)
def the_log_is_clean(desk: Desk):
    """Whatever a test did, the log verifies afterwards."""
    yield
    with desk.store.inspect() as tx:
        assert list(verify(tx, Tally())) == []


def test_a_start_stage_must_be_named_when_there_are_several(desk: Desk) -> None:
    assert desk.unmet("start", "small", "D", by=desk.seller) == [("several-targets", "lead")]


def test_entry_criteria_are_checked_at_a_start(desk: Desk) -> None:
    assert desk.unmet("start", "small", "D", by=desk.seller, stage="offer") == [("criterion-unmet", "offer.reachable")]
    with pytest.raises(UnknownDeal):
        desk.engine.deal("D")


def test_a_start_belongs_to_the_owner_roles_of_the_stage(desk: Desk) -> None:
    assert desk.unmet("start", "small", "D", by=desk.manager, stage="lead") == [("not-yours", "lead")]


def test_everything_unmet_is_reported_at_once(desk: Desk) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    expected = [("action-open", "lead.research"), ("criterion-unmet", "offer.reachable")]
    assert desk.unmet("advance", "D", by=desk.seller) == expected


def test_a_refused_step_changes_nothing_but_the_log(desk: Desk) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    before = desk.engine.deal("D")
    desk.unmet("advance", "D", by=desk.seller)
    after = desk.engine.deal("D")
    assert replace(after, n=before.n, head=before.head, at=before.at, latest=before.latest) == before
    assert [event["type"] for event in desk.engine.events("D")] == ["deal.started", "step.refused"]


def test_an_unknown_when_holds_the_deal(desk: Desk) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="offer", values={"email": "a@b.example", "amount": "500"})
    assert ("when-unknown", "offer.approve") in desk.unmet("advance", "D", "delivery", by=desk.seller)


def test_an_unknown_when_holds_the_deal_even_where_the_action_is_done(desk: Desk) -> None:
    desk.offered(discount="20")
    desk.engine.do("D", "approve", by=desk.manager, decision="approve")
    desk.engine.record("D", {"small": True}, by=desk.seller)
    desk.engine.advance("D", "parked", by=desk.seller, reason="Next year")
    desk.engine.record("D", {"discount": ""}, by=desk.manager, correct=True, reason="It was never given")
    for _ in range(2):
        desk.engine.do("D", "call", by=desk.seller)
    desk.engine.advance("D", "offer", by=desk.seller)
    assert "offer.approve" in desk.engine.deal("D").standing
    assert ("when-unknown", "offer.approve") in desk.unmet("advance", "D", "delivery", by=desk.seller)
    send = {"way": "mail", "evidence": "https://x.example"}
    assert desk.unmet("do", "D", "send", by=desk.seller, **send) == [("needs-open", "offer.approve")]
    done = desk.engine.advance("D", "parked", by=desk.seller, reason="Once more")
    assert done.events[0]["data"]["unfinished"] == ["offer.price", "offer.approve", "offer.send"]


def test_a_changed_value_voids_the_completions_that_name_it(desk: Desk) -> None:
    desk.offered()
    desk.engine.record("D", {"amount": "500.00"}, by=desk.seller)
    assert "offer.price" in desk.engine.deal("D").standing
    desk.engine.record("D", {"amount": "501"}, by=desk.seller)
    assert "offer.price" not in desk.engine.deal("D").standing


def test_four_eyes_excludes_the_owner_and_whoever_changed_a_field(desk: Desk) -> None:
    desk.offered(discount="20")
    both = desk.seller.__class__("maija", frozenset({"seller", "manager"}))
    assert desk.unmet("do", "D", "approve", by=both, decision="approve") == [("four-eyes", "offer.approve")]
    changer = desk.seller.__class__("mikko", frozenset({"seller", "manager"}))
    desk.engine.record("D", {"discount": "21"}, by=changer)
    assert desk.unmet("do", "D", "approve", by=changer, decision="approve") == [("four-eyes", "offer.approve")]
    assert desk.engine.do("D", "approve", by=desk.manager, decision="approve").deal.standing["offer.approve"] == (
        "jaana",
    )


def test_four_eyes_are_not_two_by_handing_the_deal_over_and_back(desk: Desk) -> None:
    desk.offered(discount="20")
    both = desk.seller.__class__("maija", frozenset({"seller", "manager"}))
    approve = partial(desk.engine.do, "D", "approve", decision="approve")
    for owner in ("matti", "maija", "matti", "jaana"):
        desk.engine.assign("D", owner, by=desk.manager)
        assert desk.unmet("do", "D", "approve", by=both, decision="approve") == [("four-eyes", "offer.approve")]
    with pytest.raises(StepRefused) as refused:
        approve(by=both)
    assert "maija owned the deal when what this is about was last changed, or later" in str(refused.value.unmet)
    desk.engine.record("D", {"discount": "21"}, by=desk.other)
    assert approve(by=both).deal.standing["offer.approve"] == ("maija",)


def test_who_owned_the_deal_before_the_values_last_changed_may_decide(desk: Desk) -> None:
    desk.offered(discount="20")
    desk.engine.assign("D", "matti", by=desk.manager)
    desk.engine.record("D", {"discount": "21"}, by=desk.other)
    desk.engine.assign("D", "tero", by=desk.manager)
    both = desk.seller.__class__("matti", frozenset({"seller", "manager"}))
    assert desk.unmet("do", "D", "approve", by=both, decision="approve") == [("four-eyes", "offer.approve")]
    both = desk.seller.__class__("maija", frozenset({"seller", "manager"}))
    assert desk.engine.do("D", "approve", by=both, decision="approve").deal.standing["offer.approve"] == ("maija",)


def test_a_reject_needs_a_note_and_ends_earlier_approvals(desk: Desk) -> None:
    desk.offered(discount="20")
    desk.engine.do("D", "approve", by=desk.manager, decision="approve")
    assert desk.unmet("do", "D", "approve", by=desk.manager, decision="reject") == [("note-missing", "offer.approve")]
    deal = desk.engine.do("D", "approve", by=desk.manager, decision="reject", note="Too much").deal
    assert "offer.approve" not in deal.standing
    assert deal.rejected == {"offer.approve": "jaana"}


def test_an_action_asks_for_its_way_and_evidence(desk: Desk) -> None:
    desk.offered()
    expected = [("evidence-missing", "offer.send"), ("way-missing", "offer.send")]
    assert desk.unmet("do", "D", "send", by=desk.seller) == expected
    assert desk.unmet("do", "D", "send", by=desk.seller, way="fax") == [("not-declared", "fax")]


@pytest.mark.parametrize("blank", [" ", "\u200b", "\u2060\u00ad", "\u2800", "\u3164", "\u115f", "\u180e"])
def test_blank_is_what_shows_nothing_in_values_evidence_reasons_and_notes(desk: Desk, blank: str) -> None:
    desk.offered(discount="20")
    asked = {"way": "mail", "evidence": blank}
    expected = [("needs-open", "offer.approve"), ("evidence-missing", "offer.send")]
    assert sorted(expected) == sorted(desk.unmet("do", "D", "send", by=desk.seller, **asked))
    rejected = {"decision": "reject", "note": blank}
    assert desk.unmet("do", "D", "approve", by=desk.manager, **rejected) == [("note-missing", "offer.approve")]
    corrected = {"by": desk.manager, "correct": True, "reason": blank}
    assert desk.unmet("record", "D", {"company": "Acme"}, **corrected) == [("reason-missing", "record")]
    assert desk.unmet("lose", "D", "price", by=desk.seller, note=blank) == [("note-missing", "lose")]
    assert desk.unmet("note", "D", blank, by=desk.seller) == [("note-missing", "note")]
    assert "small" not in desk.engine.record("D", {"small": blank}, by=desk.seller).deal.values


@pytest.mark.parametrize("action", ["send", "offer.send"])
def test_a_way_that_no_action_has_is_told_before_the_action_is_one_of_another_stage(desk: Desk, action: str) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    assert desk.unmet("do", "D", action, by=desk.seller, way="fax") == [("not-declared", "fax")]
    assert desk.unmet("do", "D", action, by=desk.seller, way="mail") == [("elsewhere", "offer.send")]


def test_needs_hold_when_each_is_done_or_does_not_apply(desk: Desk) -> None:
    desk.offered(discount="20")
    send = {"way": "mail", "evidence": "https://x.example"}
    assert desk.unmet("do", "D", "send", by=desk.seller, **send) == [("needs-open", "offer.approve")]
    desk.engine.record("D", {"discount": "1"}, by=desk.seller)
    assert desk.engine.do("D", "send", by=desk.seller, **send).deal.offered is not None


def test_only_one_open_way_is_taken_without_naming_it(desk: Desk) -> None:
    desk.offered()
    desk.engine.do("D", "send", by=desk.seller, way="mail", evidence="https://x.example")
    assert desk.engine.advance("D", by=desk.seller).deal.stage == "delivery"


def test_several_open_ways_must_be_named(desk: Desk) -> None:
    desk.offered()
    desk.engine.record("D", {"small": True}, by=desk.seller)
    assert desk.unmet("advance", "D", by=desk.seller) == [("several-targets", "delivery")]


def test_unfinished_allowed_always_asks_for_a_reason_and_is_marked(desk: Desk) -> None:
    desk.offered(amount="50")
    desk.engine.record("D", {"small": True}, by=desk.seller)
    assert desk.unmet("advance", "D", "parked", by=desk.seller) == [("reason-missing", "advance")]
    done = desk.engine.advance("D", "parked", by=desk.seller, reason="Next year")
    assert done.events[0]["data"]["unfinished"] == ["offer.send", "offer.enough"]


def test_a_waiver_lapses_when_a_field_that_the_criterion_reads_changes(desk: Desk) -> None:
    desk.offered(amount="50")
    desk.engine.do("D", "send", by=desk.seller, way="mail", evidence="https://x.example")
    desk.engine.waive("D", "enough", by=desk.manager, reason="A friend")
    assert len(desk.engine.deal("D").waivers) == 1
    desk.engine.do("D", "price", by=desk.seller, values={"amount": "60"})
    assert desk.engine.deal("D").waivers == ()
    desk.engine.waive("D", "enough", by=desk.manager, reason="A friend")
    done = desk.engine.advance("D", "delivery", by=desk.seller)
    assert done.events[0]["data"]["waivers"] == [done.deal.n - 2]


@pytest.mark.parametrize(
    ("expected", "who", "criterion", "reason"),
    [
        ([("not-yours", "offer.enough")], "seller", "enough", "why not"),
        ([("reason-missing", "waive")], "manager", "enough", None),
        ([("elsewhere", "offer.reachable")], "manager", "reachable", "x"),
        ([("not-declared", "nothing")], "manager", "nothing", "x"),
    ],
)
def test_a_waiver_is_refused_unless_it_counts_now_and_is_explained(
    desk: Desk, expected, who, criterion, reason
) -> None:
    desk.offered(amount="50")
    assert desk.unmet("waive", "D", criterion, by=getattr(desk, who), reason=reason) == expected


def test_a_met_criterion_is_not_waived(desk: Desk) -> None:
    desk.offered()
    assert desk.unmet("waive", "D", "enough", by=desk.manager, reason="x") == [("already-met", "offer.enough")]


def test_the_gate_stays_shut_behind_a_deal_and_a_correction_passes_it(desk: Desk) -> None:
    desk.won()
    assert desk.unmet("record", "D", {"amount": "1"}, by=desk.deliverer) == [("gate-shut", "amount")]
    assert desk.unmet("record", "D", {"discount": "30"}, by=desk.deliverer) == [("gate-shut", "discount")]
    assert desk.unmet("record", "D", {"amount": "1"}, by=desk.manager, correct=True) == [("reason-missing", "record")]
    done = desk.engine.record("D", {"amount": "510"}, by=desk.manager, correct=True, reason="A typing error")
    assert [event["type"] for event in done.events] == ["deal.corrected"]


def test_a_correction_does_not_spare_a_completion_of_the_present_stage(desk: Desk) -> None:
    desk.offered()
    got = desk.unmet("record", "D", {"amount": "1"}, by=desk.manager, correct=True, reason="x")
    assert got == [("gate-shut", "amount")]


def test_a_return_needs_a_reason_and_cuts_the_path(desk: Desk) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead", values={"email": "a@b.example"})
    desk.engine.do("D", "research", by=desk.seller, values={"company": "Acme"})
    desk.engine.advance("D", by=desk.seller)
    assert desk.unmet("back", "D", "lead", by=desk.seller) == [("reason-missing", "back")]
    deal = desk.engine.back("D", "lead", by=desk.seller, reason="Wrong company").deal
    assert (deal.path, deal.visit) == (("lead",), 3)


def test_one_goes_back_only_to_a_stage_on_the_path(desk: Desk) -> None:
    desk.offered()
    assert desk.unmet("back", "D", "lead", by=desk.seller, reason="x") == [("not-on-path", "lead")]
    assert desk.unmet("back", "D", "parked", by=desk.seller, reason="x") == [("no-such-move", "parked")]


def test_a_lost_deal_takes_notes_assignments_and_reopening_only(desk: Desk) -> None:
    desk.offered()
    assert desk.unmet("lose", "D", "price", by=desk.seller) == [("note-missing", "lose")]
    assert desk.engine.lose("D", "price", by=desk.seller, note="Too dear for them").deal.outcome == "lost"
    assert desk.unmet("record", "D", {"amount": "1"}, by=desk.seller) == [("closed", "offer")]
    desk.engine.note("D", "They called", by=desk.deliverer, kind="call")
    desk.engine.assign("D", "matti", by=desk.manager)
    assert desk.engine.reopen("D", by=desk.manager, reason="A new budget").deal.outcome == "open"


def test_reopening_is_refused_when_it_is_too_late(desk: Desk) -> None:
    desk.offered()
    desk.engine.lose("D", "price", by=desk.seller, note="x")
    desk.later(days=30, seconds=1)
    assert desk.unmet("reopen", "D", by=desk.manager, reason="x") == [("too-late", "reopen")]


def test_lost_after_the_win_counts_as_lost_and_is_marked(desk: Desk) -> None:
    desk.won()
    done = desk.engine.lose("D", "price", by=desk.deliverer, note="Cancelled")
    assert done.events[0]["data"]["after_won"] is True
    assert done.deal.outcome == "lost"


def test_finishing_takes_a_won_deal_where_the_process_ends(desk: Desk) -> None:
    desk.won()
    assert desk.unmet("finish", "D", by=desk.deliverer) == [("action-open", "delivery.deliver")]
    desk.engine.do("D", "deliver", by=desk.deliverer)
    assert desk.engine.finish("D", by=desk.deliverer).deal.mode == "done"
    assert desk.unmet("assign", "D", "x", by=desk.manager) == [("closed", "delivery")]
    desk.engine.note("D", "Thanks", by=desk.seller)


def test_sla_starts_anew_on_every_entry(desk: Desk) -> None:
    desk.offered()
    assert desk.engine.deal("D").due == "2026-03-05T08:00:00.000000Z"


def test_a_repeated_request_changes_nothing_and_another_command_under_it_is_a_conflict(desk: Desk) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead", request="r1")
    again = desk.engine.start("small", "D", by=desk.seller, stage="lead", request="r1")
    assert (again.replayed, again.deal.n) == (True, 1)
    with pytest.raises(DealExists):
        desk.engine.start("small", "D", by=desk.seller, stage="lead")
    with pytest.raises(RequestConflict):
        desk.engine.record("D", {"company": "x"}, by=desk.seller, request="r1")


def test_a_repeated_refusal_is_raised_again_and_not_logged_twice(desk: Desk) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    for _ in range(2):
        with pytest.raises(StepRefused):
            desk.engine.advance("D", by=desk.seller, request="r2")
    assert desk.engine.deal("D").n == 2


def test_personal_values_stand_apart_from_the_event_and_open_with_it(desk: Desk) -> None:
    desk.offered()
    (leaf,) = [item for item in desk.engine.feed() if item.event["type"] == "deal.started"]
    assert "a@b.example" not in json.dumps(leaf.event)
    assert desk.engine.events("D")[0]["data"]["values"] == {"email": "a@b.example"}


def test_what_is_typed_where_an_id_belongs_is_not_repeated_in_the_log(desk: Desk) -> None:
    desk.offered()
    for typed in ("Anna Virtanen", "Virtanen", "anna.virtanen", "VIRTANEN_1", "a" * 65, "0401234567", "anna@b.example"):
        assert desk.unmet("lose", "D", typed, by=desk.seller) == [("not-declared", "(not an id)")]
        assert desk.unmet("do", "D", typed, by=desk.seller) == [("not-declared", "(not an id)")]
        assert desk.unmet("record", "D", {typed: "x"}, by=desk.seller) == [("not-declared", "(not an id)")]
    for typed in ("virtanen", "no_need_2", f"{desk.engine.deal('D').stage}.virtanen"):
        assert desk.unmet("do", "D", typed, by=desk.seller) == [("not-declared", typed)]
    stored = "".join(json.dumps(event) for event in desk.engine.events("D"))
    assert "Virtanen" not in stored
    assert "b.example" not in stored.replace("a@b.example", "")


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    desk.offered()
    before = desk.engine.deal("D")
    desk.engine.record("D", {"amount": "7"}, by=desk.seller, dry_run=True)
    assert desk.engine.deal("D") == before


def test_a_published_version_never_changes(desk: Desk, tmp_path) -> None:
    file = tmp_path / "changed.yaml"
    file.write_text((tmp_path / "small.yaml").read_text("utf-8").replace("title: Small", "title: Other"), "utf-8")
    with pytest.raises(VersionExists):
        desk.engine.publish(load(file), by=desk.manager)


@pytest.mark.parametrize("name", ["", " x", "x\n", "a" * 65, "deal:x"])
def test_a_deal_needs_a_proper_name(desk: Desk, name: str) -> None:
    with pytest.raises(InvalidArgument):
        desk.engine.start("small", name, by=desk.seller, stage="lead")


def test_the_machine_decides_every_move(desk: Desk) -> None:
    """Without its transition in the machine the engine refuses a move that the definition has."""
    desk.won()
    desk.engine.do("D", "deliver", by=desk.deliverer)
    definition = desk.engine.definition_of(desk.engine.deal("D"))
    machine = desk.engine._library._volumes[definition.sha256].machine
    transition = machine.events["finish"].transitions.pop("delivery")
    assert desk.unmet("finish", "D", by=desk.deliverer) == [("no-such-move", "delivery")]
    machine.events["finish"].transitions["delivery"] = transition
    assert desk.engine.finish("D", by=desk.deliverer).deal.mode == "done"


def test_who_may_start_nowhere_is_told_so_before_a_stage_is_asked_for(desk: Desk) -> None:
    assert desk.unmet("start", "small", "D", by=desk.manager) == [("not-yours", "lead")]


def test_a_reason_that_cannot_be_logged_is_not_missing_as_well(desk: Desk) -> None:
    desk.offered(amount="50")
    waiver = {"by": desk.manager, "reason": "a\u0007b"}
    assert desk.unmet("waive", "D", "enough", **waiver) == [("bad-value", "reason")]
    correction = {"correct": True, "reason": "a\u0007b"}
    assert desk.unmet("record", "D", {"small": True}, by=desk.manager, **correction) == [("bad-value", "reason")]


@pytest.mark.parametrize("name", [".enough", "offer.", "offer..enough", "enough.offer", "lead.enough"])
def test_a_criterion_is_named_by_its_id_or_with_its_stage(desk: Desk, name: str) -> None:
    desk.offered(amount="50")
    assert desk.unmet("waive", "D", name, by=desk.manager, reason="It is small")[0][0] == "not-declared"
