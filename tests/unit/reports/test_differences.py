"""What is said of two versions: every construct of the language changed, one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from every_change import CHANGES, LEAD, OFFER, changed
from every_construct import PROCESS

from procdef.audit.definition_differences import Difference, differences
from procdef.language import load_source

SCHEMA = Path(__file__).parents[3] / "schemas" / "process.schema.json"
NO_WORDS_OF_ITS_OWN = {"procdef", "version"}
"""There is one version of the language; the version of a process stands over every difference."""


def between(old: str, new: str) -> list[Difference]:
    second = new.replace("version: 1\n", "version: 2\n", 1)
    return list(differences(load_source(old.encode(), "old"), load_source(second.encode(), "new")))


def heads(found: list[Difference]) -> dict[str, tuple[str, ...]]:
    return {f"{each.what} {each.id} {each.change}": each.details for each in found}


@pytest.mark.parametrize(("key", "old", "new", "head", "detail"), CHANGES)
def test_every_change_of_the_meaning_is_worded(key: str, old: str, new: str, head: str, detail: str) -> None:
    told = heads(between(PROCESS, changed(old, new)))
    assert detail in told[head]
    assert [each.split()[0] for each in told][-1] == "text"
    assert not any(each.startswith("source ") for each in told)


@pytest.mark.parametrize(("key", "old", "new", "head", "detail"), CHANGES)
def test_the_way_back_is_worded_too(key: str, old: str, new: str, head: str, detail: str) -> None:
    back = list(differences(*(load_source(text.encode(), "x") for text in (changed(old, new), PROCESS))))
    told = [detail for each in back[:-1] for detail in each.details]
    was, arrow, now = detail.partition(": ")[2].partition(" -> ")
    key_of = detail.partition(": ")[0]
    assert (f"{key_of}: {now} -> {was}" if arrow else detail) in told


def test_the_table_has_every_key_of_the_language() -> None:
    def keys(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from node.get("properties", ())
            node = list(node.values())
        if isinstance(node, list):
            for inner in node:
                yield from keys(inner)

    assert {*keys(json.loads(SCHEMA.read_text("utf-8")))} - {row[0] for row in CHANGES} == NO_WORDS_OF_ITS_OWN


SAME = "nothing in the meaning changed"
OTHERWISE = "written otherwise: layout, or another notation of the same"
QUOTE = "      quote: {title: Quote, records: [price, discount]}\n"
SEND = PROCESS[PROCESS.index("      send:") : PROCESS.index("    next:\n")]


@pytest.mark.parametrize(
    ("old", "new", "details"),
    [
        ("id: full", "id: full  # the id", ("comment added: # the id",)),
        ("procdef: 1", "# Long\n  # comments\nprocdef: 1", ("comment added: # Long", "comment added: # comments")),
        ("title: Offer", 'title: "Offer"', (OTHERWISE,)),
        ("next: offer\n  offer:", "next: [offer]\n  offer:", (OTHERWISE,)),
        ("{title: Wait}", "{title: Wait, evidence: none, decision: false}", (OTHERWISE,)),
        ("calendar:\n", "calendar:\n\n\n", (OTHERWISE,)),
        ("currency: EUR\n", "currency: EUR\r\n", (OTHERWISE,)),
        ("closed: [2026-12-24, 2026-12-31]", "closed: [2026-12-31, 2026-12-24]", (OTHERWISE,)),
        ("[seller, manager]", "[manager, seller]", ("order of owner of stage offer changed",)),
        ("{small: {title: {en: Small, fi: Pieni}}, big: Big}", "{big: Big, small: {title: {en: Small, fi: Pieni}}}",
         ("order of options of field size changed",)),
        ("  score: {type: integer, min: 0, max: 100}\n  price: {type: money}\n",
         "  price: {type: money}\n  score: {type: integer, min: 0, max: 100}\n", ("order of fields changed",)),
        (PROCESS[PROCESS.index(QUOTE) : PROCESS.index(SEND)], PROCESS[PROCESS.index(QUOTE) + len(QUOTE) : PROCESS.index(SEND)]
         + QUOTE, ("order of actions of stage offer changed",)),
        ("no_need: No need, price: {title: Too dear, records: [score]}",
         "price: {title: Too dear, records: [score]}, no_need: No need",
         ("order of lost.reasons of process changed",)),
    ],
)  # fmt: skip
def test_what_is_no_change_of_the_meaning_is_said_as_such(old: str, new: str, details: tuple[str, ...]) -> None:
    told = heads(between(PROCESS, changed(old, new)))
    assert told.pop("source full@1 -> full@2 changed") == (SAME, *details)
    assert list(told) == ["text full@1 -> full@2 changed"]


def test_only_another_version_is_said_as_such() -> None:
    second = PROCESS.replace("version: 1\n", "version: 2\n")
    found = differences(load_source(PROCESS.encode(), "x"), load_source(second.encode(), "x"))
    assert heads(list(found))["source full@1 -> full@2 changed"] == (SAME, "nothing but the version changed")


def test_comments_and_order_are_told_beside_a_change_of_the_meaning() -> None:
    text = PROCESS.replace("probability: 5\n", "probability: 6  # was 5\n").replace("[seller, manager]", "[manager, seller]")
    told = heads(between(PROCESS, text))
    assert told[LEAD] == ("probability: 5 -> 6",)
    assert told["source full@1 -> full@2 changed"] == ("order of owner of stage offer changed", "comment added: # was 5")


def test_a_hash_in_a_text_is_no_comment() -> None:
    told = heads(between(PROCESS, changed("title: Offer", 'title: "Offer # 1"')))
    assert list(told) == [OFFER, "text full@1 -> full@2 changed"]
