"""One file is one process. Move what follows the line `---` into a file of its own."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("several-documents", Severity.ERROR, "text", __doc__)
