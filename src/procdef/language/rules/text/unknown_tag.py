"""Tags ask a reader to build objects; nothing is built from a process file. Remove the tag, or quote the text."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unknown-tag", Severity.ERROR, "text", __doc__)
