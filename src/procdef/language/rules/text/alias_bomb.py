"""Aliases that contain themselves, or repeat each other, grow without end. Write the values out."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("alias-bomb", Severity.ERROR, "text", __doc__)
