"""The value is of another kind than the key takes. Write it in the form that the message shows."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("wrong-type", Severity.ERROR, "shape", __doc__)
