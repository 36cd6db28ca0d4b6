"""A step that the definition does not allow is found, even where all hashes were made anew around it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forgery import Event, change, events, findings

ANNA, B, C, IDA = "Anna Virtanen, Öljy", "B", "C", "I"
APART = "no value set apart but personal ones"


def data(**changes: Any) -> Callable[[Event], None]:
    """Change keys of the data; ``None`` takes one out."""

    def edit(event: Event) -> None:
        event["data"].update(changes)
        event["data"] = {key: value for key, value in event["data"].items() if value is not None}

    return edit


def facts(**changes: Any) -> Callable[[Event], None]:
    def edit(event: Event) -> None:
        for key, value in changes.items():
            event["data"]["facts"][key] = (
                {**event["data"]["facts"].get(key, {}), **value} if isinstance(value, dict) else value
            )

    return edit


def by(person: str, *roles: str) -> Callable[[Event], None]:
    def edit(event: Event) -> None:
        event["by"] = {"id": person, "auth": "app"} | ({"roles": sorted(roles)} if roles else {})
        event.pop("for", None)

    return edit


def unsealed(pointer: str) -> Callable[[Event], None]:
    """The personal value was never there."""

    def edit(event: Event) -> None:
        del event["private"][pointer]

    return edit


def refused(event: Event) -> None:
    """Nothing happened: the step was refused."""
    event["type"] = "step.refused"
    unmet = [{"code": "not-yours", "about": ["offer"]}]
    event["data"] = {
        "do": "note",
        "arguments": {},
        "unmet": unmet,
        "facts": {"now": event["at"], "today": event["at"][:10], "stage_age": 0},
    }


def sealed(pointer: str) -> Callable[[Event], None]:
    """Something is said to be a personal value, and to stand apart."""

    def edit(event: Event) -> None:
        *inner, last = pointer.split("/")[1:]
        holder = event["data"]
        for key in inner:
            holder = holder[int(key) if isinstance(holder, list) else key]
        holder.pop(last, None)
        event.setdefault("private", {})[pointer] = "0" * 64

    return edit


def open_text(**texts: Any) -> Callable[[Event], None]:
    """Personal values that stand in the event, and not apart."""

    def edit(event: Event) -> None:
        for name in texts:
            event.get("private", {}).pop(f"/{name}", None)
        event["data"].update(texts)

    return edit


def first_unmet(**changes: Any) -> Callable[[Event], None]:
    return lambda event: event["data"]["unmet"][0].update(changes)


def arguments(**changes: Any) -> Callable[[Event], None]:
    return lambda event: event["data"]["arguments"].update(changes)


def value(**changes: Any) -> Callable[[Event], None]:
    """Other values, in the open."""

    def edit(event: Event) -> None:
        event["data"]["values"].update(changes)
        kept = {path: told for path, told in event.get("private", {}).items() if path.split("/")[2:3] != [*changes][:1]}
        event["private"] = kept

    return edit


def note(event: Event) -> None:
    event["type"] = "deal.noted"
    event["data"] = {}
    event["private"] = {"/text": "0" * 64}


# name: deal, type, which of them, edit, what the finding expected
FORGED: dict[str, tuple[str, str, int, Callable[[Event], None], str]] = {
    "a start by nobody's role": (ANNA, "deal.started", 0, by("x", "delivery"), "a step by seller"),
    "a start in a stage that is none": (ANNA, "deal.started", 0, data(stage="care"), "a start in a start stage"),
    "a start without its criteria": (
        C,
        "deal.started",
        0,
        facts(criteria={"offer.healthy": "unmet"}),
        "offer.healthy met or waived",
    ),
    "a start whose require is not so": (C, "deal.started", 0, unsealed("/values/email"), "offer.reachable unmet"),
    "a deal without its due time": (ANNA, "deal.started", 0, data(due=None), "a due time of lead from "),
    "another definition's version": (
        ANNA,
        "deal.noted",
        0,
        lambda e: e["definition"].update(version=2),
        "the definition that the deal is pinned to",
    ),
    "a value recorded by another role": (ANNA, "deal.recorded", 1, by("tero", "delivery"), "a step by seller"),
    "a change that is none": (ANNA, "deal.recorded", 1, data(changed=["amount", "phone"]), "changed: phone"),
    "a change that is not told": (ANNA, "deal.recorded", 2, data(changed=["contacts"]), "changed: amount, contacts"),
    "a field that is not declared": (ANNA, "deal.recorded", 2, data(unset=["colour"]), "declared fields"),
    "a personal value in the open": (
        ANNA,
        "deal.recorded",
        2,
        data(values={"amount": "50", "contacts": [{}], "email": "a@b"}),
        "a personal value set apart",
    ),
    "voided without a change": (
        ANNA,
        "action.voided",
        0,
        data(by_fields=["discount"]),
        "what the change of a value voids",
    ),
    "a completion that is spared": (ANNA, "action.voided", 2, data(action="offer.sign"), "offer.send voided by amount"),
    "a correction by another role": (ANNA, "deal.corrected", 0, by("maija", "seller"), "a step by manager"),
    "a correction without a reason": (
        ANNA,
        "deal.corrected",
        0,
        unsealed("/reason"),
        "a correction with a reason, where corrections are allowed",
    ),
    "an action of another stage": (ANNA, "action.completed", 0, data(action="offer.price"), "an action of lead"),
    "an action by another role": (ANNA, "action.completed", 0, by("tero", "delivery"), "a step by seller"),
    "an approval by the owner": (
        ANNA,
        "action.completed",
        4,
        by("maija", "manager"),
        "a second person for offer.approve",
    ),
    "an approval by who signed already": (
        ANNA,
        "action.completed",
        6,
        by("jaana", "manager"),
        "a second person for offer.sign",
    ),
    "a way that is none": (ANNA, "action.completed", 1, data(way="fax"), "one of its ways"),
    "a way that is missing": (ANNA, "action.completed", 1, data(way=None), "one of its ways"),
    "missing evidence": (ANNA, "action.completed", 0, data(evidence=None), "evidence: note"),
    "other evidence": (ANNA, "action.completed", 7, data(evidence={"kind": "note"}), "evidence: document"),
    "evidence without its text": (
        ANNA,
        "action.completed",
        0,
        unsealed("/evidence/text"),
        "its evidence as a personal value",
    ),
    "a decision that is none": (ANNA, "action.completed", 4, data(decision=None), "a decision where one is asked for"),
    "a rejection without a note": (ANNA, "action.completed", 3, unsealed("/note"), "a note on the rejection"),
    "an action that does not apply": (
        ANNA,
        "action.completed",
        4,
        facts(actions={"offer.approve": "not_applicable"}),
        "offer.approve to apply",
    ),
    "an action whose needs are open": (
        ANNA,
        "action.completed",
        7,
        facts(actions={"offer.approve": "open"}),
        "offer.approve done before",
    ),
    "needs told as done that are not": (
        ANNA,
        "action.completed",
        3,
        facts(actions={"offer.send": "done"}),
        "offer.send open",
    ),
    "a milestone reached twice": (ANNA, "action.completed", 10, data(milestone="offer"), "the milestone None"),
    "a milestone that is not told": (ANNA, "action.completed", 7, data(milestone=None), "the milestone offer"),
    "facts of another time": (
        ANNA,
        "action.completed",
        7,
        facts(now="2026-03-02T08:00:00.000000Z"),
        "now: 2026-03-02T08:13:00.000013Z",
    ),
    "facts of another age": (ANNA, "action.completed", 7, facts(stage_age=1), "stage_age: "),
    "facts of another idleness": (ANNA, "action.completed", 7, facts(idle=1), "idle: "),
    "facts of another time since a contact": (ANNA, "action.completed", 7, facts(contact_age=1), "contact_age: "),
    "facts of another day": (ANNA, "action.completed", 7, facts(today="2026-02-02"), "today: 2026-03-02"),
    "facts of another value": (
        ANNA,
        "action.completed",
        6,
        facts(values={"amount": "1"}),
        "the value of amount as recorded",
    ),
    "a personal value in the facts": (
        ANNA,
        "action.completed",
        6,
        facts(values={"health": "good"}),
        "no personal value",
    ),
    "an advance by another role": (ANNA, "stage.advanced", 0, by("tero", "delivery"), "a step by seller"),
    "an advance that is none": (ANNA, "stage.advanced", 0, data(to="care"), "a way forward from lead"),
    "an action left open": (ANNA, "stage.advanced", 1, facts(actions={"offer.price": "open"}), "offer.price done"),
    "a criterion left unmet": (
        ANNA,
        "stage.advanced",
        1,
        facts(criteria={"delivery.known": "unmet"}),
        "delivery.known met or waived",
    ),
    "a require told as met": (
        B,
        "stage.advanced",
        0,
        facts(criteria={"offer.reachable": "met"}),
        "offer.reachable unmet",
    ),
    "a waiver that is not listed": (ANNA, "stage.advanced", 1, data(waivers=[22]), "waivers that stand"),
    "a waiver that does not stand": (ANNA, "stage.advanced", 1, data(waivers=[21, 22, 23]), "waivers that stand"),
    "something unfinished": (ANNA, "stage.advanced", 0, data(unfinished=["lead.research"]), "everything finished"),
    "an entry criterion passed over": (B, "stage.advanced", 1, data(to="delivery"), "everything finished"),
    "a way that is not open": (B, "stage.advanced", 1, facts(branches={"parked": "unknown"}), "the way to parked open"),
    "a way taken without a reason": (B, "stage.advanced", 2, unsealed("/reason"), "a reason"),
    "a way that is another role's": (B, "stage.advanced", 2, by("maija", "seller"), "a step by manager"),
    "a win that is not told": (ANNA, "deal.won", 0, note, "events in the order of one command"),
    "a win elsewhere": (ANNA, "deal.won", 0, data(stage="care"), "a win on entering the won stage"),
    "a waiver by another role": (ANNA, "criterion.waived", 0, by("maija", "seller"), "a step by manager"),
    "a waiver of what nobody may waive": (
        ANNA,
        "criterion.waived",
        0,
        data(criterion={"stage": "offer", "side": "exit", "id": "known"}),
        "a criterion that counts now and may be waived",
    ),
    "a waiver of what does not count": (
        ANNA,
        "criterion.waived",
        0,
        data(criterion={"stage": "care", "side": "exit", "id": "glad"}),
        "a criterion that counts now and may be waived",
    ),
    "a waiver of the other side": (
        ANNA,
        "criterion.waived",
        0,
        data(criterion={"stage": "offer", "side": "entry", "id": "enough"}),
        "a criterion that counts now and may be waived",
    ),
    "a waiver that nothing ends": (ANNA, "criterion.waived", 0, data(reads=[]), "reads amount"),
    "a waiver without a reason": (ANNA, "criterion.waived", 0, unsealed("/reason"), "a reason"),
    "a return that is none": (ANNA, "stage.returned", 0, data(to="delivery"), "a way back from ring"),
    "a return by another role": (ANNA, "stage.returned", 0, by("maija", "seller"), "a step by delivery"),
    "a return without a reason": (ANNA, "stage.returned", 0, unsealed("/reason"), "a reason"),
    "a loss for no declared reason": (B, "deal.lost", 0, data(reason="boredom"), "a loss for a declared reason"),
    "a loss without a note": (B, "deal.lost", 0, unsealed("/note"), "a note"),
    "a loss after no win": (B, "deal.lost", 0, data(after_won=True), "after_won where the deal was won"),
    "a loss by another role": (B, "deal.lost", 0, by("tero", "delivery"), "a step by seller"),
    "a reopening by another role": (B, "deal.reopened", 0, by("maija", "seller"), "a step by manager"),
    "a reopening of an open deal": (B, "deal.lost", 0, note, "a lost deal"),
    "a step on a lost deal": (B, "deal.reopened", 0, note, "an open deal"),
    "a hand-over by another role": (ANNA, "deal.assigned", 0, by("tero", "finance"), "a step by delivery or manager"),
    "a note by nobody's role": (ANNA, "deal.noted", 0, by("x"), "a step by seller or manager or delivery"),
    "an objection of another stage": (ANNA, "deal.noted", 0, data(objection="too_late"), "an objection of the stage"),
    "a kind that is none": (ANNA, "deal.noted", 0, data(kind="fax"), "a text, of a call, an email or a meeting"),
    "a finish by another role": (ANNA, "deal.finished", 0, by("maija", "seller"), "a step by delivery"),
    "a finish with something open": (ANNA, "deal.finished", 0, facts(actions={"ring.call": "open"}), "ring.call done"),
    "a refusal of no command": (C, "step.refused", 0, data(do="hack"), "a command and what it lacked"),
    "a step of the system in a deal": (
        ANNA,
        "deal.noted",
        0,
        lambda e: e.update(type="log.created", data={"software": "x"}, private={}),
        "an event of a deal",
    ),
    "a step in the past": (
        ANNA,
        "deal.noted",
        0,
        lambda e: e.update(happened="2026-01-01T00:00:00.000000Z"),
        "nothing that happened before ",
    ),
    "a definition of another version at the start": (
        ANNA,
        "deal.started",
        0,
        lambda e: e["definition"].update(version=2),
        "the definition as it was published",
    ),
    "a definition of another process at the start": (
        ANNA,
        "deal.started",
        0,
        lambda e: e["definition"].update(id="other"),
        "the definition as it was published",
    ),
    "a decision set apart": (ANNA, "action.completed", 3, sealed("/decision"), APART),
    "facts set apart": (ANNA, "stage.advanced", 1, sealed("/facts"), APART),
    "what was unmet set apart": (C, "step.refused", 0, sealed("/unmet"), APART),
    "a value that is not personal set apart": (ANNA, "deal.recorded", 1, sealed("/values/amount"), APART),
    "a field that is none set apart": (ANNA, "deal.recorded", 1, sealed("/values/colour"), APART),
    "a whole list set apart": (ANNA, "deal.recorded", 2, sealed("/values/contacts"), APART),
    "a cell that is not personal set apart": (ANNA, "deal.recorded", 2, sealed("/values/contacts/0/role"), APART),
    "a way that was in vain set apart": (C, "step.refused", 2, sealed("/arguments/way"), APART),
    "something in a note set apart": (ANNA, "deal.noted", 0, sealed("/kind"), APART),
    "a reason in the open": (ANNA, "stage.advanced", 0, open_text(reason="Anna"), "a personal value set apart"),
    "a reason of a return in the open": (ANNA, "stage.returned", 0, open_text(reason="Anna"), "a personal value set"),
    "a reason of a waiver in the open": (ANNA, "criterion.waived", 0, open_text(reason="A"), "a personal value set"),
    "a reason of a correction in the open": (ANNA, "deal.corrected", 0, open_text(reason="A"), "a personal value set"),
    "a reason to reopen in the open": (B, "deal.reopened", 0, open_text(reason="Börje"), "a personal value set apart"),
    "a name in the open": (ANNA, "deal.started", 0, open_text(key="Anna"), "a personal value set apart"),
    "a note in the open": (ANNA, "deal.noted", 0, open_text(text="Anna"), "a personal value set apart"),
    "a note on a completion in the open": (ANNA, "action.completed", 2, open_text(note="A"), "a personal value set"),
    "a note on a loss in the open": (B, "deal.lost", 0, open_text(note="Börje"), "a personal value set apart"),
    "evidence in the open": (
        ANNA,
        "action.completed",
        2,
        data(evidence={"kind": "note", "text": "Anna"}),
        "a personal value set apart",
    ),
    "an argument in the open": (C, "step.refused", 0, arguments(note="Clara"), "a personal value set apart"),
    "a value in vain in the open": (
        C,
        "step.refused",
        0,
        arguments(values={"email": "clara@c.example"}),
        "a personal value set apart",
    ),
    "a personal value in the facts of a refusal": (
        C,
        "step.refused",
        0,
        facts(values={"email": "clara@c.example"}),
        "no personal value",
    ),
    "a personal cell in the facts of a refusal": (
        C,
        "step.refused",
        0,
        facts(values={"contacts": [{"name": "Clara"}]}),
        "no personal value",
    ),
    "a value that is null": (ANNA, "deal.recorded", 0, value(amount=None), "amount as a value of money"),
    "a value over its maximum": (ANNA, "deal.recorded", 0, value(discount="41"), "discount as a value of percent"),
    "a value under its minimum": (ANNA, "deal.started", 0, value(seats=-1), "seats as a value of integer"),
    "a number that is none": (ANNA, "deal.recorded", 0, value(discount="banana"), "discount as a value of percent"),
    "a number in another form": (ANNA, "deal.recorded", 0, value(amount="60000.50"), "amount as a value of money"),
    "a whole number as text": (ANNA, "deal.started", 0, value(seats="12"), "seats as a value of integer"),
    "a number that is only equal to true": (ANNA, "deal.started", 0, value(small=0), "small as a value of boolean"),
    "a date that is none": (ANNA, "deal.started", 0, value(expected="2026-02-30"), "expected as a value of date"),
    "a time in another form": (
        ANNA,
        "deal.started",
        0,
        value(meeting="2026-03-05T12:00:00+02:00"),
        "meeting as a value of datetime",
    ),
    "an option that is none": (ANNA, "deal.started", 0, value(source="bribe"), "source as a value of choice"),
    "an empty text": (ANNA, "deal.started", 0, value(company=""), "company as a value of text"),
    "a text with blanks around it": (ANNA, "deal.started", 0, value(company=" x"), "company as a value of text"),
    "a text that turns around": (ANNA, "deal.started", 0, value(company="a\u202eb"), "company as a value of text"),
    "a list without rows": (ANNA, "deal.recorded", 2, value(contacts=[]), "contacts as a value of list"),
    "a column that is none": (ANNA, "deal.recorded", 2, value(contacts=[{"size": 1}]), "contacts as a value of list"),
    "a cell of another type": (ANNA, "deal.recorded", 2, value(contacts=[{"seats": "1"}]), "contacts as a value of"),
    "a field that is none at the start": (ANNA, "deal.started", 0, value(colour="red"), "declared fields"),
    "changes told twice": (ANNA, "deal.recorded", 2, data(changed=["amount", "amount", "contacts"]), "the fields unset"),
    "a refusal with a code that is none": (C, "step.refused", 0, first_unmet(code="banana"), "a code of what can be"),
    "a refusal about no list": (C, "step.refused", 0, first_unmet(about="x"), "a list of the ids that it is about"),
    "a refusal about no texts": (C, "step.refused", 0, first_unmet(about=[1]), "a list of the ids that it is about"),
    "a refusal with roles out of order": (C, "step.refused", 0, first_unmet(roles=["b", "a"]), "the roles that could"),
    "a refusal at no time": (C, "step.refused", 0, facts(now="never"), "now: "),
    "a refusal on another day": (C, "step.refused", 0, facts(today="2026-01-01"), "today: "),
    "a refusal after another time": (C, "step.refused", 0, facts(stage_age=1), "stage_age: "),
    "a refusal that saw an action of nobody": (C, "step.refused", 0, facts(actions={"a.b": "open"}), "a declared action"),
    "a refusal that saw a field that is none": (C, "step.refused", 0, facts(values={"colour": "red"}), "declared fields"),
    "a refusal of a value that does not fit": (
        C,
        "step.refused",
        0,
        arguments(values={"amount": "banana"}),
        "amount as a value of money",
    ),
    "a refusal of a start": (C, "step.refused", 0, data(do="start"), "a command and what it lacked"),
    "a refused action that is no text": (C, "step.refused", 0, arguments(action=[]), "an id as action"),
    "a refusal to empty what is none": (C, "step.refused", 0, arguments(unset=["colour"]), "declared fields to be"),
    "a way on that is none": (ANNA, "stage.advanced", 1, facts(branches={"care": "met"}), "a way on from the stage"),
    "a way on that is told in other words": (B, "stage.advanced", 1, facts(branches={"parked": "yes"}), "parked met or"),
    "no due time where one is asked for": (ANNA, "deal.started", 0, data(due=None), "a due time of lead from "),
    "a due time that is none": (ANNA, "deal.started", 0, data(due="banana"), "a due time of lead from "),
    "a due time long past": (
        ANNA,
        "stage.advanced",
        0,
        data(due="1999-01-01T00:00:00.000000Z"),
        "a due time of offer from ",
    ),
    "a live step that happened before": (
        ANNA,
        "deal.assigned",
        0,
        lambda e: e.update(happened=e["at"]),
        "no other time than that of recording",
    ),
    "an import that does not say when": (IDA, "deal.noted", 0, lambda e: e.pop("happened"), "an import that says when"),
    "an import judged at another time": (
        IDA,
        "stage.advanced",
        0,
        lambda e: e["data"]["facts"].update(now=e["at"]),
        "now: 2026-01-0",
    ),
    "a document without its hash": (
        ANNA,
        "action.completed",
        7,
        data(evidence={"kind": "document"}),
        "the hash of a document",
    ),
    "a note with a hash": (
        ANNA,
        "action.completed",
        0,
        data(evidence={"kind": "note", "sha256": "0" * 64}),
        "the hash of a document",
    ),
    "a hand-over to nobody": (ANNA, "deal.assigned", 0, data(to=""), "the id of a person"),
    "a hand-over to a line break": (ANNA, "deal.assigned", 0, data(to="a\nb"), "the id of a person"),
    "the same left unfinished twice": (
        B,
        "stage.advanced",
        1,
        data(unfinished=["offer.price", "offer.price"]),
        "each at most once",
    ),
    "something met left unfinished": (
        B,
        "stage.advanced",
        1,
        data(unfinished=["offer.price", "offer.send", "offer.enough", "offer.someone", "offer.known"]),
        "nothing unfinished that was done or met",
    ),
    "something that does not apply left unfinished": (
        B,
        "stage.advanced",
        1,
        data(unfinished=["offer.price", "offer.send", "offer.enough", "offer.someone", "offer.approve"]),
        "nothing unfinished that was done or met",
    ),
    "an approval that was a refusal": (
        ANNA,
        "action.completed",
        9,
        refused,
        "offer.approve open or not_applicable or unknown",
    ),
}


def place_of(log: sqlite3.Connection, deal: str, kind: str, which: int) -> tuple[str, int]:
    (stream,) = log.execute("SELECT stream FROM deal WHERE key = ?", (deal,)).fetchone()
    return [(stream, e["n"]) for e in events(log) if e["type"] == kind and e["stream"] == stream][which]


@pytest.mark.parametrize("cheat", FORGED)
def test_a_forged_step_is_found(cheat: str, file: Path, log: sqlite3.Connection) -> None:
    deal, kind, which, edit, expected = FORGED[cheat]
    stream, n = place_of(log, deal, kind, which)
    change(log, (stream, n), edit)
    # The values of what was cut out would tell of it too: they are gone as well.
    kept = {(e["stream"], e["n"], pointer) for e in events(log) for pointer in e.get("private", ())}
    for row in log.execute("SELECT stream, n, path FROM private").fetchall():
        if row not in kept:
            log.execute("DELETE FROM private WHERE stream = ? AND n = ? AND path = ?", row)
    log.commit()
    found = [wrong for wrong in findings(file) if wrong.code == "illegal"]
    assert [wrong for wrong in found if wrong.expected.startswith(expected)], found
