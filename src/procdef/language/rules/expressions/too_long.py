"""Nobody can say whether an expression of this length is right, and its cost is bounded so that no file can stall the
engine. Split it: several criteria of a stage must all hold, each with a message of its own."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("too-long", Severity.ERROR, "expressions", __doc__)
