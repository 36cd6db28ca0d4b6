"""The id is a word of the expression language and could not be told from it there. Choose another."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("reserved-id", Severity.ERROR, "shape", __doc__)
