"""The process cannot be understood without this key. Add it."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("missing-key", Severity.ERROR, "shape", __doc__)
