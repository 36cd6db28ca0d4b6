"""Several ids written as one text: no mend that is offered leaves one of them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.diagnostics import Diagnostic
from procdef.language import check, load

SOUND = (Path(__file__).parent / "sound" / "solar-sales.yaml").read_text("utf-8")
OWNER = "    owner: seller\n    probability: 10"
BOTH = ["and", "or", "y", "und", "et", "ja", "/", "|", ";", "&", "+", ",", ""]


def mended(text: str, found: Diagnostic) -> str:
    lines = text.split("\n")
    at, span = found.span.line - 1, found.span
    assert found.fix is not None
    lines[at] = lines[at][: span.column - 1] + found.fix + lines[at][span.end_column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize("joint", BOTH)
@pytest.mark.parametrize("names", [("seller", "manager"), ("Seller", "Sales manager")])
def test_several_roles_are_offered_as_a_list(joint: str, names: tuple[str, str]) -> None:
    text = SOUND.replace(OWNER, OWNER.replace("seller", f" {joint} ".join(names)))
    found = check(text)
    if names[1] == "Sales manager" and not joint:  # no sign and no word tells where a name ends
        assert [one.fix for one in found] == [None]
        return
    assert [one.fix for one in found] == ["[seller, manager]"]
    assert load(mended(text, found[0])).stages["lead"].owner == ("seller", "manager")


@pytest.mark.parametrize("written", ["seller except manager", "seller, manager and me"])
def test_none_of_several_is_offered_where_more_is_said(written: str) -> None:
    (found,) = check(SOUND.replace(OWNER, OWNER.replace("seller", written, 1)))
    assert (found.code, found.fix) == ("bad-id", None)


def test_several_in_an_item_of_a_list_are_items_of_their_own() -> None:
    text = SOUND.replace("records: [price, discount]", "records: [price discount]", 1)
    (found,) = check(text)
    assert 'each of several is an item of its own: write price, discount' in found.message
    assert check(mended(text, found)) == []


def test_in_a_list_of_lines_each_of_several_needs_its_dash() -> None:
    lines = "records:\n          - price, discount\n"
    (found,) = check(SOUND.replace("records: [price, discount]\n", lines, 1))
    assert found.fix is None
    assert found.message.endswith("write - price and - discount")


def test_a_place_for_one_field_is_offered_no_list() -> None:
    (found,) = check(SOUND.replace("deal: {value: price,", "deal: {value: 'price, discount',", 1))
    assert found.fix is None


@pytest.mark.parametrize("sign", [",", ";", " |"])
def test_options_in_one_text_are_offered_as_a_list(sign: str) -> None:
    text = SOUND.replace("  price: {", f"  colour:\n    type: choice\n    options: red{sign} green{sign} blue\n  price: {{", 1)
    found = [one for one in check(text) if one.code == "wrong-type"]
    assert [one.fix for one in found] == ["[red, green, blue]"]
