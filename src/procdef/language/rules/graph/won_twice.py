"""A deal is won once. Remove `outcome: won` from the later stage. Where `next` leads in a circle back to the win, take that
way out: a further sale is a new deal, started with `--from`, and for work that is to be done again there is `back`.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import Reach, reversed_graph
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import ways
from procdef.language.rules.rule import Rule


def won_twice(draft: Draft) -> Iterator[Finding]:
    """A winning stage that ``next`` reaches from another win, and ways that lead in a circle back to a win."""
    graph = ways(draft)
    if graph is None:
        return
    forward = {one: () if one in graph.before else to for one, to in graph.next.items()}
    into = reversed_graph(forward)
    reach, back = Reach.of(forward), Reach.of(into)
    wins = sum(reach.place[stage] for stage in graph.winning)
    for stage in graph.winning:
        own = reach.place[stage]
        from_wins = back.bits[stage] & wins & ~own
        # Of wins that lead to each other the first of the file is the one that stays.
        earlier = from_wins & (own - 1) or from_wins & ~reach.bits[stage]
        if earlier:
            yield Finding(
                "won-twice",
                Place(("stages", stage, "outcome")),
                'stage "{subject}" is a win that a deal reaches after it was won in "{earlier}"; '
                "remove one of the two `outcome: won`",
                subject=stage,
                kind="stage",
                details={"earlier": reach.order[(earlier & -earlier).bit_length() - 1]},
            )
            continue
        for last in into[stage]:
            if last != stage and reach.leads(stage, last):
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
