"""Where no path leads to a win, every deal can only be lost. Mark a stage with `outcome: won` and lead `next` to it."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import reachable
from procdef.language.draft import Draft
from procdef.language.rules.rule import Rule


def no_won(draft: Draft) -> Iterator[Finding]:
    """A process in which no path leads from a start to a stage with ``outcome: won``."""
    stages = draft.process.stages
    starts = draft.process.starts
    ways = {stage.id: tuple(stage.next) for stage in stages.values()}
    if any(target not in stages for targets in ways.values() for target in targets):
        return
    winning = [stage.id for stage in stages.values() if stage.wins]
    if not winning:
        message = "no stage is the win; mark one with `outcome: won`"
    elif starts and not any(stage in starts or stage in reachable(ways, *starts) for stage in winning):
        message = f"no path leads from a start to the win ({', '.join(winning)}); lead `next` there"
    else:
        return
    yield Finding("no-won", Place(("stages",), "key"), message)


RULE = Rule("no-won", Severity.ERROR, "graph", __doc__, no_won)
