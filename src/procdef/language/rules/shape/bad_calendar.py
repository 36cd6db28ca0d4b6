"""Deadlines are counted on these days and hours. Days are `mon-fri` or `sat-wed`, hours `09:00-17:00`, over midnight
`22:00-06:00`, dates `2026-12-24`; each day has its hours once, and those of two days do not overlap.
"""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("bad-calendar", Severity.ERROR, "shape", __doc__)
