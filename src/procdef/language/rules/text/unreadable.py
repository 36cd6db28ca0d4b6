"""The file is not there, is a folder, or may not be read. Mend its name or its permissions."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unreadable", Severity.ERROR, "text", __doc__)
