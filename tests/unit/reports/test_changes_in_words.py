"""Every change in a manager's words, with its effect: ``changes_in_words.txt`` has all of them, and both directions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from every_change import CHANGES, changed
from every_construct import PROCESS

from procdef.changes.comparison import compared
from procdef.changes.sentences import OF_ANYTHING
from procdef.changes.worded import Change, worded
from procdef.language import load_source
from procdef.model import ProcessDefinition

GOLDEN = Path(__file__).with_name("changes_in_words.txt")


@cache
def read(text: str) -> ProcessDefinition:
    return load_source(text.encode(), "x")


def told(old: str, new: str, language: str | None = None) -> list[Change]:
    before, after = read(old), read(new)
    return worded(compared(before, after), before, after, language)


def both_ways() -> Iterator[tuple[str, list[Change]]]:
    for key, old, new, _, detail in CHANGES:
        yield f"{key}: {detail}", told(PROCESS, changed(old, new))
        yield f"{key}: {detail}, taken back", told(changed(old, new), PROCESS)


def test_each_change_is_said_as_it_was_approved_with_words_and_an_effect_of_its_own(
    request: pytest.FixtureRequest,
) -> None:
    """No sentence for anything, none with a blank left in it, none twice in one change."""
    lines = []
    for name, changes in both_ways():
        assert changes, name
        assert len({each.words for each in changes}) == len(changes), name
        for each in changes:
            assert each.effect, name
            assert each.effect != OF_ANYTHING.effect, name
            assert not re.search(r"\{|\}|None|nothing instead|  ", each.words + each.effect), (name, each)
        lines += ["", name, *(f"  {each.stage or '-'} | {each.words} | {each.effect}" for each in changes)]
    found = "\n".join(lines).lstrip() + "\n"
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text(found, "utf-8")
    assert found == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "stage", "words", "effect"),
    [
        ("      quote: {title: Quote,", "      terms: {title: Send the terms}\n      quote: {title: Quote,", "offer",
         'new required action "Send the terms"', "deals cannot leave Offer without it, other than to Parked"),
        ("      research: {title: Research,", "      terms: {title: Terms, when: score > 5}\n      research: {title: Research,",
         "lead", 'new required action "Terms", due where score > 5', "deals cannot leave Lead without it where score > 5"),
        ("    optional_actions:\n", "    optional_actions:\n      ask: {title: Ask}\n", "lead",
         'new optional action "Ask"', "it can be done in Lead; nothing waits for it"),
        ("discount > 10 %", "discount > 15 %", "offer",
         '"Approve" is due where discount > 15 %, instead of where discount > 10 %', "it applies to other deals than before"),
        ("title: Offer\n", "title: Bid\n", "offer", 'stage Offer is now called "Bid"',
         "screens, pages and reports use the new name; the rules stay as they are"),
        ("[price, discount]}", "[price, meeting]}", "offer",
         'what is filled in with "Quote": now also meeting, no longer discount',
         "it counts as done only with meeting, price filled in"),
        ("size: {type: choice, options: {small: {title: {en: Small, fi: Pieni}}, big: Big}}",
         "size: {type: choice, options: {big: Big}}", None, 'the option "Small" (small) of field size is gone',
         "it can no longer be chosen; a deal that has it needs an answer"),
    ],
)  # fmt: skip
def test_what_a_manager_reads(old: str, new: str, stage: str | None, words: str, effect: str) -> None:
    assert [(each.stage, each.words, each.effect) for each in told(PROCESS, changed(old, new))] == [(stage, words, effect)]


def test_changes_stand_stage_by_stage_in_the_order_of_the_new_version() -> None:
    new = changed("title: Offer\n", "title: Bid\n").replace("title: Lead", "title: First").replace("title: Full", "title: All")
    new = new.replace("en: Full", "en: All").replace("hit_rate: 30", "hit_rate: 31").replace("title: Parked", "title: Waiting")
    assert [each.stage for each in told(PROCESS, new)] == [None, None, "lead", "offer", "parked"]


def test_titles_are_told_in_the_language_that_was_asked_for() -> None:
    text = PROCESS.replace("title: Quote,", "title: {en: Quote, fi: Hinnoittele},")
    new = text.replace("records: [price, discount]}", "records: [price]}")
    assert told(text, new, "fi")[0].words == 'what is filled in with "Hinnoittele": no longer discount'


def test_a_long_text_is_cut_and_stands_on_one_line() -> None:
    new = PROCESS.replace("description: Everything", "description: |\n  " + "word " * 99 + "\n\n  more")
    words = told(PROCESS, new)[0].words
    assert "\n" not in words
    assert len(words) < 250
