"""A deal that ends before it is won can only be lost there. Lead `next` on, or mark the win."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import misses_win, ways
from procdef.language.rules.rule import Rule


def open_end(draft: Draft) -> Iterator[Finding]:
    """An end that an open deal can reach. One that a won deal reaches too has a fault of its own, ``mixed-outcome``."""
    graph = ways(draft)
    if graph is None or misses_win(graph):
        return
    for stage in draft.process.stages:
        if draft.broken("stages", stage, "outcome"):
            continue
        if graph.winning and stage in graph.before - graph.after and not graph.may[stage]:
            yield Finding(
                "open-end",
                Place(("stages", stage), "key"),
                'stage "{subject}" ends the process before the win, so a deal can only be lost there; add `next`',
                subject=stage,
                kind="stage",
            )


RULE = Rule("open-end", Severity.WARNING, "graph", __doc__, open_end)
