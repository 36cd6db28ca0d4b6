"""The same thing twice in one list is a slip. Remove one."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("duplicate-item", Severity.ERROR, "shape", __doc__)
