"""Merge keys hide where a value comes from. Write the keys out."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("merge-key", Severity.ERROR, "text", __doc__)
