"""Leaving things unfinished always asks for a reason, so `reason: optional` beside it misleads. Remove it."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("reason-overruled", Severity.WARNING, "shape", __doc__)
