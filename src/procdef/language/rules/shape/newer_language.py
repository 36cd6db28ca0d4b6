"""The file is written for another version of the language. Use a procdef that reads it."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("newer-language", Severity.ERROR, "shape", __doc__)
