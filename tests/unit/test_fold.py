"""Every type of event has a place in the fold: what it changes, or that it changes nothing."""

from __future__ import annotations

from procdef.deal import _STEPS, UNCHANGED
from procdef.log.format import DATA


def test_every_type_of_event_changes_a_deal_or_is_named_as_one_that_does_not() -> None:
    assert {"deal.started", *_STEPS, *UNCHANGED} == set(DATA)
    assert UNCHANGED.isdisjoint(_STEPS)
