"""Time zones are named as in the IANA list, such as Europe/Helsinki, so that summer time is right."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unknown-time-zone", Severity.ERROR, "shape", __doc__)
