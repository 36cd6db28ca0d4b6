"""What a report on a period that is over would have said at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from procdef.reports.as_of import as_of
from procdef.reports.figures.main_figures import MainTally
from procdef.reports.history import History
from procdef.reports.report import MainFigures
from procdef.reports.scope import Scope
from procdef.store.port import Tx


def is_over(scope: Scope) -> bool:
    """Whether the period is over, and is looked at from a later time."""
    return scope.until is not None and scope.until <= scope.now and not scope.as_of


class AsReported:
    """The main figures of a period that is over as they stood at its end, counted beside those of now: ``tally``."""

    def __init__(self, tx: Tx, scope: Scope) -> None:
        self._then = as_of(tx, scope.until or "")
        self.tally = MainTally(scope, current=False)

    def watched(self, rows: Iterable[History]) -> Iterator[History]:
        """The same histories, counted as they pass."""
        for history in rows:
            before = self._then.before(history)
            if before is not None:
                self.tally.add(before)
            yield history


def differing(now: MainTally, reported: MainTally) -> MainFigures | None:
    """What was reported, where it is another than ``now``."""
    found, then = now.figures(), reported.figures()
    deals = replace(found.deals, under_way=None, overdue=None, idle=None)
    return None if then == replace(found, deals=deals) else then
