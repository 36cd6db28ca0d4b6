"""Approvals under a table that a broken writer takes, counts or tells wrongly are found without any expression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from approvals import CFO, DIRECTOR, MANAGER, SELLER, offered
from small_story import findings, fresh

from procdef import Actor, Engine, StepRefused
from procdef.audit.reevaluated import judged
from procdef.decide.approvers import Approvers
from procdef.decide.context import Context
from procdef.events.types import action_completed
from procdef.log.event import Entry

Edit = Callable[[dict[str, Any]], None]
ANYBODY = Actor("eva", frozenset({"seller"}))


def approvals(engine: Engine, discount: str = "20", value: str = "1000", people: tuple[Actor, ...] = (DIRECTOR,)) -> None:
    """A deal that is approved by these people, as far as the writer lets them, and goes on."""
    offered(engine, discount, value)
    for person in people:
        with suppress(StepRefused):
            engine.do("D", "approve", decision="approve", by=person)
    with suppress(StepRefused):
        engine.advance("D", "closing", by=SELLER)


def found(patch: Callable[[pytest.MonkeyPatch], None], **story: Any) -> set[tuple[str, str | None]]:
    store, engine = fresh()
    with pytest.MonkeyPatch.context() as monkeypatch:
        patch(monkeypatch)
        approvals(engine, **story)
    return {(one.code, one.expected) for one in findings(store)}


def facts_edited(edit: Edit) -> Callable[[pytest.MonkeyPatch], None]:
    real = Context.facts

    def facts(context: Context) -> dict[str, Any]:
        told = {name: dict(each) if isinstance(each, dict) else each for name, each in real(context).items()}
        edit(told)
        return told

    return lambda patch: patch.setattr(Context, "facts", facts)


def data_edited(edit: Edit) -> Callable[[pytest.MonkeyPatch], None]:
    real = action_completed.EVENT

    class Broken:
        name = real.name

        @staticmethod
        def entry(data: dict[str, Any]) -> Entry:
            edit(data)
            return real.entry(data)

    return lambda patch: patch.setattr(action_completed, "EVENT", Broken)


def row_taken(number: int, roles: tuple[str, ...], at_least: int = 1) -> Callable[[pytest.MonkeyPatch], None]:
    """The writer takes that row for every deal, and looks at nothing."""

    def approvers(context: Context, action: Any) -> Approvers:
        if action.table and number:
            context.rows[action.path] = number
        return Approvers(number, roles, at_least) if action.table else Approvers(0, roles, 1)

    return lambda patch: patch.setattr(Context, "approvers", approvers)


def counting(people: Callable[[Context, Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(Context, "approvals", people)


def test_what_a_sound_writer_tells_is_right() -> None:
    assert not found(lambda patch: None)
    assert not found(lambda patch: None, discount="40", people=(DIRECTOR, CFO))


BROKEN: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], dict[str, Any], str]] = {
    "anybody approves": (
        lambda patch: patch.setattr(Context, "require", lambda context, roles, *about: None),
        {"people": (ANYBODY,)},
        "a step by director",
    ),
    "a row of other roles than it has": (row_taken(2, ("manager",)), {"people": (MANAGER,)}, "a step by director"),
    "a row that is none": (
        row_taken(4, ("director",)),
        {},
        "the row of the table of offer.approve that the facts tell, and none without a table",
    ),
    "no row at all": (
        row_taken(0, ("director",)),
        {},
        "the row of the table of offer.approve that the facts tell, and none without a table",
    ),
    "the row in the facts alone": (
        data_edited(lambda data: data.pop("row", None)),
        {},
        "the row of the table of offer.approve that the facts tell, and none without a table",
    ),
    "another row than in the facts": (
        data_edited(lambda data: data.update(row=3)),
        {},
        "the row of the table of offer.approve that the facts tell, and none without a table",
    ),
    "once where it takes two": (
        row_taken(3, ("director", "cfo")),
        {"discount": "40"},
        "offer.approve open or not_applicable or unknown",
    ),
    "one person twice": (
        counting(lambda context, action: ("eva", "eve") if context.standing.get(action.path) else ()),
        {"discount": "40", "people": (DIRECTOR, DIRECTOR)},
        "a second person for offer.approve",
    ),
    "a row whose values are left out": (
        facts_edited(lambda facts: facts.get("values", {}).pop("discount", None)),
        {},
        "the value of discount, by which row 2 of offer.approve was taken",
    ),
    "a row of what has no table": (
        facts_edited(lambda facts: facts.get("rows", {}).update({"offer.plain": 1})),
        {},
        "an action with an approval table",
    ),
    "a row of what is not there": (
        facts_edited(lambda facts: facts.get("rows", {}).update({"offer.none": 1})),
        {},
        "an action with an approval table",
    ),
    "done under no row": (
        facts_edited(lambda facts: facts.pop("rows", None) if facts.get("actions") == {"offer.approve": "done"} else None),
        {},
        "offer.approve unknown or not_applicable",
    ),
    "done under another row": (
        facts_edited(
            lambda facts: facts["rows"].update({"offer.approve": 3})
            if facts.get("actions") == {"offer.approve": "done"}
            else None
        ),
        {},
        "offer.approve open or not_applicable or unknown",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_approval_that_the_table_does_not_allow_is_found(name: str) -> None:
    patch, story, expected = BROKEN[name]
    assert ("illegal", expected) in found(patch, **story)


def test_an_approval_counts_under_its_own_row_alone() -> None:
    store, engine = fresh()
    offered(engine, "10")
    engine.do("D", "approve", decision="approve", by=MANAGER)
    engine.record("D", {"discount": "20"}, by=SELLER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Context, "approvals", lambda context, action: context.standing.get(action.path, ()))
        engine.advance("D", "closing", by=SELLER)
    assert {one.expected for one in findings(store)} == {"offer.approve open or not_applicable or unknown"}


def test_what_no_verifier_tells_without_expressions_is_worked_out_again() -> None:
    """A row of the table, with its roles and all that it reads, that is not the one that holds: ``audit replay`` tells."""
    store, engine = fresh()
    with pytest.MonkeyPatch.context() as monkeypatch:
        row_taken_with_its_values(1, ("manager",))(monkeypatch)
        approvals(engine, people=(MANAGER,))
    assert not findings(store)
    with store.inspect() as tx:
        told = [(each.verdict, each.kind, each.rule, each.stored, each.again) for each in judged(tx, (), Counter())]
    assert told[:1] == [("differs", "row", "offer.approve", "row 1", "unknown")]  # the facts have no value
    store, engine = fresh()
    approvals(engine)
    with store.inspect() as tx:
        counts: Counter[str] = Counter()
        assert not list(judged(tx, (), counts))
    assert counts["agrees"] == 4  # a status and a row, of the approval and of the advance


def row_taken_with_its_values(number: int, roles: tuple[str, ...]) -> Callable[[pytest.MonkeyPatch], None]:
    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        row_taken(number, roles)(monkeypatch)
        approvers = Context.approvers

        def looking(context: Context, action: Any) -> Approvers:
            for row in action.table[:number]:
                if row.when is not None:
                    context.truth(row.when)
            return approvers(context, action)

        monkeypatch.setattr(Context, "approvers", looking)

    return patch
