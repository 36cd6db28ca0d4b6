"""The rules of the family ``text``."""

from __future__ import annotations

from procdef.language.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
