"""Two ids that look alike are one, and a person acts for one other at most."""

import pytest

from procdef import Actor, Engine, InvalidArgument, load, open_store
from procdef.engine.arguments import new_deal_name
from procdef.expression.given_values import BadValue, coerce
from procdef.expression.types import FieldType, Kind

INVISIBLE = "\u034f\u115f\u1160\u3164\ufe00\ufe0f\U000e0100\u200b\u200d\u200f\u2060\u206f\ufeff\u00ad\u202e\u2066"
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("character", INVISIBLE)
def test_what_is_not_to_be_seen_is_in_no_name(character: str) -> None:
    for make in (Actor, lambda name: Actor("x", {name}), new_deal_name):
        with pytest.raises(InvalidArgument):
            make(f"mai{character}ja")


@pytest.mark.parametrize("character", TURNING)
def test_what_turns_the_writing_around_is_in_no_text(character: str) -> None:
    with pytest.raises(BadValue, match="direction of writing"):
        coerce(FieldType(Kind.TEXT), f"a{character}b")


def test_a_text_may_hold_emoji() -> None:
    assert coerce(FieldType(Kind.TEXT), "\u2764\ufe0f") == "\u2764\ufe0f"


def test_on_behalf_of_somebody_on_behalf_of_another_is_not_taken() -> None:
    with pytest.raises(InvalidArgument, match="acts for nobody else"):
        Actor("a", behalf=Actor("b", behalf=Actor("c")))


def test_an_import_always_says_when() -> None:
    store = open_store("memory:")
    engine, maija = Engine(store, via="import"), Actor("maija", {"seller"})
    engine.publish(load("processes/crm-opportunities.yaml"), by=maija)
    engine.start("crm-opportunities", "ACME", by=maija, values={"product": "GTX Pro"})
    (event,) = engine.events("ACME")
    assert event["happened"] == event["at"] == event["data"]["facts"]["now"]
