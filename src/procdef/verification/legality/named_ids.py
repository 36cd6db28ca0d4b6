"""Ids in a refusal: it repeats what is declared or looks like an id, and nothing that may be somebody's name."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from procdef.log.event import NO_ID
from procdef.model import ProcessDefinition

VERBS = frozenset((
    "start", "record", "do", "advance", "back", "waive", "lose", "reopen", "finish", "assign", "note",
))  # fmt: skip
"""What somebody may ask for."""
_ARGUMENTS = frozenset(("decision", "evidence", "kind", "note", "reason"))
"""The arguments that a value may not fit."""
_ABOUT: Mapping[str, tuple[str, ...]] = {
    "closed": ("stage",),
    "elsewhere": ("action", "criterion", "stage"),
    "not-yours": ("stage", "action", "criterion", "assign", "correct", "reopen", "note"),
    "no-such-move": ("stage",),
    "not-on-path": ("stage",),
    "not-won": ("stage",),
    "no-target": ("stage",),
    "several-targets": ("stage",),
    "several-criteria": ("criterion",),
    "branch-closed": ("stage",),
    "action-open": ("action",),
    "when-unknown": ("action",),
    "when-false": ("action",),
    "approver-unknown": ("action",),
    "needs-open": ("action",),
    "criterion-unmet": ("criterion",),
    "criterion-unknown": ("criterion",),
    "not-waivable": ("criterion",),
    "already-met": ("criterion",),
    "reason-missing": ("action", "verb"),
    "note-missing": ("action", "verb"),
    "way-missing": ("action", "verb"),
    "evidence-missing": ("action", "verb"),
    "decision-missing": ("action", "verb"),
    "records-unset": ("field",),
    "bad-value": ("field", "argument"),
    "gate-shut": ("field", "action"),
    "four-eyes": ("action",),
    "too-late": ("reopen",),
}
"""What an unmet item of each code is about, as ``docs/log.md`` says; a word that is no kind is itself."""
_EVERY_KIND = ("stage", "action", "criterion", "field", "verb", "argument")
_looks_like_an_id = re.compile(r"[a-z][a-z0-9_-]*").fullmatch
_MOST_DIGITS = 5


def is_id(definition: ProcessDefinition, text: object) -> bool:
    """Whether a refusal may repeat this where an id belongs."""
    if type(text) is not str:
        return False
    if text == NO_ID or text in definition.ids:
        return True
    stage, dot, rest = text.rpartition(".")
    if _looks_like_an_id(rest) is None or (dot and stage not in definition.stages):
        return False
    return sum(map(str.isdigit, text)) <= _MOST_DIGITS


def is_about(definition: ProcessDefinition, code: str, text: object) -> bool:
    """Whether an unmet item with that code can be about this. Only of what is not declared the id is none of the definition."""
    if code == "not-declared":
        return is_id(definition, text)
    return type(text) is str and any(text in _of_kind(definition, kind) for kind in _ABOUT.get(code, _EVERY_KIND))


def _of_kind(definition: ProcessDefinition, kind: str) -> Container[str]:
    """The words that an unmet item of that kind can be about; a kind that is none of those below is the one word."""
    match kind:
        case "stage":
            return definition.stages
        case "action":
            return definition.actions
        case "criterion":
            return definition.criteria
        case "field":
            return definition.fields
        case "verb":
            return VERBS
        case "argument":
            return _ARGUMENTS
    return (kind,)
