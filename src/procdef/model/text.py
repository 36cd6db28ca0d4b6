"""What a process says to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


def meant_language(asked: str | None, codes: Iterable[str]) -> str | None:
    """Which of these codes stands for the language asked for, in whatever case it is: ``fi`` for ``fi-FI`` where there is no
    other. ``None`` where none does."""
    known = {code.lower(): code for code in codes}
    asked = (asked or "").lower()
    return known.get(asked) or known.get(asked.partition("-")[0])


@dataclass(frozen=True, slots=True)
class Text:
    """What a person reads, in one or more languages; ``texts[default]`` is always there."""

    texts: Mapping[str, str]
    default: str

    def in_language(self, language: str | None) -> str:
        """The text in that language (see ``meant_language``), or in the default one where it is not translated."""
        return self.texts[self.language_for(language)]

    def language_for(self, language: str | None) -> str:
        """The code, as it is written here, of the language in which the text is told to whoever asks for ``language``."""
        if language is None or self.texts.get(language):
            return language or self.default
        return meant_language(language, (code for code, text in self.texts.items() if text)) or self.default

    def __str__(self) -> str:
        return self.texts[self.default]
