"""Brackets that are open, and what people write in them from habit: semicolons, a comment, a `}` without its `{`."""

from __future__ import annotations

import re
from dataclasses import replace

from procdef.diagnostics import Finding
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.reading_faults import reading_fault

CLOSERS = {"{": "}", "[": "]"}
"""By the opening bracket the one that closes it."""
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\'\'|[^\'])*\'')
_SEPARATING = re.compile(r"[;；](?=\s|\w)")
_UNOPENED = re.compile(r"(?<=[\w-]:)[ ]+(?P<key>[a-z_]+):[ ]")
_COMMENT = re.compile(r"\s(#)")


def habit_in_brackets(text: str, start: int) -> Finding | None:
    """What is wrong in a line that could not be read and that begins at ``start``, where it is one of these habits."""
    bare = _QUOTED.sub(lambda found: "x" * len(found[0]), text)
    return _semicolons(text, bare, start) or _unopened(bare, start) or _swallowed(bare, start)


def _semicolons(text: str, bare: str, start: int) -> Finding | None:
    opened = min((place for place in (bare.find("{"), bare.find("[")) if place >= 0), default=None)
    found = [] if opened is None else [*_SEPARATING.finditer(bare, opened)]
    if not found:
        return None
    first, last = found[0].start(), found[-1].end()
    fix = "".join("," if any(one.start() == place for one in found) else text[place] for place in range(first, last))
    at = Stretch(start + first, start + last)
    sentence = "what stands in brackets is separated by commas, not by semicolons; write them"
    return replace(reading_fault("syntax", at, sentence), fix=fix)


def _unopened(bare: str, start: int) -> Finding | None:
    """Two keys behind one another, in a line with a ``}`` too many."""
    found = _UNOPENED.search(bare) if bare.count("}") == bare.count("{") + 1 else None
    if found is None:
        return None
    at = Stretch(start + found.start("key"), start + found.end("key"))
    form = "{" + found["key"]
    told = reading_fault("syntax", at, 'the "{sign}" before "{subject}" is missing; write {form}', found["key"], "key",
                         sign="{", form=form + ": ...}")  # fmt: skip
    return replace(told, fix=form)


def _swallowed(bare: str, start: int) -> Finding | None:
    found = _COMMENT.search(bare)
    if found is None:
        return None
    before, behind = bare[: found.start()], bare[found.end() :]
    for opening, closing in ("{}", "[]"):
        if before.count(opening) > before.count(closing) and behind.count(closing) > behind.count(opening):
            at = Stretch(start + found.start(1), start + len(bare.rstrip()))
            sentence = (
                'what follows # is a comment, up to the end of the line, and so is the "{closing}" in it; move the comment '
                "behind the bracket, or above the line"
            )
            return reading_fault("syntax", at, sentence, closing=closing)
    return None


def open_at(text: str, began: int, end: int) -> int | None:
    """The innermost bracket that opens from ``began`` on and is still open at the end of its line, or at ``end``."""
    stack: list[int] = []
    quote, before = "", ""
    for place in range(began, min(end, len(text))):
        sign = text[place]
        if quote:
            quote = "" if sign == quote and not (quote == '"' and before == "\\") else quote
        elif sign in "\"'" and before.strip(",:[{") == "":
            quote = sign
        elif sign in CLOSERS:
            stack.append(place)
        elif sign in "}]" and stack and CLOSERS[text[stack[-1]]] == sign:
            stack.pop()
        before = sign if sign not in " \t" or before not in ",:[{" else before
    return stack[-1] if stack else None
