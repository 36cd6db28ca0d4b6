"""No value can be at least the greater and at most the smaller. Exchange `min` and `max`."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("min-over-max", Severity.ERROR, "shape", __doc__)
