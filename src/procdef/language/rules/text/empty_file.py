"""There is nothing to check. `procdef new FILE` writes a file to start from."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("empty-file", Severity.ERROR, "text", __doc__)
