"""A writer that decides wrongly, and writes down in good order what it decided, is found out by the meaning."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from broken_writer import Story, changed, codes_of, told
from small_story import CONTACTS, DEFINITION, MANAGER, SELLER, fresh, tell_all_but_the_end

from procdef import Actor, Engine, StepRefused
from procdef.deal import Deal
from procdef.decide import Decision, Refusal, context, input_values, voiding
from procdef.decide.context import Context
from procdef.engine import event_queue, unit_of_work
from procdef.expression import FieldType, Value, coerce
from procdef.log.event import Entry
from procdef.verification import deal_history

MATTI = Actor("matti", frozenset({"seller", "manager"}))
GUEST = Actor("eva", frozenset({"guest"}))
COMPANY = {"company": "Only Oy"}
EMAIL = {"email": "only@o.example"}


def begin(engine: Engine, stage: str = "lead", **values: Any) -> None:
    """A deal of its own, owned by ``matti``."""
    engine.publish(DEFINITION, by=MANAGER)
    engine.start("small", "only", by=SELLER, stage=stage, values={**EMAIL, **values})


in_lead = partial(begin, stage="lead", company="Only Oy")
in_offer = partial(begin, stage="offer", company="Only Oy")


def priced(engine: Engine, amount: str = "200", **values: Any) -> None:
    in_offer(engine, amount=amount, **values)
    engine.do("only", "price", by=SELLER)


def lost(engine: Engine) -> None:
    in_offer(engine)
    engine.lose("only", "price", by=SELLER, note="Too dear")


def shelved(engine: Engine) -> None:
    priced(engine, small=True, amount="20")
    engine.advance("only", "parked", by=SELLER, reason="They wait")
    engine.do("only", "call", by=SELLER, evidence="https://calls.example/only")
    engine.advance("only", "shelf", by=SELLER)


complete = partial(priced, contacts=CONTACTS, close="2026-06-30")


def delivered(engine: Engine) -> None:
    complete(engine)
    engine.advance("only", "delivery", by=SELLER)
    engine.do("only", "deliver", by=SELLER, evidence="Offer.pdf sha256:" + "ab" * 32)


def returnable(engine: Engine) -> None:
    in_lead(engine)
    engine.do("only", "research", by=SELLER, evidence="Read about them")
    engine.advance("only", by=SELLER)


# What is personal, and what facts tell of it

SKIPPED: dict[str, Callable[[list[str]], list[str]]] = {
    "plain fields": lambda pointers: [pointer for pointer in pointers if "contacts" in pointer],
    "cells of lists": lambda pointers: [pointer for pointer in pointers if "contacts" not in pointer],
    "all rows of a list but the first": lambda pointers: [pointer for pointer in pointers if "/1/" not in pointer],
}


def with_personal_values(engine: Engine) -> None:
    begin(engine, contacts=CONTACTS)
    engine.record("only", {"email": "new@o.example", "contacts": [*CONTACTS, *CONTACTS]}, by=SELLER)


@pytest.mark.parametrize("what", SKIPPED)
@pytest.mark.parametrize("place", [input_values, voiding], ids=["in starts and refusals", "in values recorded later"])
def test_personal_values_that_the_writer_does_not_set_apart_are_found(what: str, place: Any) -> None:
    assert "illegal" in changed(place, "private_values", SKIPPED[what], with_personal_values)


def test_personal_cells_that_facts_tell_are_found() -> None:
    assert "illegal" in told(context, "public", lambda kind, stored: stored, tell_all_but_the_end)


def test_personal_fields_that_facts_tell_are_found() -> None:
    real = Context.facts

    def stand_in(seen: Context) -> dict[str, Any]:
        return {**real(seen), "values": dict(seen.raw)} if seen.raw else real(seen)

    assert "illegal" in told(Context, "facts", stand_in, tell_all_but_the_end)


# When a stage is to be left, and its actions are to be done

EARLY, LATER = "2020-01-01T00:00:00.000000Z", "2030-01-01T00:00:00.000000Z"
DUE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "never": lambda due: {},
    "before it was entered": lambda due: {**due, "due": EARLY} if "due" in due else due,
    "at a time in another form": lambda due: {**due, "due": "2030-01-01"} if "due" in due else due,
    "but not its actions": lambda due: {key: value for key, value in due.items() if key != "dues"},
    "with actions due before": lambda due: {**due, "dues": dict.fromkeys(due["dues"], EARLY)} if "dues" in due else due,
    "with actions of another stage": lambda due: {**due, "dues": {**due.get("dues", {}), "parked.call": LATER}},
    "with actions that have no deadline": lambda due: {**due, "dues": {**due.get("dues", {}), "lead.greet": LATER}},
    "with actions due by a field that is empty": lambda due: {**due, "dues": {**due.get("dues", {}), "offer.approve": LATER}},
}


@pytest.mark.parametrize("when", DUE)
def test_a_stage_that_is_due_at_a_wrong_time_is_found(when: str) -> None:
    real = Context.due
    found = told(Context, "due", lambda seen, stage: DUE[when](real(seen, stage)), tell_all_but_the_end)
    assert "illegal" in found


CHANGED_DUE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "nothing": lambda due: {},
    "only the stage": lambda due: {key: value for key, value in due.items() if key != "dues"},
    "only the actions": lambda due: {key: value for key, value in due.items() if key != "due"},
    "a time where the field was emptied": lambda due: {**due, "due": LATER} if due.get("due", "") is None else due,
    "no time where the field was filled": lambda due: {**due, "due": None} if due.get("due") else due,
    "another day": lambda due: {**due, "due": LATER} if due.get("due") else due,
    "another day for an action": lambda due: {**due, "dues": {"offer.approve": LATER}} if "dues" in due else due,
    "an action that hangs on no field": lambda due: {**due, "dues": {"offer.price": LATER, **due.get("dues", {})}},
    "a stage that hangs on no field": lambda due: {"due": LATER, **due},
}


@pytest.mark.parametrize("what", CHANGED_DUE)
def test_due_times_that_do_not_follow_from_changed_fields_are_found(what: str) -> None:
    real = voiding.changed_due_times
    found = told(voiding, "changed_due_times", lambda *given: CHANGED_DUE[what](real(*given)), tell_all_but_the_end)
    assert "illegal" in found


# Entries of a decision


def of(kind: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Callable[[Any], Any]:
    """A decision whose entries of that type have other data, or are left out."""

    def changed_entries(decided: Decision | Refusal) -> Decision | Refusal:
        if isinstance(decided, Refusal):
            return decided
        entries = []
        for entry in decided.entries:
            data = change(entry.data) if entry.type == kind else entry.data
            if data is not None:
                private = tuple(pointer for pointer in entry.private if pointer.split("/")[1] in data)
                entries.append(Entry(entry.type, data, private))
        return decided._replace(entries=tuple(entries))

    return changed_entries


def less(*keys: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda data: {key: value for key, value in data.items() if key not in keys}


def more(**data: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda before: {**before, **data}


def reversed_entries(decided: Decision | Refusal) -> Decision | Refusal:
    return decided if isinstance(decided, Refusal) else decided._replace(entries=decided.entries[::-1])


def as_far_as_it_goes(engine: Engine) -> None:
    """The story up to where a broken writer has come to another place than it."""
    with suppress(StepRefused):
        tell_all_but_the_end(engine)


DECISIONS: dict[str, Callable[[Any], Any]] = {
    "events in another order": reversed_entries,
    "no win on entering the won stage": of("deal.won", lambda data: None),
    "nothing voided": of("action.voided", lambda data: None),
    "an action voided by other fields": of("action.voided", more(by_fields=["close"])),
    "nothing changed": of("deal.recorded", more(changed=[])),
    "everything changed": of("deal.recorded", lambda data: {**data, "changed": ["amount", "close", "company", "small"]}),
    "values that were given left out": of("deal.recorded", more(values={})),
    "no due time": of("stage.advanced", less("due")),
    "a due time where the stage has none": of("stage.advanced", more(due=LATER)),
    "no due time after a return": of("stage.returned", less("due")),
    "no due time after a reopening": of("deal.reopened", less("due")),
    "an advance to another stage": of("stage.advanced", more(to="shelf")),
    "an advance from another stage": of("stage.advanced", more(**{"from": "lead"})),
    "waivers left out": of("stage.advanced", less("waivers")),
    "waivers left out at the end": of("deal.finished", less("waivers")),
    "unfinished actions left out": of("stage.advanced", less("unfinished")),
    "a reason left out": of("stage.advanced", less("reason")),
    "a reason for a waiver left out": of("criterion.waived", less("reason")),
    "a reason for a correction left out": of("deal.corrected", less("reason")),
    "a reason for returning left out": of("stage.returned", less("reason")),
    "a milestone left out": of("action.completed", less("milestone")),
    "a milestone with every action": of("action.completed", more(milestone="offer")),
    "a way left out": of("action.completed", less("way")),
    "evidence left out": of("action.completed", less("evidence")),
    "a decision left out": of("action.completed", less("decision")),
    "a note left out": of("deal.lost", less("note")),
    "a loss after a win": of("deal.lost", more(after_won=True)),
    "another reason of a loss": of("deal.lost", more(reason="boredom")),
    "what a waiver reads left out": of("criterion.waived", more(reads=[])),
    "another criterion waived": of("criterion.waived", more(criterion={"stage": "lead", "side": "exit", "id": "named"})),
    "nobody as the new owner": of("deal.assigned", more(to="")),
}


@pytest.mark.parametrize("what", DECISIONS)
def test_a_wrong_decision_is_found(what: str) -> None:
    assert changed(unit_of_work, "decide", DECISIONS[what], as_far_as_it_goes)


# What is let pass

LET_PASS: dict[str, tuple[str, Story, Callable[[Engine], Any]]] = {
    "an open action": ("action-open", in_lead, lambda engine: engine.advance("only", by=SELLER)),
    "a criterion that is not met": (
        "criterion-unmet", partial(begin, email=None),
        lambda engine: engine.start("small", "other", by=SELLER, stage="offer"),
    ),
    "a criterion of which nothing is known": (
        "criterion-unknown", priced, lambda engine: engine.advance("only", "delivery", by=SELLER),
    ),
    "a closed way": ("branch-closed", in_offer, lambda engine: engine.advance("only", "parked", by=SELLER, reason="x")),
    "a return without a reason": ("reason-missing", returnable, lambda engine: engine.back("only", "lead", by=SELLER)),
    "a reopening without a reason": ("reason-missing", lost, lambda engine: engine.reopen("only", by=MANAGER)),
    "a correction without a reason": (
        "reason-missing", in_lead, lambda engine: engine.record("only", {"amount": "5"}, by=MANAGER, correct=True),
    ),
    "an unfinished stage without a reason": (
        "reason-missing", partial(in_offer, small=True), lambda engine: engine.advance("only", "parked", by=SELLER),
    ),
    "a loss without a note": ("note-missing", in_lead, lambda engine: engine.lose("only", "price", by=SELLER)),
    "a rejection without a note": (
        "note-missing", partial(priced, amount="2000"),
        lambda engine: engine.do("only", "approve", by=MANAGER, decision="reject"),
    ),
    "an action without evidence": ("evidence-missing", in_lead, lambda engine: engine.do("only", "research", by=SELLER)),
    "an action without what it records": (
        "records-unset", begin, lambda engine: engine.do("only", "research", by=SELLER, evidence="x"),
    ),
    "a loss without what is recorded of its reason": (
        "records-unset", in_lead, lambda engine: engine.lose("only", "cancelled", by=SELLER, note="x"),
    ),
    "an action without a way": ("way-missing", in_lead, lambda engine: engine.do("only", "greet", by=SELLER)),
    "an action before another": (
        "needs-open", partial(in_offer, amount="2000"),
        lambda engine: engine.do("only", "approve", by=MANAGER, decision="approve"),
    ),
    "an action that is not needed": (
        "when-false", priced, lambda engine: engine.do("only", "approve", by=MANAGER, decision="approve"),
    ),
    "a decision without one": (
        "decision-missing", partial(priced, amount="2000"), lambda engine: engine.do("only", "approve", by=MANAGER),
    ),
    "a second pair of eyes that is the first": (
        "four-eyes", partial(priced, amount="2000"),
        lambda engine: engine.do("only", "approve", by=MATTI, decision="approve"),
    ),
    "a value that undoes what is behind the gate": (
        "gate-shut", returnable, lambda engine: engine.record("only", {"company": "Other Oy"}, by=SELLER),
    ),
    "a value that is emptied behind the gate": (
        "gate-shut", returnable, lambda engine: engine.record("only", {"email": ""}, by=SELLER),
    ),
    "a waiver of what is met": (
        "already-met", in_lead, lambda engine: engine.waive("only", "reachable", by=MANAGER, reason="x"),
    ),
    "a waiver of what nobody may waive": (
        "not-waivable", begin, lambda engine: engine.waive("only", "named", by=MANAGER, reason="x"),
    ),
    "a note of an unknown kind": ("bad-value", in_lead, lambda engine: engine.note("only", "x", by=SELLER, kind="fax")),
    "a step on a lost deal": ("closed", lost, lambda engine: engine.record("only", {"amount": "5"}, by=SELLER)),
    "a start in the middle": ("elsewhere", begin, lambda engine: engine.start("small", "other", by=SELLER, stage="parked")),
    "an action of another stage": (
        "elsewhere", in_offer, lambda engine: engine.do("only", "lead.research", by=SELLER, evidence="x"),
    ),
    "a return to where the deal never was": (
        "not-on-path", in_offer, lambda engine: engine.back("only", "lead", by=SELLER, reason="x"),
    ),
    "the end of a deal that was not won": ("not-won", shelved, lambda engine: engine.finish("only", by=SELLER)),
    "a loss for a reason that is not declared": (
        "not-declared", in_lead, lambda engine: engine.lose("only", "boredom", by=SELLER, note="x"),
    ),
    "a start by anybody": ("not-yours", begin, lambda engine: engine.start("small", "other", by=GUEST, stage="lead")),
    "values by anybody": ("not-yours", in_lead, lambda engine: engine.record("only", {"amount": "5"}, by=GUEST)),
    "a correction by anybody": (
        "not-yours", in_lead,
        lambda engine: engine.record("only", {"amount": "5"}, by=GUEST, correct=True, reason="x"),
    ),
    "an action by anybody": (
        "not-yours", in_lead, lambda engine: engine.do("only", "research", by=GUEST, evidence="x"),
    ),
    "an advance by anybody": ("not-yours", complete, lambda engine: engine.advance("only", "delivery", by=GUEST)),
    "a return by anybody": (
        "not-yours", returnable, lambda engine: engine.back("only", "lead", by=GUEST, reason="x"),
    ),
    "a waiver by anybody": (
        "not-yours", priced, lambda engine: engine.waive("only", "someone", by=GUEST, reason="x"),
    ),
    "a loss by anybody": ("not-yours", in_lead, lambda engine: engine.lose("only", "price", by=GUEST, note="x")),
    "a reopening by anybody": ("not-yours", lost, lambda engine: engine.reopen("only", by=GUEST, reason="x")),
    "the end by anybody": ("not-yours", delivered, lambda engine: engine.finish("only", by=GUEST)),
    "a new owner by anybody": ("not-yours", in_lead, lambda engine: engine.assign("only", "eva", by=GUEST)),
    "a note by anybody": ("not-yours", in_lead, lambda engine: engine.note("only", "x", by=GUEST)),
}  # fmt: skip
"""What a writer that does not mind a code of refusal lets pass: the code, what was before, and the step."""


@pytest.mark.parametrize("what", LET_PASS)
def test_a_step_that_the_writer_should_have_refused_is_found(what: str) -> None:
    code, before, step = LET_PASS[what]
    store, engine = fresh()
    before(engine)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("block", "stop"):
            patch.setattr(Context, name, _deaf_to(code, getattr(Context, name)))
        step(engine)
    assert "illegal" in codes_of(store)


FIT_NO_MORE: dict[str, dict[str, Any]] = {
    "a placeholder": {"company": "TBD"},
    "a placeholder in a list": {"contacts": [{"name": "tbd."}]},
    "a row without what every row has": {"contacts": [*CONTACTS, {"seats": 2}]},
}


@pytest.mark.parametrize("what", FIT_NO_MORE)
@pytest.mark.parametrize("step", ["start", "record"])
def test_a_value_that_the_writer_should_have_refused_is_found(what: str, step: str) -> None:
    def lenient(kind: FieldType, raw: object) -> Value | None:
        columns = {name: replace(column, required=False, placeholders={}) for name, column in kind.columns.items()}
        return coerce(replace(kind, columns=columns, placeholders={}), raw)

    def story(engine: Engine) -> None:
        if step == "start":
            engine.start("small", "other", by=SELLER, stage="lead", values=FIT_NO_MORE[what])
        else:
            engine.record("only", FIT_NO_MORE[what], by=SELLER)

    assert "illegal" in told(input_values, "coerce", lenient, story, begin)


def test_a_completion_that_counts_without_what_it_records_is_found() -> None:
    def before(engine: Engine) -> None:
        in_lead(engine)
        engine.do("only", "research", by=SELLER, evidence="Read about them")
        engine.record("only", {"email": ""}, by=SELLER)
        engine.waive("only", "reachable", by=MANAGER, reason="They have none")

    def story(engine: Engine) -> None:
        engine.advance("only", by=SELLER)

    assert "illegal" in told(Context, "emptied", lambda seen, action: (), story, before)


def test_a_row_whose_name_was_erased_is_as_it_was() -> None:
    store, engine = fresh()
    begin(engine, contacts=CONTACTS)
    engine.erase("only", fields=["contacts"], basis="request", by=MANAGER)
    assert codes_of(store) == set()


def _deaf_to(code: str, real: Callable[..., None]) -> Callable[..., None]:
    def stand_in(seen: Context, found: str, *about: str, **named: Any) -> None:
        if found != code:
            real(seen, found, *about, **named)

    return stand_in


# What a deal comes to

@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "other"), ("process", "other"), ("version", 4), ("stage", "shelf"), ("mode", "lost"), ("owner", "eva"),
        ("values", {"amount": "7"}), ("started", LATER), ("entered", LATER), ("due", LATER), ("offered", LATER),
        ("won", LATER), ("lost", LATER), ("finished", LATER), ("reason", "price"), ("n", 7), ("head", "0" * 64),
    ],
)  # fmt: skip
def test_a_fold_that_is_broken_for_writer_and_verifier_alike_is_found_by_the_columns(field: str, value: Any) -> None:
    real = event_queue.fold

    def broken(deal: Deal | None, step: Any) -> Deal:
        after = real(deal, step)
        return after._replace(**{field: value}) if step.type == "deal.noted" else after

    store, engine = fresh()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(event_queue, "fold", broken)
        patch.setattr(deal_history, "fold", broken)
        in_lead(engine)
        engine.note("only", "The end", by=SELLER)
        assert "deal-differs" in codes_of(store)
