"""A choice never holds an option that it does not have, so the comparison would come out the same for every deal. Correct
the option's id, or add it to the field's `options`. Options are compared by their ids, not by their titles."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unknown-option", Severity.ERROR, "expressions", __doc__)
