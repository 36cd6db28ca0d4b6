"""An unmet item names the fields that are missing as data: a form can ask for them without reading a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import every_refusal
import pytest
from every_refusal import MANAGER, SELLER, Clock, shop

from procdef import Engine, StepRefused


def in_offer(**values: object) -> Engine:
    engine = shop(Clock())
    engine.start("shop", "D", by=SELLER, stage="offer", values={"size": 12, **values})
    return engine


STEPS: dict[str, tuple[dict[str, object], str, tuple[Any, ...], dict[str, tuple[str, ...]]]] = {
    "what a criterion requires": ({"amount": "200", "discount": "5"}, "advance", ("delivery",), {
        "criterion-unmet offer.named": ("email",), "action-open offer.quote": (), "action-open offer.send": (),
        "branch-closed delivery": ("big",)}),
    "what a criterion reads": ({"email": "a@b.example", "big": "true"}, "advance", ("delivery",), {
        "criterion-unknown offer.enough": ("amount",), "action-open offer.quote": ("amount", "discount"),
        "when-unknown offer.approve": ("discount",), "action-open offer.send": ()}),
    "what decides whether an action is needed": ({}, "do", ("approve",), {
        "when-unknown offer.approve": ("discount",), "needs-open offer.quote": ("amount", "discount")}),
    "what an action records": ({"discount": "5"}, "do", ("quote",), {"records-unset amount": ("amount",)}),
    "what a reason for losing asks for": ({}, "lose", ("size",), {"records-unset big": ("big",), "note-missing lose": ()}),
}  # fmt: skip


@pytest.mark.parametrize(("values", "verb", "given", "expected"), STEPS.values(), ids=STEPS.keys())
def test_the_missing_fields_are_named(
    values: dict[str, object], verb: str, given: tuple[Any, ...], expected: dict[str, tuple[str, ...]]
) -> None:
    person = MANAGER if given in (("approve",), ("delivery",)) else SELLER
    with pytest.raises(StepRefused) as told:
        getattr(in_offer(**values), verb)("D", *given, by=person)
    found = {f"{item.code} {item.id}": item.fields for item in told.value.unmet}
    assert {name: found.get(name, "not told") for name in expected} == expected


def items() -> Iterator[Any]:
    for refused, repeated in every_refusal.refusals():
        yield from (*refused.unmet, *repeated.unmet)


def test_no_field_is_named_that_there_is_not() -> None:
    known = {*shop(Clock()).definition("shop").fields}
    found = [item.fields for item in items()]
    assert {name for fields in found for name in fields} <= known
    assert any(found)
