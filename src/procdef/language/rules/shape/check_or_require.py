"""A criterion either checks an expression or requires fields. Keep exactly one of the two."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("check-or-require", Severity.ERROR, "shape", __doc__)
