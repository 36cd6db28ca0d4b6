"""Ids in a refusal: it repeats what is declared or looks like an id, and nothing that may be somebody's name."""

from __future__ import annotations

import re

from procdef.log.event import NO_ID
from procdef.model import ProcessDefinition

VERBS = frozenset((
    "start", "record", "do", "advance", "back", "waive", "lose", "reopen", "finish", "assign", "note",
))  # fmt: skip
"""What somebody may ask for."""
_ARGUMENTS = frozenset(("correct", "decision", "evidence", "kind", "reason"))
"""What an unmet item may be about, beside verbs and what is declared."""
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
    return type(text) is str and (text in definition.ids or text in VERBS or text in _ARGUMENTS)
