"""The rules of the family ``controls``."""

from __future__ import annotations

from procdef.language.rules.controls import (
    approval_hole,
    approval_not_voided,
    lapse_without_effect,
    lapsed_for_good,
    needs_deadlock,
    offer_not_voided,
    self_approval,
)
from procdef.language.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    approval_hole.RULE,
    approval_not_voided.RULE,
    offer_not_voided.RULE,
    self_approval.RULE,
    needs_deadlock.RULE,
    lapse_without_effect.RULE,
    lapsed_for_good.RULE,
)
