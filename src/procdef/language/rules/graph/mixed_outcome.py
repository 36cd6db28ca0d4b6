"""A stage must lie before the win or after it, never both. A further sale is a new deal, which may be
started from the first: `procdef start --from`."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import reversed_graph
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import ways
from procdef.language.rules.rule import Rule


def mixed_outcome(draft: Draft) -> Iterator[Finding]:
    """A stage that ``next`` reaches both before and after the win, where the deal crosses over."""
    graph = ways(draft)
    if graph is None:
        return
    mixed = graph.before & graph.after
    into = reversed_graph(graph.next)
    for stage in draft.process.stages:
        from_win = [one for one in into[stage] if one not in graph.before]
        if stage in mixed and from_win:
            yield Finding(
                "mixed-outcome",
                Place(("stages", stage), "key"),
                'stage "{subject}" is reached both before and after the win (from {won}); '
                "a further sale is a new deal, started from this one: remove the way from {won}",
                subject=stage,
                kind="stage",
                details={"won": from_win[0]},
            )


RULE = Rule("mixed-outcome", Severity.ERROR, "graph", __doc__, mixed_outcome)
