"""A way that leads to a stage which does not exist can never be taken. Correct the stage's id, or add the stage."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.draft import Draft
from procdef.language.rules.rule import Rule


def unknown_stage(draft: Draft) -> Iterator[Finding]:
    """A target of ``next`` or ``back`` that is no stage of the process."""
    stages = draft.process.stages
    for stage in stages.values():
        for key, targets in (("next", stage.next), ("back", stage.back)):
            for target in targets:
                if target not in stages:
                    near = get_close_matches(target, stages, 1)
                    hint = f'did you mean "{near[0]}"?' if near else f"the stages are {', '.join(stages)}"
                    message = f'unknown stage "{target}" in `{key}` of stage "{stage.id}" ({hint})'
                    place = Place(("stages", stage.id, key, target), "key")
                    yield Finding("unknown-stage", place, message)


RULE = Rule("unknown-stage", Severity.ERROR, "references", __doc__, unknown_stage)
