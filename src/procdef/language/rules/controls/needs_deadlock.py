"""An action that needs one of a later stage waits for what comes only after it. Let it need an action of this stage, or
of one before; or move it to the later stage. A deal also waits in vain where an action needs one of a stage that the deal's
path goes around (another branch, another start), or where a criterion or the `when` of a way says that it `is done`, and no
way leads back to where the stage can still be reached. Lead every path through that stage, or ask for something that every
deal comes by; a criterion may also be waived, or say `or` what else will do.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import reachable
from procdef.language.partly_read_process import Draft
from procdef.language.rules.controls.waiting_deals import waiting_deals
from procdef.language.rules.graph.possible_moves import Ways, ways
from procdef.language.rules.references.mentions import need_place
from procdef.language.rules.rule import Rule
from procdef.model import Action, ProcessDefinition

_MOST_STAGES = 1000
"""Each need is judged by a walk of its own through the stages, which no process has so many of."""


def needs_deadlock(draft: Draft) -> Iterator[Finding]:
    """An action that needs one which only a later stage has; whatever waits for one that its deal cannot come to any more."""
    process = draft.process
    graph = ways(draft)
    if graph is None or draft.broken("stages") or graph.may != graph.next or len(graph.next) > _MOST_STAGES:
        return
    # Where no deal comes to, nothing waits: that no path leads there is the fault, and told as such.
    told: set[Place] = set()
    visited = reachable(graph.next, *process.starts) | frozenset(process.starts)
    for action in process.actions.values():
        for need in action.needs if action.stage in visited else ():
            needed = process.actions.get(need)
            if needed is not None and _only_later(process, graph, action, needed):
                told.add(need_place(action, need))
                yield Finding(
                    "needs-deadlock",
                    need_place(action, need),
                    '"{by}" needs "{subject}", which only a later stage has; '
                    "let it need an action of this stage or of one before",
                    subject=need,
                    kind="action",
                    details={"by": action.path},
                )
    for wait, path in waiting_deals(process):
        if wait.place not in told:
            yield Finding(
                "needs-deadlock",
                wait.place,
                _ASKS[wait.kind] + (_STUCK if path else _NEVER) + _INSTEAD[wait.kind],
                subject=wait.needed,
                kind="action",
                details={"by": wait.by, "path": ", ".join(path), "stage": process.actions[wait.needed].stage},
            )


_ASKS = {
    "action": '"{by}" needs "{subject}", ',
    "criterion": 'the criterion "{by}" asks for "{subject}", ',
    "way": 'the way from {by} asks for "{subject}", ',
}
_STUCK = 'but a deal that comes by {path} never gets to "{stage}" and is stuck; lead its path there'
_NEVER = "which no deal has done when it starts here; let deals start elsewhere"
_INSTEAD = {
    "action": ", or let it need an action of this stage or of one that every deal comes by",
    "criterion": ", or ask for something that every deal comes by",
    "way": ", or open another way",
}


def _only_later(process: ProcessDefinition, graph: Ways, action: Action, needed: Action) -> bool:
    """Whether a deal comes to the needed action's stage only through this action's, which it could not leave."""
    here, there = action.stage, needed.stage
    without = {stage: () if stage == here else targets for stage, targets in graph.next.items()}
    if there == here or there not in reachable(graph.next, here):
        return False
    if there in process.starts or there in reachable(without, *process.starts):
        return False
    stage = process.stages[here]
    passes = not action.required or action.when or any(way.unfinished_allowed for way in stage.next.values())
    every = {one.id: (*one.next, *one.back) for one in process.stages.values()}
    return not (passes and here in reachable(every, there))


RULE = Rule("needs-deadlock", Severity.WARNING, "controls", __doc__, needs_deadlock)
