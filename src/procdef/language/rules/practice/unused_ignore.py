"""A comment that silences nothing would hide the next finding of its kind, which nobody has looked at. Remove the comment.
Errors are never silenced, and a comment counts on its own line only."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unused-ignore", Severity.WARNING, "practice", __doc__)
