"""All rules of ``procdef check``: one table for each family, and a module for each rule that has a generator."""

from __future__ import annotations

from procdef.language.rules import (
    assumptions,
    controls,
    expressions,
    graph,
    people,
    plans,
    practice,
    proof,
    references,
    scenarios,
    shape,
    text,
)
from procdef.language.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *text.RULES,
    *shape.RULES,
    *references.RULES,
    *graph.RULES,
    *expressions.RULES,
    *controls.RULES,
    *practice.RULES,
    *people.RULES,
    *scenarios.RULES,
    *assumptions.RULES,
    *plans.RULES,
    *proof.RULES,
)
"""Every rule, family by family, in the order of the manual."""

BY_CODE = {rule.code: rule for rule in RULES}
"""Every rule by its code."""
