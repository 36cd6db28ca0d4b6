"""The key takes one of a few words. Use one of those listed."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unknown-word", Severity.ERROR, "shape", __doc__)
