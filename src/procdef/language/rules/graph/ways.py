"""The stages of a process as a graph: which lie before the win and which after it."""

from __future__ import annotations

from dataclasses import dataclass

from procdef.graph import reachable
from procdef.model import ProcessDefinition


@dataclass(frozen=True, slots=True)
class Ways:
    """``next`` as a graph. ``before``: stages in which an open deal can be; ``after``: those that a won deal can come to.

    ``after`` holds a winning stage only where ``next`` leads there from a win.
    """

    next: dict[str, tuple[str, ...]]
    winning: tuple[str, ...]
    before: frozenset[str]
    after: frozenset[str]


def ways(process: ProcessDefinition) -> Ways | None:
    """The ways of a process; None where a way leads to no stage, for the graph is then not the one that was meant."""
    stages = process.stages
    if any(target not in stages for stage in stages.values() for target in (*stage.next, *stage.back)):
        return None
    forward = {stage.id: tuple(stage.next) for stage in stages.values()}
    winning = tuple(stage.id for stage in stages.values() if stage.wins)
    after = reachable(forward, *winning)
    until = {stage: () if stage in winning else targets for stage, targets in forward.items()}
    starts = [one for one in process.starts if one not in after or reachable(forward, one) & set(winning)]
    before = (frozenset(starts) | reachable(until, *starts)) - set(winning)
    return Ways(forward, winning, before, after)
