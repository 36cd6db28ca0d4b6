"""A deal that comes to where no way leads to an end stays open for good. Lead `next` out of the circle."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import Reach, reachable, reversed_graph
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import ANYWHERE, ways
from procdef.language.rules.rule import Rule


def trap(draft: Draft) -> Iterator[Finding]:
    """Stages from which neither ``next`` nor ``back`` leads to an end; each circle once, at its first stage.

    A circle back to the win is told as such, by ``won-twice``.
    """
    process = draft.process
    graph = ways(draft)
    if graph is None:
        return
    found = reachable(graph.next, *process.starts) | frozenset(process.starts)
    if not found & set(graph.winning):
        return
    every = graph.may_or_back
    place = {stage: at for at, stage in enumerate(process.stages)}
    ends = [stage for stage in process.stages if not graph.may[stage]]
    ending = reachable(reversed_graph(every), *ends) | frozenset(ends)
    circles = [circle for circle in Reach.of(every).groups if ANYWHERE not in circle]
    onward = Reach.of(graph.next)
    again = {stage for stage in graph.winning if onward.leads(stage, stage)}
    for circle in sorted(circles, key=lambda circle: min(place[stage] for stage in circle)):
        leaves = any(target not in circle for stage in circle for target in every[stage])
        mixed = circle & (graph.before & graph.after | again)
        if not leaves and circle & found and not circle & ending and not mixed:
            names = sorted(circle, key=lambda stage: place[stage])
            yield Finding(
                "trap",
                Place(("stages", names[0]), "key"),
                "these stages lead to no end: {stages}; let the `next` of one of them lead out",
                subject=names[0],
                kind="stage",
                details={"stages": ", ".join(names)},
            )


RULE = Rule("trap", Severity.WARNING, "graph", __doc__, trap)
