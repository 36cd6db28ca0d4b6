"""A plain number opposite a percentage or a duration leaves open what is counted: 15 may mean 15 % or 0.15, days or hours.
Write the unit: `discount <= 15 %`, `deal.stage_age >= 5 days`."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("missing-unit", Severity.ERROR, "expressions", __doc__)
