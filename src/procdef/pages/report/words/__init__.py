"""The report's own words, by language and by what they stand for. English has all of them."""

from __future__ import annotations

from collections.abc import Mapping

from procdef.pages.report.words import glossary
from procdef.pages.report.words.english import ENGLISH
from procdef.pages.report.words.finnish import FINNISH

WORDS: Mapping[str, Mapping[str, str]] = {"en": {**ENGLISH, **glossary.ENGLISH}, "fi": {**FINNISH, **glossary.FINNISH}}

GLOSSARY = tuple(key.removeprefix("term_") for key in glossary.ENGLISH if key.startswith("term_"))
"""The figures that the glossary explains, in its order."""
