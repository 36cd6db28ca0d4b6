"""A deal that starts after the win was never won. Remove `start: true` from that stage."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.draft import Draft
from procdef.language.rules.graph.ways import ways
from procdef.language.rules.rule import Rule


def start_after_won(draft: Draft) -> Iterator[Finding]:
    """A start that lies after the win."""
    graph = ways(draft.process)
    if graph is None:
        return
    for stage in draft.process.starts:
        if stage in graph.after and stage not in graph.before:
            message = f'stage "{stage}" is a start but lies after the win; remove `start: true`'
            yield Finding("start-after-won", Place(("stages", stage, "start")), message)


RULE = Rule("start-after-won", Severity.ERROR, "graph", __doc__, start_after_won)
