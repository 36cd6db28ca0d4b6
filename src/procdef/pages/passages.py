"""Texts with the language that they are in, so that a page can say where it leaves its own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from procdef.model import Text

if TYPE_CHECKING:
    from markupsafe import Markup

_LEFTWARD = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
"""Languages that are written from right to left."""


def direction(language: str) -> str:
    """``rtl`` for languages that are written from right to left, else ``ltr``."""
    return "rtl" if primary(language) in _LEFTWARD else "ltr"


def primary(language: str) -> str:
    """The language of a code without its country or script: ``fi`` of ``fi-FI``."""
    return language.replace("_", "-").split("-")[0].lower()


@dataclass(frozen=True, slots=True)
class Passage:
    """A text on a page. ``language`` is given where it is not the page's own.

    In a template ``{{ passage }}`` is text among other text; an element that holds nothing else takes its ``marks`` instead:
    ``<p{{ p.marks }}>{{ p.text }}</p>``.
    """

    text: str
    language: str | None = None

    def __str__(self) -> str:
        return self.text

    @property
    def marks(self) -> Markup:
        """The attributes of the element that holds this text alone: its language, and whether its own letters tell where it
        begins."""
        from markupsafe import Markup

        lang = f' lang="{escape(self.language)}"' if self.language else ""
        return Markup(lang + (' dir="auto"' if leftward(self.text) else ""))

    def __html__(self) -> str:
        """The text as markup, marked where it is in another language or written the other way."""
        from markupsafe import Markup

        lang = f' lang="{escape(self.language)}"' if self.language else ""
        if leftward(self.text):
            return Markup(f"<bdi{lang}>{escape(self.text)}</bdi>")
        return Markup(f"<span{lang}>{escape(self.text)}</span>" if lang else escape(self.text))


def leftward(text: str) -> bool:
    """Whether a text has letters that are written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)


def passage(text: Text, language: str) -> Passage:
    """A text of a process on a page in that language; where it is not translated, in the process's first one."""
    code = text.language_for(language)
    return Passage(text.texts[code], None if code.lower() in (language.lower(), primary(language)) else code)


class Words(Mapping[str, Passage]):
    """The words of a page that are procdef's own, by what they stand for. A language without words of its own gets the English
    ones, marked as such."""

    def __init__(self, language: str, *tables: Mapping[str, Mapping[str, str]]) -> None:
        """``tables``: by language, by what they stand for; English is always there, and has all of them."""
        self.language = language
        self._words: dict[str, Passage] = {}
        for table in tables:
            own = table.get(primary(language), {})
            for key, english in table["en"].items():
                other = None if primary(language) == "en" or key in own else "en"
                self._words[key] = Passage(own.get(key, english), other)

    def say(self, key: str, **values: object) -> Markup:
        """The sentence of that key with its blanks filled in: Passages, markup, or anything else as its text."""
        from markupsafe import Markup, escape

        words = self._words[key]
        filled = {name: escape(value) for name, value in values.items()}
        if words.language is None:
            return Markup(escape(words.text).format(**filled))
        back = Markup('<span lang="{}">{}</span>')
        inner = {name: back.format(self.language, value) for name, value in filled.items()}
        return back.format(words.language, Markup(escape(words.text).format(**inner)))

    def listed(self, items: Iterable[object], last: str = "or") -> Markup:
        """``a, b or c``, with the word of the key ``last`` before the last one."""
        from markupsafe import Markup, escape

        *most, end = [escape(item) for item in items] or [Markup("")]
        return Markup("{} {} {}").format(Markup(", ").join(most), self._words[last], end) if most else end

    def __getitem__(self, key: str) -> Passage:
        return self._words[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)
