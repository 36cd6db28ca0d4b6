"""An empty list or mapping says nothing. Fill it in or remove the key."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("empty", Severity.ERROR, "shape", __doc__)
