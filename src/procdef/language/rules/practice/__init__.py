"""The rules of the family ``practice``: what is legal and yet seldom meant."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.practice import (
    fraction_for_percent,
    missing_translation,
    no_actions,
    no_lost,
    no_offer_milestone,
    no_owner,
    objection_without_answer,
    probability_falls,
    same_title,
)
from procdef.language.rules.rule import Rule, reported_elsewhere

RULES: tuple[Rule, ...] = (
    no_owner.RULE,
    no_actions.RULE,
    missing_translation.RULE,
    objection_without_answer.RULE,
    no_offer_milestone.RULE,
    probability_falls.RULE,
    fraction_for_percent.RULE,
    same_title.RULE,
    no_lost.RULE,
    reported_elsewhere(
        "practice",
        "unused-ignore",
        Severity.WARNING,
        """
        A comment that suppresses nothing would hide the next finding of its kind, which nobody has looked at. Remove the
        comment.
        Errors are never suppressed, and a comment counts on its own line only.
        """,
    ),
)
