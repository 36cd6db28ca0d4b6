"""A step that is sent again under its request key is taken once, however it names its deal and whoever takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procdef.commands import Note
from procdef.engine.steps import Step

if TYPE_CHECKING:
    from conftest import Desk


def test_a_line_of_an_import_that_names_the_deal_by_its_stream(desk: Desk) -> None:
    desk.offered()
    line = {"do": "note", "by": "maija", "roles": ["seller"], "note": "They called", "request": "call-1"}
    names = ("D", desk.engine.deal("D").stream)
    found = list(desk.engine.run("small", [{**line, "deal": name} for name in names], by=desk.manager))
    assert [(each.status, each.message) for each in found] == [("applied", ""), ("repeated", "")]


def test_a_step_that_was_stored_with_an_earlier_batch(desk: Desk) -> None:
    desk.offered()
    step = Step("D", Note("They called"), desk.seller, "call-1")
    with desk.engine.step_by_step(batch=1) as steps:
        assert not steps.take(step).replayed
        assert steps.take(step).replayed
        steps.store()
        assert steps.take(step).replayed
