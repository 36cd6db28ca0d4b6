"""Values and texts as they come in: what does not fit is refused with the name of the field, and nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from typing import Any

from procdef.decide.context import Context
from procdef.expression.given_values import BadValue, PlaceholderGiven, coerce
from procdef.expression.stored_values import canonical
from procdef.expression.types import FieldType, Kind
from procdef.log.event import NO_ID, Data, pointer_to
from procdef.model import Action, ProcessDefinition
from procdef.unsafe_characters import shows, trimmed

_TEXT = FieldType(Kind.TEXT, private=True)
_URL = FieldType(Kind.URL, private=True)
_ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_MOST_DIGITS = 5
_ELSEWHERE = re.compile(r"(?P<name>.*\S)\s+sha256:(?P<digest>[0-9a-f]{64})", re.DOTALL)


def named(text: object, definition: ProcessDefinition) -> str:
    """An id as it may stand in the log: what does not look like one could hold anything, so it is not repeated.

    What the definition declares stands there for all to see. No other text with capital letters is repeated, or with a dot but
    behind a stage; so names of people seldom are. Nor is what has many digits, as the numbers of telephones, accounts and
    persons have.
    """
    if isinstance(text, str) and text in definition.ids:
        return text
    if not isinstance(text, str) or sum(map(str.isdigit, text)) > _MOST_DIGITS:
        return NO_ID
    stage, dot, rest = text.rpartition(".")
    fits = _ID.fullmatch(rest) and (not dot or stage in definition.stages)
    return text if fits else NO_ID


def declared(context: Context, values: Mapping[str, object], *missing: str) -> None:
    """Stop the step where the definition lacks a field of these values, or lacks something else: all in one item."""
    fields = context.definition.fields
    lacking = [*missing, *[name for name in values if name not in fields]]
    if lacking:
        context.stop("not-declared", *(named(name, context.definition) for name in lacking))


def coerced(definition: ProcessDefinition, values: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, BadValue]]:
    """Values of declared fields in canonical form (``None``: to be unset), and by field what is wrong with the others."""
    taken: dict[str, Any] = {}
    bad: dict[str, BadValue] = {}
    for name, given in values.items():
        kind = definition.fields[name].type
        try:
            value = coerce(kind, given)
        except BadValue as fault:
            bad[name] = fault
        else:
            taken[name] = None if value is None else canonical(kind, value)
    return taken, bad


def admitted(context: Context, values: Mapping[str, object], needed: Container[str] = ()) -> dict[str, Any]:
    """As ``coerced``; bad values block the step. ``needed`` are the fields that it would not be taken without."""
    taken, bad = coerced(context.definition, values)
    for name, fault in bad.items():
        why = str(fault)
        if isinstance(fault, PlaceholderGiven) and name in needed:
            why = fault.where_required(name, "the action is not done without it")
        context.block("bad-value", name, why=why)
    return taken


def loggable(given: str | None) -> str | None:
    """A free text, trimmed; ``None`` when nothing is left. Raises ``BadValue`` for a text that cannot be logged."""
    return None if given is None else _as_text(coerce(_TEXT, given))


def text(context: Context, argument: str, given: str | None) -> str | None:
    """As ``loggable``; a text that cannot be logged blocks the step."""
    try:
        return loggable(given)
    except BadValue as bad:
        context.block("bad-value", argument, why=str(bad))
        return None


def evidence(context: Context, action: Action, given: str | None, note: str | None) -> Data | None:
    """The evidence of a completion as the log writes it. Missing or unfit evidence blocks the step."""
    shown = text(context, "evidence", given)
    if action.evidence in ("none", "note"):
        shown = shown or (note if action.evidence == "note" else None)
        if shown is not None:
            return {"kind": "note", "text": shown}
    elif shown is not None:
        return _link(context, shown) if action.evidence == "link" else _document(context, shown)
    if action.evidence != "none" and not trimmed(given or ""):
        context.block("evidence-missing", action.path)
    return None


def _link(context: Context, shown: str) -> Data | None:
    try:
        return {"kind": "link", "url": _as_text(coerce(_URL, shown))}
    except BadValue as bad:
        context.block("bad-value", "evidence", why=str(bad))
        return None


def _document(context: Context, shown: str) -> Data | None:
    match = _ELSEWHERE.fullmatch(shown)
    if match is None or not shows(match["name"]):
        context.block("bad-value", "evidence", cause="no_such_file")
        return None
    return {"kind": "document", "name": trimmed(match["name"]), "sha256": match["digest"]}


def _as_text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def private_values(definition: ProcessDefinition, values: Mapping[str, Any], *under: str) -> list[str]:
    """JSON pointers to the personal values among these, which lie at ``under``; in a list each cell is one."""
    found: list[str] = []
    for name, value in values.items():
        kind = definition.fields[name].type
        if kind.columns:
            found += _private_cells(kind, value, (*under, name))
        elif kind.private:
            found.append(pointer_to(*under, name))
    return found


def _private_cells(kind: FieldType, rows: Iterable[Mapping[str, Any]], under: tuple[str, ...]) -> list[str]:
    return [
        pointer_to(*under, place, column)
        for place, row in enumerate(rows)
        for column in row
        if kind.private or kind.columns[column].private
    ]
