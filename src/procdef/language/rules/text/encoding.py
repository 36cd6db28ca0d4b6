"""A file is UTF-8 without invisible control characters, so that what people read is what counts. Save it as UTF-8, and delete
the character that is named."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("encoding", Severity.ERROR, "text", __doc__)
