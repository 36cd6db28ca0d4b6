"""A definition is kept for good and shown to everybody, so nobody in it can be forgotten. Name a role instead of a person,
and keep addresses and phone numbers in the fields of a deal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from procdef.diagnostics import Finding, Place, Route, Severity
from procdef.expression import Expression
from procdef.language.partly_read_process import Draft
from procdef.language.personal_text import SENTENCE, personal_in
from procdef.language.rules.rule import Rule
from procdef.model import Text

_KEYS = {"titles": "options", "columns": "items", "table": "by"}


def personal_data(draft: Draft) -> Iterator[Finding]:
    """An e-mail address (the example domains aside) or a phone number inside a text, an expression or an address."""
    for route, text in _written(draft.process, ()):
        for start, end, what in personal_in(text):
            place = Place(route, "value", start, end)
            yield Finding("personal-data", place, SENTENCE, kind="text", details={"what": what})


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
    elif is_dataclass(part) and type(part).__module__.startswith("procdef.model."):
        for column in fields(part):
            yield from _written(getattr(part, column.name), (*route, _KEYS.get(column.name, column.name)))


RULE = Rule("personal-data", Severity.WARNING, "references", __doc__, personal_data)
