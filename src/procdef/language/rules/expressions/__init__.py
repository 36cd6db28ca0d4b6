"""The rules of the family ``expressions``, reported by the compiler of expressions where they have no generator."""

from __future__ import annotations

from procdef.language.rules.expressions import (
    ambiguous_name,
    expression_syntax,
    misplaced_else,
    missing_unit,
    mixed_and_or,
    too_long,
    type_mismatch,
    unknown_name,
    unknown_option,
)
from procdef.language.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    expression_syntax.RULE,
    unknown_name.RULE,
    ambiguous_name.RULE,
    type_mismatch.RULE,
    missing_unit.RULE,
    unknown_option.RULE,
    mixed_and_or.RULE,
    misplaced_else.RULE,
    too_long.RULE,
)
