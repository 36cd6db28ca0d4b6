"""A deal is won once. Remove `outcome: won` from the later stage."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import reachable
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import ways
from procdef.language.rules.rule import Rule


def won_twice(draft: Draft) -> Iterator[Finding]:
    """A winning stage that ``next`` reaches from a win."""
    graph = ways(draft)
    if graph is None:
        return
    forward = {one: () if one in graph.before else to for one, to in graph.next.items()}
    found = reachable(forward, *graph.winning)
    for stage in graph.winning:
        if stage in found:
            yield Finding(
                "won-twice",
                Place(("stages", stage, "outcome")),
                'stage "{subject}" is a win that a deal reaches after it is won; remove this `outcome: won` or the earlier one',
                subject=stage,
                kind="stage",
            )


RULE = Rule("won-twice", Severity.ERROR, "graph", __doc__, won_twice)
