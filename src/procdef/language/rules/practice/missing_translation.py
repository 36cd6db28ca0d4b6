"""A person who chose a language sees the default one wherever a text is not translated. Add the text in that language,
`{en: Meeting, fi: Tapaaminen}`, or take the language out of `languages`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.faulty_parts import STAND_IN
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule
from procdef.model import Text

_SHOWN = 40


def missing_translation(draft: Draft) -> Iterator[Finding]:
    """A language in which some texts of the process are missing; one finding for each language, at ``languages``."""
    texts = list(_texts(draft.process))
    if any(str(text) == STAND_IN for text in texts):
        return  # a text has a fault of its own; once it is mended, the count will be another
    for language in draft.process.languages[1:]:
        if any(route[-1] == language for route in draft.faulty.routes):
            continue
        missing = [text for text in texts if language not in text.texts]
        if missing:
            yield Finding(
                "missing-translation",
                Place(("languages",)),
                '{missing} of {total} texts are not in "{subject}", the first is "{first}"; translate them',
                subject=language,
                kind="language",
                details={"missing": len(missing), "total": len(texts), "first": _shown(missing[0])},
            )


def _shown(text: Text) -> str:
    whole = " ".join(str(text).split())
    return whole if len(whole) <= _SHOWN else f"{whole[:_SHOWN].rstrip()}..."


def _texts(part: object) -> Iterator[Text]:
    """Every text below a part of the model. Options listed by their ids alone have no text, only a name."""
    if isinstance(part, Text):
        yield part
    elif isinstance(part, Mapping):
        for name, inner in part.items():
            if not (isinstance(inner, Text) and dict(inner.texts) == {inner.default: name}):
                yield from _texts(inner)
    elif isinstance(part, tuple):
        for inner in part:
            yield from _texts(inner)
    elif is_dataclass(part) and type(part).__module__ == Text.__module__:
        for column in fields(part):
            yield from _texts(getattr(part, column.name))


RULE = Rule("missing-translation", Severity.WARNING, "practice", __doc__, missing_translation)
