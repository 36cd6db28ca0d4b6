"""A stage that no path leads to is never used. Lead `next` there, mark it with `start: true`, or remove it."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import reachable
from procdef.language.draft import Draft
from procdef.language.rules.graph.ways import ways
from procdef.language.rules.rule import Rule


def unreachable_stage(draft: Draft) -> Iterator[Finding]:
    """A stage that ``next`` reaches from no start; of those that follow one another, the first.

    Where no win can be reached, what leads to the win is the fault that ``no-won`` tells.
    """
    graph = ways(draft)
    if graph is None or not graph.may_start:
        return
    found = reachable(graph.may, *graph.may_start) | frozenset(graph.may_start)
    lost = not found & set(graph.may_win)
    told: set[str] = set()
    for stage in draft.process.stages:
        if stage in found or stage in told:
            continue
        onward = reachable(graph.may, stage) | {stage}
        first = all(one in onward for one, to in graph.may.items() if stage in to)
        if not first or (lost and onward & set(graph.may_win)):
            continue
        told |= onward
        message = f'no path leads from a start to stage "{stage}"; lead `next` there, or remove the stage'
        yield Finding("unreachable-stage", Place(("stages", stage), "key"), message)


RULE = Rule("unreachable-stage", Severity.WARNING, "graph", __doc__, unreachable_stage)
