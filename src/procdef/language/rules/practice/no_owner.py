"""In a stage that nobody owns, anyone with any role of the process may record, do and move, and nobody feels called upon. Name
the roles that work the stage: `owner: seller`."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule


def no_owner(draft: Draft) -> Iterator[Finding]:
    """A stage without ``owner``."""
    for stage in draft.process.stages.values():
        if not stage.owner:
            yield Finding(
                "no-owner",
                Place(("stages", stage.id), "key"),
                'stage "{subject}" has no owner, so every role may work in it; name the roles in `owner`',
                subject=stage.id,
                kind="stage",
            )


RULE = Rule("no-owner", Severity.WARNING, "practice", __doc__, no_owner)
