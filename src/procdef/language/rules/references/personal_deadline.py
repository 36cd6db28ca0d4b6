"""When something is due stands in the log for good, so it cannot be taken from a personal field, whose values may have to be
erased. Name another field, or set `personal: false` where its values tell nothing of a person.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import deadlines
from procdef.language.rules.rule import Rule


def personal_deadline(draft: Draft) -> Iterator[Finding]:
    """A deadline `until` the time in a personal field."""
    for route, sla in deadlines(draft.process):
        if sla.until in draft.process.personal and not draft.broken("fields", sla.until):
            yield Finding(
                "personal-deadline",
                Place((*route, "until")),
                'the field "{subject}" is personal, and a due time stays in the log for good; name another field',
                subject=sla.until,
                kind="field",
            )


RULE = Rule("personal-deadline", Severity.ERROR, "references", __doc__, personal_deadline)
