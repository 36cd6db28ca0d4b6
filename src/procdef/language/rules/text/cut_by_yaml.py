"""YAML gives some characters a meaning of its own and so changes the text. Write the text in quotes."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("cut-by-yaml", Severity.ERROR, "text", __doc__)
