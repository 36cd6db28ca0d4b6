"""Where no path leads to a win, every deal can only be lost. Mark a stage with `outcome: won` and lead `next` to it."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import reachable
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import misses_win, ways
from procdef.language.rules.rule import Rule


def no_won(draft: Draft) -> Iterator[Finding]:
    """A process in which no path leads from a start to a stage with ``outcome: won``."""
    graph = ways(draft)
    if graph is None:
        return
    place = Place(("stages",), "key")
    if not graph.may_win:
        yield Finding("no-won", place, "no stage is the win; mark one with `outcome: won`")
    elif misses_win(graph):
        found = reachable(graph.may, *graph.may_start) | frozenset(graph.may_start)
        ends = [stage for stage in draft.process.stages if stage in found and not graph.may[stage]]
        yield Finding(
            "no-won",
            place,
            'no path leads from a start to the win ({wins}): it ends at "{subject}"; add `next` there'
            if len(ends) == 1
            else "no path leads from a start to the win ({wins}); lead `next` there",
            subject=ends[0] if len(ends) == 1 else None,
            kind="stage" if len(ends) == 1 else None,
            details={"wins": ", ".join(graph.may_win)},
        )


RULE = Rule("no-won", Severity.ERROR, "graph", __doc__, no_won)
