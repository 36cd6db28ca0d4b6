"""An action that needs one of a later stage waits for what comes only after it. Let it need an action of this stage, or
of one before; or move it to the later stage.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Severity
from procdef.graph import reachable
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import Ways, ways
from procdef.language.rules.references.mentions import need_place
from procdef.language.rules.rule import Rule
from procdef.model import Action, ProcessDefinition

_MOST_STAGES = 1000
"""Each need is judged by a walk of its own through the stages, which no process has so many of."""


def needs_deadlock(draft: Draft) -> Iterator[Finding]:
    """An action that needs one which only a later stage has."""
    process = draft.process
    graph = ways(draft)
    if graph is None or draft.broken("stages") or graph.may != graph.next or len(graph.next) > _MOST_STAGES:
        return
    # Where no deal comes to, nothing waits: that no path leads there is the fault, and told as such.
    visited = reachable(graph.next, *process.starts) | frozenset(process.starts)
    for action in process.actions.values():
        for need in action.needs if action.stage in visited else ():
            needed = process.actions.get(need)
            if needed is not None and _only_later(process, graph, action, needed):
                yield Finding(
                    "needs-deadlock",
                    need_place(action, need),
                    '"{by}" needs "{subject}", which only a later stage has; '
                    "let it need an action of this stage or of one before",
                    subject=need,
                    kind="action",
                    details={"by": action.path},
                )


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
