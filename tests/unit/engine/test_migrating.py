"""Deals that go over to another version: what comes along under which name, what stays, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from migrations import BACK, BOSS, FIRST, PLAN, SECOND, SELLER, Office, changed, why

from procdef import (
    Deals,
    DefinitionInvalid,
    Done,
    InvalidArgument,
    MigrationIncomplete,
    RequestConflict,
    StepRefused,
    UnknownDeal,
    UnknownProcess,
    open_store,
)
from procdef.store.queries import Activities, Stays
from procdef.store.rows import Leaf


@pytest.fixture(params=["memory:", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """An office with the first version; whatever a test does, its log verifies afterwards."""
    address = request.param if request.param == "memory:" else f"sqlite:///{tmp_path / 'deals.db'}"
    with closing(open_store(address)) as store:
        office = Office(store)
        yield office
        assert office.findings() == []


def test_all_that_a_deal_has_comes_along_under_its_new_names(office: Office) -> None:
    rows = [{"name": "Anna", "seats": 3}]
    office.negotiated("D", fax="1", contacts=rows, size="big", close="2026-05-01")
    office.engine.assign("D", "tero", by=BOSS)
    before = office.engine.deal("D")
    office.publish(SECOND)
    (told,) = office.migrate(reason="New terms")
    assert (told.status, told.stage, told.stage_after, told.new_work) == ("migrated", "negotiation", "closing", ())
    after = office.engine.deal("D")
    assert (after.version, after.stage, after.path) == (2, "closing", ("lead", "closing"))
    assert after.values == {
        "offer_value": "1000", "address": "d@x.example", "people": rows, "size": "big", "close": "2026-05-01",
        "region": "unknown",
    }  # fmt: skip
    assert after.standing == {"lead.call": ("maija",), "closing.send_offer": ("maija",), "closing.approve": ("jaana",)}
    assert after.changed_by["offer_value"] == "maija"
    assert after.changed_by["region"] == "jaana"
    assert "fax" not in after.changed_by
    assert after.former == {"maija": ("region",)}
    assert (after.entered, after.visit, after.active, after.latest) == (
        before.entered, before.visit, before.active, before.latest
    )  # fmt: skip
    assert before.due is not None
    assert after.due is not None
    assert after.due < before.due
    assert (after.amount, after.expected) == ("1000", "2026-05-01")
    office.engine.advance("D", by=SELLER)
    assert office.engine.deal("D").outcome == "won"


def test_earlier_visits_and_the_figures_follow(office: Office) -> None:
    office.negotiated("D", close="2026-05-01")
    office.engine.back("D", "lead", by=SELLER, reason="Once more")
    office.publish(SECOND)
    office.migrate()
    with office.store.transaction(write=False) as tx:
        assert [stay.stage for stay in tx.scan(Stays())] == ["lead", "closing", "lead"]
        told = [(row.kind, row.item, row.detail) for row in tx.scan(Activities(kinds=("value", "close")))]
    assert told == [
        ("value", "budget", "1000"), ("close", "close", "2026-05-01"), ("value", "offer_value", "1000"),
        ("close", "close", "2026-05-01"),
    ]  # fmt: skip


def test_the_event_holds_only_what_this_deal_has_in_use(office: Office) -> None:
    office.lead("D", size="small")
    office.publish(SECOND)
    office.migrate()
    data = office.engine.events("D")[-1]["data"]
    assert {key: data[key] for key in data if key != "plan"} == {
        "from": 1, "to": 2, "stage": "lead", "path": ["lead"], "values": {"region": "unknown"}, "unset": [],
    }  # fmt: skip


def test_without_a_plan_what_has_the_same_id_keeps_it(office: Office) -> None:
    office.negotiated("D")
    office.publish(changed(FIRST, ("version: 1", "version: 2"), ("title: Send terms", "title: Send the terms")))
    (told,) = office.migrate(None)
    assert (told.status, told.against) == ("migrated", ())
    assert office.engine.deal("D").version == 2


def test_a_gap_in_the_plan_keeps_all_deals_where_they_are(office: Office) -> None:
    office.negotiated("D")
    office.lead("E", size="big")
    office.publish(SECOND)
    plan = {**PLAN, "fields": {"budget": "offer_value"}}
    told = office.migrate(plan, apply=False)
    assert why(told) == {"D": [("field", "mail", "gone")]}
    with pytest.raises(MigrationIncomplete, match=r"what becomes of the field mail \(1 deal\); nothing was") as refused:
        office.migrate(plan)
    assert refused.value.gaps == (("field", "mail", "gone", 1, ("D",)),)
    assert {office.engine.deal(name).version for name in "DE"} == {1}


STAYS: dict[str, tuple[tuple[tuple[str, str], ...], dict[str, Any], list[tuple[str, str, str]]]] = {
    "a value that does not fit": (
        (("offer_value: {type: money}", "offer_value: {type: money, min: 5000}"),), {}, [("field", "offer_value", "value")],
    ),
    "a stage that no way leads to": (
        (
            ("    next: closing\n", "    next: won\n"), ("    back: [lead]\n", ""),
            ("    title: Closing\n", "    title: Closing\n    start: true\n"),
        ),
        {}, [("path", "closing", "unreachable")],
    ),
    "a path the other way round": (
        (),
        {
            "stages": {"lead": "closing", "negotiation": "lead"},
            "actions": {"negotiation.send_terms": "closing.send_offer", "negotiation.approve": "closing.approve"},
        },
        [("path", "lead", "unreachable")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", STAYS)
def test_a_deal_that_cannot_go_over_stays_and_the_others_go(what: str, office: Office) -> None:
    changes, more, expected = STAYS[what]
    office.negotiated("D")
    office.lead("E", size="big")
    office.publish(changed(SECOND, *changes))
    told = office.migrate({**PLAN, **more})
    assert why(told) == {"D": expected}
    assert [office.engine.deal(name).version for name in "DE"] == [1, 2]


def test_no_win_is_won_or_lost_by_it(office: Office) -> None:
    office.negotiated("D")
    office.negotiated("E")
    office.engine.advance("E", by=SELLER)
    earlier = (("outcome: won, owner: seller}", "owner: seller}"), ("    back: [lead]\n", ""))
    won = ("title: Negotiation\n", "title: Negotiation\n    outcome: won\n")
    office.publish(changed(FIRST, ("version: 1", "version: 2"), *earlier, won))
    assert why(office.migrate(None)) == {"D": [("stage", "negotiation", "win")]}
    assert office.engine.deal("E").outcome == "won"
    office.publish(
        changed(SECOND, ("version: 2", "version: 3"), *earlier, ("title: Closing\n", "title: Closing\n    outcome: won\n"))
    )
    with pytest.raises(DefinitionInvalid, match='stage "negotiation" lies before the win and "closing" after it'):
        office.migrate({**PLAN, "to": 3}, to=3)


def test_lost_and_finished_deals_and_those_that_are_there_are_left_alone(office: Office) -> None:
    for name in "ABCD":
        office.lead(name, size="big")
    office.engine.lose("A", "price", by=SELLER)
    office.publish(SECOND)
    office.migrate(deals=["B"])
    run = office.engine.migrate("sale", to=2, plan=PLAN, by=BOSS, apply=True)
    assert [deal.deal for deal in run] == ["C", "D"]
    assert (run.left_alone, run.already) == (1, 1)
    assert [deal.deal for deal in run] == []
    office.engine.reopen("A", by=BOSS, reason="They called")
    assert office.engine.deal("A").version == 1


def test_deals_are_chosen_as_a_list_chooses_them(office: Office) -> None:
    office.negotiated("A")
    office.lead("B", size="big")
    office.lead("C", size="big")
    office.engine.assign("C", "tero", by=BOSS)
    office.publish(SECOND)
    asked = {"stage": Deals(stage="negotiation"), "owner": Deals(owner="tero"), "outcome": Deals(outcome="won")}
    found = {name: [deal.deal for deal in office.migrate(apply=False, deals=query)] for name, query in asked.items()}
    assert found == {"stage": ["A"], "owner": ["C"], "outcome": []}
    assert [deal.deal for deal in office.migrate(apply=False, deals=["C", "A"], batch=1)] == ["C", "A"]
    assert [deal.deal for deal in office.migrate(apply=False, batch=1)] == ["A", "B", "C"]


ARGUMENTS: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "no such process": ({"process": "sales"}, UnknownProcess, 'did you mean "sale"'),
    "no such version": ({"to": 7}, InvalidArgument, r"version 7 of sale is not published here; there are 1, 2"),
    "no such version before": ({"versions": [9]}, InvalidArgument, "version 9 of sale is not published here"),
    "the version that they are in": ({"versions": [2]}, InvalidArgument, "deals of version 2 are in version 2 already"),
    "no earlier version": ({"to": 1}, InvalidArgument, "no version of sale is earlier than 1"),
    "no such deal": ({"deals": ["X"]}, UnknownDeal, "there is no deal 'X'"),
    "no such stage": ({"deals": Deals(stage="leed")}, InvalidArgument, 'did you mean "lead"'),
    "a page of a list": ({"deals": Deals(limit=3)}, InvalidArgument, "chosen by stage, owner, outcome and overdue alone"),
    "a plan to elsewhere": ({"plan": BACK, "versions": [1]}, InvalidArgument, "the plan leads to version 1, and not to 2"),
    "a plan from elsewhere": ({"plan": PLAN, "versions": [3]}, InvalidArgument, "version 3 of sale is not published"),
    "no plan": ({"plan": "plan.yaml"}, InvalidArgument, "a plan is what load_plan"),
}


@pytest.mark.parametrize("what", ARGUMENTS)
def test_what_cannot_be_is_told_at_once(what: str, office: Office) -> None:
    given, kind, message = ARGUMENTS[what]
    office.publish(SECOND)
    with pytest.raises(kind, match=message):
        office.engine.migrate(**{"process": "sale", "to": 2, "by": BOSS, **given})


def test_waivers_stand_while_the_criterion_says_the_same_of_the_same(office: Office) -> None:
    office.lead("D", size="big")
    office.engine.record("D", {"mail": None}, by=SELLER)
    office.engine.waive("D", "known", by=BOSS, reason="They are known")
    office.publish(changed(FIRST, ("version: 1", "version: 2"), ("title: Call,", "title: Ring,")))
    (told,) = office.migrate(None)
    assert told.new_work == ()
    assert [waiver.criterion for waiver in office.engine.deal("D").waivers] == ["lead.known"]
    office.publish(changed(SECOND, ("version: 2", "version: 3")))
    (told,) = office.migrate({**PLAN, "from": 2, "to": 3}, to=3)
    assert office.engine.deal("D").waivers == ()
    assert [(work.what, work.id) for work in told.new_work] == [("criterion", "lead.known")]


def test_completions_are_voided_where_the_plan_says_so(office: Office) -> None:
    office.negotiated("D")
    office.publish(SECOND)
    (told,) = office.migrate({**PLAN, "void": ["closing.approve"]})
    assert [(each.id, each.status) for each in told.new_work] == [("closing.approve", "open")]
    assert "closing.approve" not in office.engine.deal("D").standing
    office.engine.do("D", "approve", by=BOSS, decision="approve")


VOIDED_BY = changed(FIRST, ("voided_by: [budget]", "voided_by: [budget, size]"))
OTHERWISE: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "set where none was": ({}, {"set": {"size": "small"}}, True),
    "dropped": ({"size": "big"}, {"fields": {"size": None}}, True),
    "dropped and set": ({"size": "big"}, {"fields": {"size": None}, "set": {"size": "small"}}, True),
    "set only where it had none": ({"size": "big"}, {"set": {"size": "small"}}, False),
    "of another field": ({"fax": "1"}, {"fields": {"fax": None}}, False),
}


@pytest.mark.parametrize("what", OTHERWISE)
def test_another_value_under_a_decision_ends_it_as_recording_does(what: str, office: Office) -> None:
    values, plan, ends = OTHERWISE[what]
    office.publish(changed(VOIDED_BY, ("version: 1", "version: 2")))
    office.negotiated("D", **values)
    office.publish(changed(VOIDED_BY, ("version: 1", "version: 3")))
    plan = {"procdef-plan": 1, "process": "sale", "from": 2, "to": 3, **plan}
    (told,) = office.migrate(plan, to=3)
    again = ["negotiation.approve"] * ends
    assert [work.id for work in told.new_work] == again
    assert office.engine.events("D")[-1]["data"].get("voided", []) == again
    assert ("negotiation.approve" in office.engine.deal("D").standing) is not ends


def test_a_value_set_in_a_field_whose_value_was_emptied_is_a_new_one(office: Office) -> None:
    office.lead("D", fax="1")
    office.engine.record("D", {"fax": None}, by=SELLER)
    office.publish(SECOND)
    office.migrate({**PLAN, "fields": {**PLAN["fields"], "fax": "region"}})
    assert office.engine.events("D")[-1]["data"]["fields"] == {"fax": None}
    assert office.engine.deal("D").changed_by["region"] == "jaana"


def test_a_field_may_be_dropped_and_set_anew(office: Office) -> None:
    office.negotiated("D", size="big", fax="1")
    office.publish(SECOND)
    office.migrate({**PLAN, "fields": {**PLAN["fields"], "size": None}, "set": {"size": "small"}})
    event = list(office.engine.events("D"))[-1]["data"]
    assert (event["fields"]["size"], event["values"]["size"]) == (None, "small")
    assert "fax" in event["unset"]
    assert "size" not in event["unset"]
    assert office.engine.deal("D").values["size"] == "small"


def test_who_set_a_value_stays_who_set_it_for_four_eyes(office: Office) -> None:
    office.negotiated("D")
    office.engine.record("D", {"budget": "2000"}, by=replace(BOSS, roles=frozenset({"boss", "seller"})))
    office.publish(SECOND)
    office.migrate()
    with pytest.raises(Exception, match="approve"):
        office.engine.do("D", "approve", by=BOSS, decision="approve")


def test_what_timers_told_is_not_told_again(office: Office) -> None:
    office.negotiated("D")
    office.engine.do("D", "approve", by=BOSS, decision="reject", note="No")
    office.now = office.now.replace(day=20)
    told = [each.of for each in office.engine.tick(by=SELLER)]
    assert told
    office.publish(changed(SECOND, ("within: 3 days", "within: 5 days"), ("within: 1 days", "within: 2 days")))
    office.migrate()
    assert [each.of for each in office.engine.tick(by=SELLER)] == []
    office.now = office.now.replace(month=4)
    assert {each.of for each in office.engine.tick(by=SELLER)} == set()


def test_it_is_taken_back_as_long_as_nothing_is_lost_by_it(office: Office) -> None:
    office.negotiated("D")
    office.negotiated("E")
    before = office.engine.deal("D")
    office.publish(SECOND)
    office.migrate()
    office.engine.record("E", {"region": "north"}, by=SELLER)
    told = office.migrate(BACK, to=1)
    assert why(told) == {"E": [("field", "region", "lost")]}
    after = office.engine.deal("D")
    assert (after.version, after.stage, after.path, after.values, after.standing, after.due) == (
        before.version, before.stage, before.path, before.values, before.standing, before.due
    )  # fmt: skip


def test_publishing_again_in_the_middle_changes_nothing(office: Office) -> None:
    for name in "ABC":
        office.lead(name, size="big")
    office.publish(SECOND)
    run = iter(office.engine.migrate("sale", to=2, plan=PLAN, by=BOSS, apply=True, batch=1))
    assert next(run).deal == "A"
    office.publish(changed(SECOND, ("version: 2", "version: 3")))
    assert [deal.deal for deal in run] == ["B", "C"]
    assert {office.engine.deal(name).version for name in "ABC"} == {2}


def test_a_deal_that_moves_meanwhile_is_judged_anew(office: Office) -> None:
    for name in "AB":
        office.lead(name, size="big", budget="1", mail="a@x.example")
        office.engine.do(name, "call", by=SELLER)
    office.publish(SECOND)
    run = iter(office.engine.migrate("sale", to=2, plan=PLAN, by=BOSS, apply=True, batch=1))
    next(run)
    office.engine.advance("B", by=SELLER)
    assert [(deal.deal, deal.stage, deal.stage_after) for deal in run] == [("B", "negotiation", "closing")]


def test_erasing_reaches_what_a_migration_wrote_anew(office: Office) -> None:
    office.negotiated("D", contacts=[{"name": "Anna Virtanen", "seats": 3}], fax="1")
    office.publish(SECOND)
    office.migrate()
    done = office.engine.erase("D", ["address", "people"], basis="art-17", by=BOSS)
    assert {(leaf.n, leaf.path) for leaf in done.leaves} == {
        (1, "/values/mail"), (1, "/values/contacts/0/name"), (6, "/values/address"), (6, "/values/people/0/name"),
    }  # fmt: skip
    deal = office.engine.deal("D")
    assert deal.erased == ("address",)
    assert "address" not in deal.values
    assert office.engine.held_on("Anna Virtanen") == []
    with pytest.raises(InvalidArgument, match="there is no field 'mail'"):
        office.engine.erase("D", ["mail"], basis="art-17", by=BOSS)


def test_erasing_again_follows_a_value_to_where_a_later_migration_carried_it(office: Office) -> None:
    office.negotiated("D")
    (leaf,) = office.engine.held_on("d@x.example")
    office.publish(SECOND)
    office.migrate()
    done = office.engine.erase_again([Leaf(leaf.stream, leaf.n, leaf.path)], basis="art-17", by=BOSS)
    assert {each.path for each in done.leaves} == {"/values/mail", "/values/address"}
    assert office.engine.held_on("d@x.example") == []


def test_a_value_that_was_erased_before_stays_so_under_its_new_name(office: Office) -> None:
    office.negotiated("D")
    office.engine.erase("D", ["mail"], basis="art-17", by=BOSS)
    office.publish(SECOND)
    office.migrate()
    assert office.engine.deal("D").erased == ("address",)
    office.engine.advance("D", by=SELLER)


def test_a_personal_value_never_comes_into_the_open(office: Office) -> None:
    office.negotiated("D")
    shown = ("mail: {type: email}", "mail: {type: email, personal: false}")
    office.publish(changed(FIRST, ("version: 1", "version: 2"), shown))
    assert why(office.migrate(None, apply=False)) == {"D": [("field", "mail", "shown")]}
    plan = {"procdef-plan": 1, "process": "sale", "from": 1, "to": 2, "fields": {"mail": "mail"}}
    with pytest.raises(DefinitionInvalid, match="are personal, and those of"):
        office.migrate(plan)
    office.migrate({**plan, "fields": {"mail": None}})
    assert "mail" not in office.engine.deal("D").values


def test_a_value_that_becomes_personal_is_set_apart(office: Office) -> None:
    office.negotiated("D", fax="+358 1 234")
    office.publish(changed(FIRST, ("version: 1", "version: 2"), ("fax: {type: text, personal: false}", "fax: {type: text}")))
    office.migrate(None)
    event = office.engine.events("D")[-1]
    assert event["data"]["fields"] == {"fax": "fax"}
    assert "/values/fax" in event["private"]
    assert office.engine.deal("D").values["fax"] == "+358 1 234"


def test_what_an_import_is_late_with_may_still_be_recorded(office: Office) -> None:
    office.lead("D", size="big")
    before = office.clock().isoformat()
    office.publish(SECOND)
    office.migrate()
    step = {"by": "maija", "roles": ["seller"], "deal": "D", "do": "record", "values": {"region": "south"}, "happened": before}
    (played,) = office.engine.run("sale", [step], by=BOSS)
    assert played.status == "applied"


TABLE = "approve: {title: Approve, decision: true, by: [{when: budget < 5000, roles: boss}, {roles: seller}]}"
ONE_ROLE = "approve: {title: Approve, decision: true, by: boss, four_eyes: true, voided_by: [budget]}"
BY_TABLE = changed(FIRST, (ONE_ROLE, TABLE))


@pytest.mark.parametrize(
    ("rows", "plan", "told"),
    [
        ("[{when: budget < 5000, roles: boss}, {roles: seller}]", {}, []),
        ("[{when: budget < 5000, roles: boss}, {roles: [seller, boss]}]", {}, []),
        ("[{when: worth < 5000, roles: boss}, {roles: seller}]", {"fields": {"budget": "worth"}}, []),
        ("[{when: budget < 9000, roles: boss}, {roles: seller}]", {}, ["boss, where budget < 9000"]),
        ("[{when: budget < 5000, roles: seller}, {roles: boss}]", {}, ["seller, where budget < 5000"]),
        ("[{when: budget < 50, roles: seller}, {when: budget < 5000, roles: boss}, {roles: boss}]", {},
         ["seller, where budget < 50"]),
        ("boss", {}, [None]),
    ],
)  # fmt: skip
def test_an_approval_comes_along_by_the_number_of_its_row_and_it_is_told_where_that_says_otherwise(
    rows: str, plan: dict[str, Any], told: list[str | None]
) -> None:
    office = Office(open_store("memory:"), BY_TABLE)
    office.negotiated("D")
    new = changed(BY_TABLE, ("version: 1", "version: 2"))
    if "worth" in rows:
        new = new.replace("budget", "worth")
    office.publish(new[: (at := new.index("by: [{when:"))] + f"by: {rows}}}" + new[new.index("\n", at) :])
    keys = {"procdef-plan": 1, "process": "sale", "from": 1, "to": 2, "actions": {"negotiation.approve": "negotiation.approve"}}
    (dry,) = office.migrate({**keys, **plan}, apply=False)
    assert [(each.action, each.row, each.was.replace("worth", "budget"), each.now) for each in dry.other_rows] == [
        ("negotiation.approve", 1, "boss, where budget < 5000", now) for now in told
    ]
    (done,) = office.migrate({**keys, **plan})
    assert done.other_rows == dry.other_rows
    assert office.findings() == []


@pytest.mark.parametrize("more", [{"fields": {**BACK["fields"], "people": None}}, {"void": ["negotiation.approve"]}])
def test_a_way_back_takes_nothing_away_also_where_its_plan_says_so(office: Office, more: dict[str, Any]) -> None:
    office.negotiated("D", contacts=[{"name": "Anna", "seats": 3}])
    office.publish(SECOND)
    office.migrate()
    ((_, _, why_not),) = why(office.migrate({**BACK, **more}, to=1))["D"]
    assert (why_not, office.engine.deal("D").version) == ("lost", 2)


def test_a_step_that_is_sent_again_after_it_is_the_step_of_then(office: Office) -> None:
    engine = office.engine
    given: dict[str, Any] = {"contacts": [{"name": "Aino", "seats": "3"}], "fax": "none", "mail": "a@x.example"}

    def start() -> Done:
        return engine.start("sale", "D", by=SELLER, values={**given, "budget": "1000.00"}, request="start")

    def advance() -> Done:
        return engine.advance("D", by=SELLER, request="advance")

    start()
    engine.do("D", "call", by=SELLER)
    engine.advance("D", by=SELLER)
    for _ in range(2):
        with pytest.raises(StepRefused) as refused:
            advance()
    office.publish(SECOND)
    assert [deal.status for deal in office.migrate()] == ["migrated"]
    assert start().replayed
    given["fax"] = "another"
    with pytest.raises(RequestConflict):
        start()
    with pytest.raises(StepRefused) as again:
        advance()
    assert again.value.replayed
    assert [(item.code, item.id) for item in again.value.unmet] == [(item.code, item.id) for item in refused.value.unmet]
    assert "negotiation.send_terms was not done" in str(again.value)
    assert "another request key" in str(again.value.unmet[0].fix)


def test_a_deal_that_is_named_twice_goes_over_once(office: Office) -> None:
    office.lead("A")
    office.publish(SECOND)
    names = ["A", office.engine.deal("A").stream]
    assert [deal.status for deal in office.migrate(deals=names, apply=False)] == ["moves"]
    assert [deal.status for deal in office.migrate(deals=names)] == ["migrated"]
