"""A stage in which nothing is to be done only holds deals up, and its log tells nothing. Write down what brings a deal on from
there as `required_actions`, or leave the stage out."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule


def no_actions(draft: Draft) -> Iterator[Finding]:
    """A stage without required and optional actions."""
    for stage in draft.process.stages.values():
        if not stage.required_actions and not stage.optional_actions:
            yield Finding(
                "no-actions",
                Place(("stages", stage.id), "key"),
                'stage "{subject}" has no actions; say in `required_actions` what has to be done there',
                subject=stage.id,
                kind="stage",
            )


RULE = Rule("no-actions", Severity.WARNING, "practice", __doc__, no_actions)
