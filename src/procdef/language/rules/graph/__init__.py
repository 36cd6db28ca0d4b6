"""The rules of the family ``graph``."""

from __future__ import annotations

from procdef.language.rules.graph import (
    back_not_earlier,
    back_over_won,
    locked_for_good,
    mixed_outcome,
    no_start,
    no_won,
    open_end,
    start_after_won,
    trap,
    unreachable_stage,
    won_twice,
)
from procdef.language.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    no_start.RULE,
    no_won.RULE,
    won_twice.RULE,
    start_after_won.RULE,
    back_over_won.RULE,
    mixed_outcome.RULE,
    back_not_earlier.RULE,
    locked_for_good.RULE,
    unreachable_stage.RULE,
    trap.RULE,
    open_end.RULE,
)
