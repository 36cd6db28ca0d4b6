"""What is done counts no longer than its `valid_for`. Where nothing asks whether an optional action is done, no step of a deal
depends on that, and people would be reminded of it for nothing.

Make the action a required one, name it in the `needs` of what must not go on without it or in a condition, as
`stage.action is done`, or leave `valid_for` out.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.expression import Expression
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import action_route
from procdef.language.rules.rule import Rule
from procdef.model import ProcessDefinition


def lapse_without_effect(draft: Draft) -> Iterator[Finding]:
    """An optional action with ``valid_for`` that nothing reads."""
    if draft.broken("stages"):
        return
    lapsing = [action for action in draft.process.actions.values() if action.valid_for and not action.required]
    if not lapsing:
        return
    asked = frozenset(_asked_for(draft.process))
    for action in lapsing:
        if action.path not in asked:
            yield Finding(
                "lapse-without-effect",
                Place((*action_route(action), "valid_for"), "key"),
                'nothing asks whether the optional action "{subject}" is done, so nothing changes when it lapses; '
                "make it required, name it in `needs` or in a condition, or leave `valid_for` out",
                subject=action.path,
                kind="action",
            )


def _asked_for(process: ProcessDefinition) -> Iterator[str]:
    for stage in process.stages.values():
        criteria = (*stage.entry_criteria.values(), *stage.exit_criteria.values())
        expressions: list[Expression | None] = [each.check for each in criteria]
        expressions += [way.when for way in stage.next.values()]
        for action in stage.actions:
            yield from action.needs
            expressions.append(action.when)
        for expression in expressions:
            yield from expression.actions if expression else ()


RULE = Rule("lapse-without-effect", Severity.WARNING, "controls", __doc__, lapse_without_effect)
