"""A step was asked for and refused: which, with what, and what stood in its way."""

from __future__ import annotations

from typing import Any

from procdef.events.declaration import DONE, LOST, OF_DEALS, OF_SYSTEM, OPEN, DeclaredOverride, EventType
from procdef.events.value_kinds import (
    FACTS,
    FIELD_VALUES,
    ID,
    IDS,
    SOME_IDS,
    TEXT,
    ValueKind,
    are_objects,
    is_text,
    needed,
    one_of,
    optional,
)

UNMET_CODES = (
    "closed", "not-declared", "elsewhere", "not-yours", "no-such-move", "not-on-path", "not-won", "no-target",
    "several-targets", "several-criteria", "branch-closed", "action-open", "when-unknown", "when-false", "approver-unknown",
    "needs-open", "criterion-unmet", "criterion-unknown", "not-waivable", "already-met", "reason-missing", "note-missing",
    "way-missing", "evidence-missing", "decision-missing", "records-unset", "bad-value", "gate-shut", "four-eyes", "too-late",
)  # fmt: skip
"""The codes of what can stand in a step's way."""


def _are_arguments(value: Any) -> bool:
    if type(value) is not dict or type(value.get("values", {})) is not dict:
        return False
    return all(is_text(value[name]) for name in ("key", "reason", "note", "evidence") if name in value)


ARGUMENTS = ValueKind(
    "arguments",
    _are_arguments,
    free=True,
    keys=(
        optional("values", FIELD_VALUES),
        optional("unset", IDS),
        *(optional(name, TEXT, private=True) for name in ("key", "note", "evidence")),
        optional("reason", TEXT, private=True, unless=("do", "lose")),  # whose reason is the id of a declared one
    ),
)
UNMET = ValueKind(
    "unmet",
    are_objects,
    many=True,
    keys=(
        needed("code", one_of(**{code: code for code in UNMET_CODES})),
        needed("about", IDS),
        optional("roles", SOME_IDS),
    ),
)

EVENT = EventType(
    name="step.refused",
    about=__doc__,
    keys=(
        needed("do", ID, "the verb"),
        needed("arguments", ARGUMENTS, "the personal ones are `*`, `unset` lists the fields that were to be emptied"),
        needed("unmet", UNMET),
        needed("facts", FACTS),
    ),
    note="a refused start is in `system`",
    streams=(OF_DEALS, OF_SYSTEM),
    modes=(OPEN, LOST, DONE),
    activity="refused: {do}",
    sentence="REFUSED to {do}[ {arguments}]: {unmet}",
    override=DeclaredOverride("refused", about="unmet"),
)
