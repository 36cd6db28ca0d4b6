"""No process nests deeper than 64 levels; deeper files are damaged or hostile. Remove the brackets or the indentation that
nobody meant."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("too-deep", Severity.ERROR, "text", __doc__)
