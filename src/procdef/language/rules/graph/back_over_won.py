"""A win is not undone by going back. Let `back` name only stages after the win."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import ways
from procdef.language.rules.rule import Rule


def back_over_won(draft: Draft) -> Iterator[Finding]:
    """A return from the win, or after it, to a stage before it."""
    graph = ways(draft)
    if graph is None:
        return
    won = (graph.after | set(graph.winning)) - graph.before
    for stage in draft.process.stages.values():
        for target in stage.back:
            if stage.id in won and target in graph.before:
                yield Finding(
                    "back-over-won",
                    Place(("stages", stage.id, "back", target), "key"),
                    '`back` leads from "{stage}", after the win, to "{subject}", before it; remove it',
                    subject=target,
                    kind="stage",
                    details={"stage": stage.id},
                )


RULE = Rule("back-over-won", Severity.ERROR, "graph", __doc__, back_over_won)
