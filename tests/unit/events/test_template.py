"""Sentences and names that are made of an event's data."""

from __future__ import annotations

import pytest

from procdef.events.sentence_template import template

MOVED = "moved from {from} to {to}[: {reason}]"


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("WON", {}, "WON"),
        (MOVED, {"from": "lead", "to": "offer"}, "moved from lead to offer"),
        (MOVED, {"from": "lead", "to": "offer", "reason": "asked"}, "moved from lead to offer: asked"),
        ("{decision|done}", {}, "done"),
        ("{decision|done}", {"decision": "approved"}, "approved"),
        ("recorded {values, unset|nothing new}", {}, "recorded nothing new"),
        ("recorded {values, unset|nothing new}", {"unset": "b emptied"}, "recorded b emptied"),
        ("recorded {values, unset|nothing new}", {"values": "a=1", "unset": "b emptied"}, "recorded a=1, b emptied"),
        ("done[: {evidence; note}]", {"evidence": "letter.pdf", "note": "sent"}, "done: letter.pdf; sent"),
        ("note[ ({kind, objection})]: {text}", {"text": "hi"}, "note: hi"),
        ("note[ ({kind, objection})]: {text}", {"text": "hi", "objection": "price"}, "note (price): hi"),
        ("a value may have {braces}", {"braces": "{to}"}, "a value may have {to}"),
    ],
)
def test_a_template_is_filled(text: str, values: dict[str, str], expected: str) -> None:
    assert template(text).filled(values.get) == expected


def test_a_template_names_its_keys() -> None:
    assert template("{a}[: {b; c|none}][ only text]").keys == {"a", "b", "c"}


@pytest.mark.parametrize("text", ["{to", "to}", "[to", "to]", "{}", "[a [b]]", "{to|a|{b}}"])
def test_what_is_not_closed_is_no_template(text: str) -> None:
    with pytest.raises(ValueError, match="is not closed, or was not opened"):
        template(text)
