"""An amount of money means nothing without its currency. Add `currency` at the top."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("needs-currency", Severity.ERROR, "shape", __doc__)
