"""A definition is kept for good and shown to everybody, so nobody in it can be forgotten. Name a role instead of a person,
and keep addresses and phone numbers in the fields of a deal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from procdef.diagnostics import Finding, Place, Route, Severity
from procdef.expression import Expression
from procdef.language.draft import Draft
from procdef.language.rules.rule import Rule
from procdef.model import Text

_KEYS = {"titles": "options", "columns": "items"}
_EMAIL = re.compile(r"[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})\b")
_PHONE = re.compile(
    r"(?<![\w+.,/-])(?:\+\d|\(?0\d|\(\d{3}\) ?\d|\d{3}[-.]\d{3}[-.]\d{4}(?!\d))[\d ()./-]{0,20}(?<=\d)(?!\w)"
)
_DATE = re.compile(r"\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2})")
_NOBODY = re.compile(r"(?:.*\.)?(?:example(?:\.(?:com|org|net))?|invalid|test)", re.IGNORECASE)
_DIGITS = range(8, 16)


def personal_data(draft: Draft) -> Iterator[Finding]:
    """An e-mail address (the example domains aside) or a phone number inside a text, an expression or an address."""
    for route, text in _written(draft.process, ()):
        for start, end, what in _found(text):
            message = f"this text holds what looks like {what}; a definition is kept for good, so name a role instead"
            yield Finding("personal-data", Place(route, "value", start, end), message)


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _EMAIL.finditer(text):
        if not _NOBODY.fullmatch(match[1]):
            yield match.start(), match.end(), "an e-mail address"
    for match in _PHONE.finditer(text):
        digits = sum(character.isdigit() for character in match[0])
        if digits in _DIGITS and not _DATE.match(match[0]):
            yield match.start(), match.end(), "a phone number"


def _written(part: object, route: Route) -> Iterator[tuple[Route, str]]:
    """Every text below a part of the model, with its route; a route that the file writes shorter ends at its nearest key."""
    if isinstance(part, Text):
        alone = part.texts.keys() == {part.default}
        yield from ((route if alone else (*route, language), text) for language, text in part.texts.items())
    elif isinstance(part, Expression):
        yield route, part.text
    elif isinstance(part, str) and route[-1] == "url":
        yield route, part
    elif isinstance(part, Mapping):
        for name, inner in part.items():
            yield from _written(inner, (*route, name))
    elif isinstance(part, tuple):
        for index, inner in enumerate(part):
            yield from _written(inner, (*route, index))
    elif is_dataclass(part) and type(part).__module__ == Text.__module__:
        for column in fields(part):
            yield from _written(getattr(part, column.name), (*route, _KEYS.get(column.name, column.name)))


RULE = Rule("personal-data", Severity.WARNING, "references", __doc__, personal_data)
