"""The words of pages that are procdef's own, in each language that they are there in."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from pathlib import Path

import pytest

from procdef.model import Text
from procdef.pages import definition_words, words
from procdef.pages.casefile import words as casefile_words
from procdef.pages.passages import Passage, Words, direction, passage
from procdef.pages.playbook import words as playbook_words
from procdef.pages.report import words as report_words
from procdef.pages.simulation import words as simulation_words

PAGES = Path(words.__file__).parent
TABLES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "page": words.WORDS, "definition": definition_words.WORDS, "playbook": playbook_words.WORDS,
    "casefile": casefile_words.CASEFILE_WORDS, "report": report_words.WORDS,
    "simulation": simulation_words.WORDS,
}  # fmt: skip


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", TABLES)
def test_every_language_has_every_word_with_the_same_blanks(name: str) -> None:
    table = TABLES[name]
    for language, own in table.items():
        assert list(own) == list(table["en"]), language
        assert {key: blanks(text) for key, text in own.items()} == {key: blanks(text) for key, text in table["en"].items()}


def test_every_word_of_the_handbook_is_used() -> None:
    files = [*PAGES.glob("playbook/*.py"), *PAGES.glob("templates/playbook.html")]
    used = "".join(file.read_text("utf-8") for file in files if file.name != "words.py")
    made = ("key_", "evidence_", "milestone_", "per_", "_here", "_means")
    named = set(re.findall(r'words\.(\w+)|"(\w+)"', used))
    flat = {each for pair in named for each in pair if each}
    goals = {"hit_rate", "win_rate", "won_value", "won_deals", "new_deals"}
    forecasts = {"best_case", "commit", "omitted"}
    found = flat | goals | forecasts
    assert [key for key in TABLES["playbook"]["en"] if key not in found and not any(part in key for part in made)] == []


def test_a_language_without_words_has_the_english_ones_marked() -> None:
    said = Words("sv", words.WORDS)
    assert said["skip"] == Passage("Skip to the content", "en")
    assert str(said.listed([Passage("Säljare"), "<b>"])) == 'Säljare <span lang="en">or</span> &lt;b&gt;'
    assert Words("fi-FI", words.WORDS)["skip"] == Passage("Siirry sisältöön")


def test_a_sentence_in_another_language_has_what_fills_it_in_the_language_of_the_page() -> None:
    said = Words("sv", playbook_words.WORDS).say("may_waive", roles=Passage("Chef & co"))
    assert str(said) == '<span lang="en"><span lang="sv">Chef &amp; co</span> may waive it</span>'
    assert str(Words("fi", playbook_words.WORDS).say("may_waive", roles="<a>")) == "Poikkeuksen voi myöntää: &lt;a&gt;"


def test_a_blank_in_a_text_is_no_blank() -> None:
    assert str(Words("en", playbook_words.WORDS).say("may_waive", roles="{roles} {0}")) == "{roles} {0} may waive it"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", Passage("Offer")), ("EN", Passage("Offer")), ("fi", Passage("Tarjous")), ("sv", Passage("Offer", "en"))],
)
def test_a_text_that_is_not_translated_stands_in_the_first_language_marked(language: str, shown: Passage) -> None:
    assert passage(Text({"en": "Offer", "fi": "Tarjous"}, "en"), language) == shown


def test_what_is_written_from_right_to_left_is_marked() -> None:
    assert str(Passage("שלום").__html__()) == "<bdi>שלום</bdi>"
    assert str(Passage("שלום", "he").marks) == ' lang="he" dir="auto"'
    assert str(Passage("hello").marks) == ""
    assert (direction("he-IL"), direction("fi")) == ("rtl", "ltr")
