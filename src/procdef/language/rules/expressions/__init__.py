"""The rules of the family ``expressions``."""

from __future__ import annotations

from procdef.language.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
