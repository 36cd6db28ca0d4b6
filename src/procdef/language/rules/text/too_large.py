"""A process file is at most 1 MiB and 100,000 values, so that checking it always ends soon."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("too-large", Severity.ERROR, "text", __doc__)
