"""A move from a stage to itself is no move. Remove it; work that is done again is an action of the stage."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule


def self_transition(draft: Draft) -> Iterator[Finding]:
    """A stage that names itself in ``next`` or ``back``."""
    for stage in draft.process.stages.values():
        for key, targets in (("next", stage.next), ("back", stage.back)):
            if stage.id in targets:
                yield Finding(
                    "self-transition",
                    Place(("stages", stage.id, key, stage.id), "key"),
                    'stage "{subject}" names itself in `{key}`; remove it, or name another stage',
                    subject=stage.id,
                    kind="stage",
                    key=key,
                )


RULE = Rule("self-transition", Severity.ERROR, "references", __doc__, self_transition)
