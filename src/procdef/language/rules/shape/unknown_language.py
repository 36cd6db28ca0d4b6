"""A language that programs do not know is offered to nobody. Name it by its code, such as en or fi."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unknown-language", Severity.ERROR, "shape", __doc__)
