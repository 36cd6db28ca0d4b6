"""A deal that comes to where no way leads to an end stays open for good. Lead `next` out of the circle."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import reachable, reversed_graph
from procdef.language.draft import Draft
from procdef.language.rules.graph.ways import ways
from procdef.language.rules.rule import Rule


def trap(draft: Draft) -> Iterator[Finding]:
    """Stages from which neither ``next`` nor ``back`` leads to an end; each circle once, at its first stage."""
    process = draft.process
    graph = ways(draft)
    if graph is None:
        return
    found = reachable(graph.next, *process.starts) | frozenset(process.starts)
    if not found & set(graph.winning):
        return
    every = graph.may_or_back
    ends = [stage for stage in process.stages if not graph.may[stage]]
    ending = reachable(reversed_graph(every), *ends) | frozenset(ends)
    told: set[str] = set()
    for stage in process.stages:
        if stage not in found or stage in ending or stage in told:
            continue
        circle = reachable(every, stage)
        if stage in circle and circle <= reachable(reversed_graph(every), stage):
            told |= circle
            names = ", ".join(one for one in process.stages if one in circle)
            message = f"no way leads from these stages to an end: {names}; lead `next` on from one of them"
            yield Finding("trap", Place(("stages", stage), "key"), message)


RULE = Rule("trap", Severity.WARNING, "graph", __doc__, trap)
