"""The number lies outside what makes sense here. Mend it."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("out-of-range", Severity.ERROR, "shape", __doc__)
