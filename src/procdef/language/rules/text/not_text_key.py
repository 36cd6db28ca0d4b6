"""Keys are ids, and an id is text. Write a number, true, false or null in quotes when it is meant as an id."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("not-text-key", Severity.ERROR, "text", __doc__)
