"""A deal goes back only to where it came from. Let `back` name a stage from which `next` leads here."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import Reach
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import misses_win, ways
from procdef.language.rules.rule import Rule


def back_not_earlier(draft: Draft) -> Iterator[Finding]:
    """A return to a stage from which ``next`` does not lead here."""
    graph = ways(draft)
    if graph is None:
        return
    reach = Reach.of(graph.may)
    won = (graph.after | set(graph.winning)) - graph.before
    missed = misses_win(graph)
    for stage in draft.process.stages.values():
        if missed and not any(reach.leads(start, stage.id) for start in graph.may_start):
            continue
        for target in stage.back:
            over = stage.id in won and target in graph.before
            if not over and target != stage.id and target in graph.may and not reach.leads(target, stage.id):
                yield Finding(
                    "back-not-earlier",
                    Place(("stages", stage.id, "back", target), "key"),
                    '`back` of "{stage}" names "{subject}", which does not lead here; name an earlier stage',
                    subject=target,
                    kind="stage",
                    details={"stage": stage.id},
                )


RULE = Rule("back-not-earlier", Severity.ERROR, "graph", __doc__, back_not_earlier)
