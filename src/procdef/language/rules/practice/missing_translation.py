"""A person who chose a language sees the default one wherever a text is not translated. Add the text in that language,
`{en: Meeting, fi: Tapaaminen}`, or take the language out of `languages`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from procdef.diagnostics import Finding, Place, Route, Severity
from procdef.language.faulty_parts import STAND_IN
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule
from procdef.model import Score, Text

_SHOWN = 40


def missing_translation(draft: Draft) -> Iterator[Finding]:
    """A language in which some texts of the process are missing; one finding for each language, at the first of them."""
    texts = list(_texts(draft.process, ()))
    if any(str(text) == STAND_IN for _, text in texts):
        return  # a text has a fault of its own; once it is mended, the count will be another
    for language in draft.process.languages[1:]:
        if any(route[-1] == language for route in draft.faulty.routes):
            continue
        missing = [one for one in texts if language not in one[1].texts]
        if missing:
            route, first = min(missing, key=lambda one: draft.line(*one[0]))
            yield Finding(
                "missing-translation",
                Place(route),
                '{missing} of {total} texts are not in "{subject}", the first is "{first}"; translate them',
                subject=language,
                kind="language",
                details={"missing": len(missing), "total": len(texts), "first": _shown(first)},
            )


def _shown(text: Text) -> str:
    whole = " ".join(str(text).split())
    return whole if len(whole) <= _SHOWN else f"{whole[:_SHOWN].rstrip()}..."


_KEYS = {"titles": "options", "columns": "items"}
"""The keys of the file that the model calls otherwise; the titles of a score are those of its points."""


def _texts(part: object, route: Route) -> Iterator[tuple[Route, Text]]:
    """Every text below a part of the model with its route. Options listed by their ids alone have no text, only a name."""
    if isinstance(part, Text):
        yield route, part
    elif isinstance(part, Mapping):
        for name, inner in part.items():
            if not (isinstance(inner, Text) and dict(inner.texts) == {inner.default: name}):
                yield from _texts(inner, (*route, name))
    elif isinstance(part, tuple):
        for place, inner in enumerate(part):
            yield from _texts(inner, (*route, place))
    elif is_dataclass(part) and type(part).__module__.startswith("procdef.model."):
        for column in fields(part):
            key = "points" if column.name == "titles" and isinstance(part, Score) else column.name
            yield from _texts(getattr(part, column.name), (*route, _KEYS.get(key, key)))


RULE = Rule("missing-translation", Severity.WARNING, "practice", __doc__, missing_translation)
