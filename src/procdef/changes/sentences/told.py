"""The form in which sentences about changes are kept: words for what changed, and its effect on sellers and deals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Sentence(NamedTuple):
    """``words`` say what changed, ``effect`` what that means from now on. Both have blanks, such as ``{it}`` for the part,
    ``{old}`` and ``{new}`` for what it said, ``{more}`` for what a list gained and lost, ``{sub}`` for the id in the key."""

    words: str
    effect: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is said where an aspect was there before and after (``changed``), is new (``given``), or is gone (``gone``).

    ``values`` come first: what is said by what it says now, of a switch.
    """

    changed: Sentence | None = None
    given: Sentence | None = None
    gone: Sentence | None = None
    values: Mapping[str | None, Sentence] = field(default_factory=dict)

    def sentence(self, old: str | None, new: str | None) -> Sentence | None:
        """The one for this change."""
        if new in self.values:
            return self.values[new]
        return self.given if old is None else self.gone if new is None else self.changed


Sentences = Mapping[str, Told]
"""By the key of the language, with ``*`` for ids in it."""

READ = "only what people read changes; the rules stay as they are"
NAMED = "screens, pages and reports use the new name; the rules stay as they are"


def listed(words: str, effect: str, *, given: str | None = None, gone: str | None = None) -> Told:
    """Of a list: one sentence for all, but for the effect where there was nothing before, or is nothing now."""
    told = Sentence(f"{words}: {{more}}", effect)
    return Told(told, told._replace(effect=given or effect), told._replace(effect=gone or effect))


def text(words: str, effect: str = READ) -> Told:
    """Of a text that people read."""
    return Told(
        Sentence(f'{words} reads "{{new}}" instead of "{{old}}"', effect),
        Sentence(f'{words} is new: "{{new}}"', effect),
        Sentence(f'{words} is gone: "{{old}}"', effect),
    )


def renamed(what: str = "{it}") -> Told:
    """Of a title; ``{it}`` is the part by its former name."""
    return Told(
        Sentence(f'{what} is now called "{{new}}"', NAMED),
        Sentence(f'{what} is now called "{{new}}"', NAMED),
        Sentence(f'{what} is no longer called "{{old}}"', NAMED),
    )


def switch(on: Sentence, off: Sentence) -> Told:
    """Of what is or is not: ``true``, or else ``false`` or nothing."""
    return Told(values={"true": on, "false": off, None: off})
