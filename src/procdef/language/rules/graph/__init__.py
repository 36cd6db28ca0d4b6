"""The rules of the family ``graph``."""

from __future__ import annotations

from procdef.language.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
