"""A deal that starts after the win was never won. Remove `start: true` from that stage."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import ways
from procdef.language.rules.rule import Rule


def start_after_won(draft: Draft) -> Iterator[Finding]:
    """A start that is the win, or lies after it."""
    graph = ways(draft)
    if graph is None:
        return
    for stage in draft.process.starts:
        wins = stage in graph.winning
        if stage not in graph.before and (wins or stage in graph.after):
            yield Finding(
                "start-after-won",
                Place(("stages", stage, "start")),
                'stage "{subject}" is a start but also the win; remove `start: true`'
                if wins
                else 'stage "{subject}" is a start but lies after the win; remove `start: true`',
                subject=stage,
                kind="stage",
            )


RULE = Rule("start-after-won", Severity.ERROR, "graph", __doc__, start_after_won)
