"""A goal for won value, or a forecast, has nothing to add up without `deal.value`. Name the money field that
the forecast reads."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule


def no_value_field(draft: Draft) -> Iterator[Finding]:
    """A goal for won value, or a forecast by closing date, in a process that names no value field; told once."""
    process = draft.process
    if process.deal.value is not None or draft.broken("deal"):
        return
    if "won_value" in process.goals:
        yield Finding(
            "no-value-field",
            Place(("goals", "won_value"), "key"),
            "the goal {subject} has nothing to add up; name a money field as `deal: {value: ...}`",
            subject="won_value",
            kind="key",
        )
    elif process.deal.close is not None:
        yield Finding(
            "no-value-field",
            Place(("deal", "close"), "key"),
            "the forecast by `{subject}` has nothing to add up; name a money field as `deal: {value: ...}`",
            subject="close",
            kind="key",
        )


RULE = Rule("no-value-field", Severity.WARNING, "shape", __doc__, no_value_field)
