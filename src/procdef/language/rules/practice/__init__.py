"""The rules of the family ``practice``: what is legal and yet seldom meant."""

from __future__ import annotations

from procdef.language.rules.practice import (
    missing_translation,
    no_actions,
    no_offer_milestone,
    no_owner,
    objection_without_answer,
    probability_falls,
    unused_ignore,
)
from procdef.language.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    no_owner.RULE,
    no_actions.RULE,
    missing_translation.RULE,
    objection_without_answer.RULE,
    no_offer_milestone.RULE,
    probability_falls.RULE,
    unused_ignore.RULE,
)
