"""A plain number opposite a percentage leaves open what is meant: 0.15 may be a share or a small percentage. Write the unit:
`discount <= 15 %`."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("missing-unit", Severity.ERROR, "expressions", __doc__)
