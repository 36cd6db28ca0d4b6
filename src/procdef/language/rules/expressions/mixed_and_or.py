"""`a or b and c` is read in one way by some people and in the other by the rest, and a gate must not depend on that. Put
the part that belongs together in parentheses: `a or (b and c)`."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("mixed-and-or", Severity.ERROR, "expressions", __doc__)
