"""Values of a choice with ``many``, on their way through the engine and the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from procdef import load
from procdef.verification import Tally, verify

if TYPE_CHECKING:
    from conftest import Desk

PROCESS = """
procdef: 1
id: rivals
version: 1
title: Rivals
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  competitors: {type: choice, many: true, options: {globex: Globex, acme: Acme, initech: Initech}}
  fears: {type: choice, many: true, personal: true, options: [price, trust]}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {compare: {title: Compare, records: [competitors], voided_by: [competitors]}}
    exit_criteria: {beaten: {check: not (competitors contains globex) and count(fears) < 2}}
    next: delivery
  delivery: {title: Delivery, owner: seller, outcome: won, required_actions: {deliver: {title: Deliver}}}
"""


@pytest.fixture
def rivals(desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    file = tmp_path / "rivals.yaml"
    file.write_text(PROCESS, "utf-8")
    desk.engine.publish(load(file), by=desk.manager)
    desk.engine.start("rivals", "R", by=desk.seller)
    yield desk
    with desk.store.inspect() as tx:
        assert list(verify(tx, Tally())) == []


@pytest.mark.parametrize("given", ["globex,acme", ["globex", "acme", "globex"], ("acme", "globex"), {"acme", "globex"}])
def test_a_set_is_stored_sorted_and_without_duplicates(given: object, rivals: Desk) -> None:
    rivals.engine.record("R", {"competitors": given}, by=rivals.seller)
    assert rivals.engine.deal("R").values["competitors"] == ["acme", "globex"]
    assert rivals.engine.events("R")[-1]["data"]["values"] == {"competitors": ["acme", "globex"]}


@pytest.mark.parametrize("nothing", [[], "", None, set()])
def test_no_options_unset_it(nothing: object, rivals: Desk) -> None:
    rivals.engine.record("R", {"competitors": "acme"}, by=rivals.seller)
    rivals.engine.record("R", {"competitors": nothing}, by=rivals.seller)
    assert "competitors" not in rivals.engine.deal("R").values


def test_the_same_set_in_another_order_is_no_change(rivals: Desk) -> None:
    rivals.engine.do("R", "compare", by=rivals.seller, values={"competitors": "initech,acme"})
    rivals.engine.record("R", {"competitors": ["acme", "initech"]}, by=rivals.seller)
    assert "lead.compare" in rivals.engine.deal("R").standing
    rivals.engine.record("R", {"competitors": ["acme"]}, by=rivals.seller)
    assert "lead.compare" not in rivals.engine.deal("R").standing


def test_an_unknown_option_is_refused_with_the_one_that_was_meant(rivals: Desk) -> None:
    assert rivals.unmet("record", "R", {"competitors": "acme,globx"}, by=rivals.seller) == [
        ("bad-value", "competitors")
    ]


def test_a_personal_set_stands_apart_whole_and_is_erased_whole(rivals: Desk) -> None:
    rivals.engine.do("R", "compare", by=rivals.seller, values={"competitors": "acme", "fears": ["trust", "price"]})
    stored = rivals.engine.events("R")[1]
    assert stored["data"]["values"]["fears"] == ["price", "trust"]
    assert list(stored["private"]) == ["/values/fears"]
    assert rivals.unmet("advance", "R", by=rivals.seller) == [("criterion-unmet", "lead.beaten")]
    assert rivals.engine.events("R")[-1]["data"]["facts"]["values"] == {"competitors": ["acme"]}
    rivals.engine.erase("R", by=rivals.manager, basis="request", fields=["fears"])
    assert rivals.engine.deal("R").erased == ("fears",)
    assert rivals.engine.advance("R", by=rivals.seller).deal.stage == "delivery"


def test_a_repeated_command_is_known_by_its_set_in_any_form(rivals: Desk) -> None:
    rivals.engine.record("R", {"competitors": {"acme", "globex"}}, by=rivals.seller, request="once")
    again = rivals.engine.record("R", {"competitors": "globex, acme"}, by=rivals.seller, request="once")
    assert again.replayed
