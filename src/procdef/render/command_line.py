"""A suggested step as a line to type: ``procdef do ACME-1 send_offer price=... --evidence ...``."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from procdef.errors import Blank, Suggestion

_BLANK = "..."
_PLACES: Mapping[str, tuple[str, ...]] = {
    "start": ("process", "deal", "--stage", "--from", "values"),
    "record": ("deal", "values", "--correct", "--reason"),
    "do": ("deal", "action", "values", "--way", "--evidence", "--decision", "--note"),
    "advance": ("deal", "to", "--reason"),
    "back": ("deal", "to", "--reason"),
    "waive": ("deal", "criterion", "--reason"),
    "lose": ("deal", "reason", "--note"),
    "reopen": ("deal", "--reason"),
    "finish": ("deal",),
    "assign": ("deal", "person"),
    "note": ("deal", "note", "--kind", "--objection"),
}
"""The arguments of each command in the order in which they are written; with ``--`` those that are options."""


def command_line(suggestion: Suggestion) -> str:
    """The command for a shell, with ``...`` for each blank."""
    words = (word for place in _PLACES[suggestion.do] for word in _words(suggestion, place))
    return " ".join(("procdef", suggestion.do, *words))


def assignment(blank: Blank) -> str:
    """A field to be filled in, as a command names it; the value of a list is JSON."""
    return f"{blank.field}:=" if blank.type == "list" else f"{blank.field}="


def _words(suggestion: Suggestion, place: str) -> Iterator[str]:
    """What stands in one place of the line; nothing where the suggestion says nothing of it."""
    name = place.removeprefix("--")
    if name == "deal":
        yield _deal(suggestion)
    elif name == "values":
        yield from (f"{assignment(blank)}{_BLANK}" for blank in suggestion.blanks if blank.argument == "values")
    elif name in suggestion.arguments:
        yield from _settled(place, name, suggestion.arguments[name])
    elif any(blank.argument == name for blank in suggestion.blanks):
        yield from ([place, _BLANK] if place != name else [_BLANK])


def _settled(place: str, name: str, value: object) -> Iterator[str]:
    word = shlex.quote(str(value))
    if place == name:
        yield word
    elif value is True:
        yield place
    elif name == "decision":
        yield f"--{value}"
    elif word.startswith("-"):
        yield f"{place}={word}"
    else:
        yield from (place, word)


def _deal(suggestion: Suggestion) -> str:
    """The deal, quoted for a shell; by its stream where its name looks like an option."""
    if suggestion.stream and suggestion.deal.startswith("-"):
        return suggestion.stream
    return shlex.quote(suggestion.deal)
