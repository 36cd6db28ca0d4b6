"""Due times and dates depend on the time zone, summer time included. Name it as in the IANA list, such as Europe/Helsinki."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unknown-time-zone", Severity.ERROR, "shape", __doc__)
