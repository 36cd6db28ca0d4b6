"""A case file has words for every event of a deal, and the same ones in every language."""

from __future__ import annotations

import pytest

from procdef.events.declaration import OF_DEALS
from procdef.events.types import EVENT_TYPES
from procdef.pages.casefile.timeline import LABELS
from procdef.pages.casefile.words import CASEFILE_WORDS
from procdef.pages.words import WORDS

OF_A_DEAL = [kind.name for kind in EVENT_TYPES if OF_DEALS in kind.streams]


@pytest.mark.parametrize("name", OF_A_DEAL)
def test_every_event_of_a_deal_has_its_words(name: str) -> None:
    assert LABELS[name] in CASEFILE_WORDS["en"]


@pytest.mark.parametrize("language", sorted(set(CASEFILE_WORDS) - {"en"}))
def test_every_language_has_all_words(language: str) -> None:
    assert CASEFILE_WORDS[language].keys() == CASEFILE_WORDS["en"].keys()


def test_no_word_hides_one_that_all_pages_have() -> None:
    assert not CASEFILE_WORDS["en"].keys() & WORDS["en"].keys()
