"""An objection is in the playbook for its answer: a seller who meets it needs the words at hand. Write the `answer` that works
best so far."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule


def objection_without_answer(draft: Draft) -> Iterator[Finding]:
    """An objection of a playbook that has no ``answer``."""
    for stage in draft.process.stages.values():
        objections = stage.playbook.objections if stage.playbook else {}
        for name, objection in objections.items():
            if objection.answer is None:
                yield Finding(
                    "objection-without-answer",
                    Place(("stages", stage.id, "playbook", "objections", name), "key"),
                    'objection "{subject}" of stage "{stage}" has no answer; add what the seller can say',
                    subject=name,
                    kind="objection",
                    details={"stage": stage.id},
                )


RULE = Rule("objection-without-answer", Severity.WARNING, "practice", __doc__, objection_without_answer)
