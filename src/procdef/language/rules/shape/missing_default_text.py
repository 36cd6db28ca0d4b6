"""Every text is there in the default language, so that no reader sees an empty place. Add it."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("missing-default-text", Severity.ERROR, "shape", __doc__)
