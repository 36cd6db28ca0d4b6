"""YAML could not be read from here on, so nothing after it was looked at. Mend this place first."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("syntax", Severity.ERROR, "text", __doc__)
