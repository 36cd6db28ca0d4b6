"""Comparing two things of different kinds has no answer. Compare like with like: money with money, a date with a date, a
choice with its options; the rows of a list are asked with `any`, `all` or `count`."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("type-mismatch", Severity.ERROR, "expressions", __doc__)
