"""A word with two meanings may be read in the one that was not meant, and nobody would notice. Put an option that is
also a choice field in quotes; give a column that is named like a field another name."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("ambiguous-name", Severity.ERROR, "expressions", __doc__)
