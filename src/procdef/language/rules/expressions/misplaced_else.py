"""`when: else` opens a way where no other way of the stage is open, so that each deal finds one. It says something only
beside another way with a `when`, and once in a stage: two of them would never be told apart. It is the whole `when` of a
way in `next`; a criterion or an action cannot have it. Write there what must hold instead."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.expression import ELSE, Expression
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule


def misplaced_else(draft: Draft) -> Iterator[Finding]:
    """A second ``else`` in a stage, or one without another way that has a ``when``."""
    for stage in draft.process.stages.values():
        if draft.broken("stages", stage.id, "next"):
            continue
        asked = [target for target, way in stage.next.items() if way.when is not None]
        first, *more = [target for target in asked if _is_else(stage.next[target].when)] or [""]
        place = Place(("stages", stage.id, "next", first, "when"))
        if first and len(asked) == 1:
            sentence = '"else" needs another way with a "when" beside it; give another way one, or remove it'
            yield Finding("misplaced-else", place, sentence, subject=first, kind="stage")
        for other in more:
            sentence = 'a stage has one "else" at most: write what must hold here'
            where = Place(("stages", stage.id, "next", other, "when"))
            yield Finding("misplaced-else", where, sentence, ((place, "the first one"),), subject=other, kind="stage")


def _is_else(when: Expression | None) -> bool:
    return when is not None and when.text == ELSE


RULE = Rule("misplaced-else", Severity.ERROR, "expressions", __doc__, misplaced_else)
