"""A stage that no path leads to is never used. Lead `next` there, mark it with `start: true`, or remove it."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import Graph, Reach, reachable, reversed_graph
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import ways
from procdef.language.rules.rule import Rule


def unreachable_stage(draft: Draft) -> Iterator[Finding]:
    """A stage that ``next`` reaches from no start; of those that follow one another, the first.

    Where no win can be reached, what leads to the win is the fault that ``no-won`` tells.
    """
    graph = ways(draft)
    if graph is None or not graph.may_start:
        return
    found = reachable(graph.may, *graph.may_start) | frozenset(graph.may_start)
    to_win = reachable(reversed_graph(graph.may), *graph.may_win) | set(graph.may_win)
    lost = not found & set(graph.may_win)
    into, reach = reversed_graph(graph.may), Reach.of(graph.may)
    told: set[str] = set()
    for stage in draft.process.stages:
        if stage in found or stage in told or not all(reach.leads(stage, one) for one in into[stage]):
            continue
        if lost and stage in to_win:
            continue
        _tell(graph.may, stage, told)
        yield Finding(
            "unreachable-stage",
            Place(("stages", stage), "key"),
            'no path leads from a start to stage "{subject}"; lead `next` there, or remove the stage',
            subject=stage,
            kind="stage",
        )


def _tell(graph: Graph, stage: str, told: set[str]) -> None:
    """Add a stage, and all that it leads to, to those that need not be told any more."""
    waiting = [stage]
    while waiting:
        one = waiting.pop()
        if one not in told:
            told.add(one)
            waiting.extend(graph.get(one, ()))


RULE = Rule("unreachable-stage", Severity.WARNING, "graph", __doc__, unreachable_stage)
