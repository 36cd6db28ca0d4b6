"""A goal for won value has nothing to add up without `deal.value`. Name the money field that the forecast reads."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.draft import Draft
from procdef.language.rules.rule import Rule


def no_value_field(draft: Draft) -> Iterator[Finding]:
    """A goal for won value in a process that names no value field."""
    if "won_value" in draft.process.goals and draft.process.deal.value is None and not draft.broken("deal"):
        message = "the goal won_value has nothing to add up; name a money field as `deal: {value: ...}`"
        yield Finding("no-value-field", Place(("goals", "won_value"), "key"), message)


RULE = Rule("no-value-field", Severity.WARNING, "shape", __doc__, no_value_field)
