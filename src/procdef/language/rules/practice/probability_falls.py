"""A deal that moves forward should become likelier to be won; a forecast that falls with progress misleads. Raise the later
stage's `probability`, or lower the earlier one's. Ways with a `when` are not looked at: they may lead aside, as to a
waiting stage."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule


def probability_falls(draft: Draft) -> Iterator[Finding]:
    """A way of ``next`` without a ``when`` that leads to a stage with a lower ``probability``."""
    stages = draft.process.stages
    for stage in stages.values():
        for way in stage.next.values():
            after = stages[way.target].probability if way.target in stages else None
            if way.when is None and stage.probability is not None and after is not None and after < stage.probability:
                yield Finding(
                    "probability-falls",
                    Place(("stages", stage.id, "next", way.target), "key"),
                    'the probability falls from {before} in "{stage}" to {after} in "{subject}"; '
                    "raise the later one or lower the earlier one",
                    subject=way.target,
                    kind="stage",
                    details={"before": f"{stage.probability:f}", "after": f"{after:f}", "stage": stage.id},
                )


RULE = Rule("probability-falls", Severity.WARNING, "practice", __doc__, probability_falls)
