"""The rules of the family ``graph``."""

from __future__ import annotations

from procdef.language.rules.graph import no_start, no_won
from procdef.language.rules.rule import Rule

RULES: tuple[Rule, ...] = (no_start.RULE, no_won.RULE)
