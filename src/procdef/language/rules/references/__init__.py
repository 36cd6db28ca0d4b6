"""The rules of the family ``references``."""

from __future__ import annotations

from procdef.language.rules.references import (
    approval_circle,
    needs_cycle,
    personal_data,
    personal_deadline,
    self_transition,
    unknown_action,
    unknown_field,
    unknown_role,
    unknown_stage,
    unused_field,
    unused_role,
)
from procdef.language.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    unknown_stage.RULE,
    unknown_field.RULE,
    unknown_role.RULE,
    unknown_action.RULE,
    self_transition.RULE,
    needs_cycle.RULE,
    approval_circle.RULE,
    unused_field.RULE,
    unused_role.RULE,
    personal_data.RULE,
    personal_deadline.RULE,
)
