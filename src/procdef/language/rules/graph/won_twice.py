"""A deal is won once. Remove `outcome: won` from the later stage. Where `next` leads in a circle back to the win, take that
way out: a further sale is a new deal, started with `--from`, and for work that is to be done again there is `back`.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import Reach
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import ways
from procdef.language.rules.rule import Rule


def won_twice(draft: Draft) -> Iterator[Finding]:
    """A winning stage that ``next`` reaches from another win, and ways that lead in a circle back to a win."""
    graph = ways(draft)
    if graph is None:
        return
    forward = {one: () if one in graph.before else to for one, to in graph.next.items()}
    reach = Reach.of(forward)
    for number, stage in enumerate(graph.winning):
        earlier = [
            other
            for place, other in enumerate(graph.winning)
            if other != stage and reach.leads(other, stage) and (place < number or not reach.leads(stage, other))
        ]
        if earlier:
            yield Finding(
                "won-twice",
                Place(("stages", stage, "outcome")),
                'stage "{subject}" is a win that a deal reaches after it was won in "{earlier}"; '
                "remove one of the two `outcome: won`",
                subject=stage,
                kind="stage",
                details={"earlier": earlier[0]},
            )
            continue
        for last, targets in forward.items():
            if stage in targets and last != stage and reach.leads(stage, last):
                yield Finding(
                    "won-twice",
                    Place(("stages", last, "next", stage), "key"),
                    '`next` of "{last}" leads back to the win "{subject}", so that the deal would be won again; '
                    "remove this way, or go back by `back`",
                    subject=stage,
                    kind="stage",
                    details={"last": last},
                )


RULE = Rule("won-twice", Severity.ERROR, "graph", __doc__, won_twice)
