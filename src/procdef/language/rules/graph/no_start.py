"""Where no stage is a start, no deal can begin. Mark at least one stage with `start: true`."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import ways
from procdef.language.rules.rule import Rule


def no_start(draft: Draft) -> Iterator[Finding]:
    """A process without a stage in which a deal may start."""
    graph = ways(draft)
    if graph is not None and not graph.may_start:
        message = "no stage is a start, so no deal can begin; mark one with `start: true`"
        yield Finding("no-start", Place(("stages",), "key"), message)


RULE = Rule("no-start", Severity.ERROR, "graph", __doc__, no_start)
