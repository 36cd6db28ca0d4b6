"""A criterion that asks about a field which does not exist could never be met. Correct the name, or add the field to
`fields`. Text is written in quotes; an option stands without them opposite a choice: `source == referral`."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unknown-name", Severity.ERROR, "expressions", __doc__)
