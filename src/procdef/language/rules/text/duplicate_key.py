"""Of two equal keys most readers silently keep one, and what the other said is lost. Remove or rename one."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("duplicate-key", Severity.ERROR, "text", __doc__)
