"""A key that is not known would be ignored, and what it was to ensure would not happen. Mend its spelling."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unknown-key", Severity.ERROR, "shape", __doc__)
