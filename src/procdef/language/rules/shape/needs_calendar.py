"""Business hours and days are counted on a calendar. Add `calendar` with a time zone at the top."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("needs-calendar", Severity.ERROR, "shape", __doc__)
