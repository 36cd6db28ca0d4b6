"""An expression that cannot be read decides nothing, so the gate that it guards would stay shut for every deal. The mark
stands where reading stopped; write what the message proposes. There is no division, no chained comparison (write
`between 0 % and 15 %`), and `any`, `all` and `count` do not stand inside one another."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("expression-syntax", Severity.ERROR, "expressions", __doc__)
