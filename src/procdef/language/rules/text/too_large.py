"""A process file is at most 1 MiB and 100,000 values, so that checking it always ends soon. Remove what does not belong in
it; long guides stand better in `materials`, as links."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("too-large", Severity.ERROR, "text", __doc__)
