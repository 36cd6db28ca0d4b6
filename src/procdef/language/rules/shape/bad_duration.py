"""A deadline that can be read in two ways is kept in neither. Write a whole number and a unit: `3 days`, `4 business hours`."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("bad-duration", Severity.ERROR, "shape", __doc__)
