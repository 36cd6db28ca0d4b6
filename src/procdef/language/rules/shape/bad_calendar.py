"""Deadlines are counted on these days and hours. Days are `mon-fri`, hours `09:00-17:00`, dates `2026-12-24`."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("bad-calendar", Severity.ERROR, "shape", __doc__)
