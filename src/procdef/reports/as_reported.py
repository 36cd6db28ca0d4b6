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


class AsReported:
    """The main figures of a period as they stood at its end, counted beside those of now."""

    def __init__(self, tx: Tx, scope: Scope) -> None:
        until = scope.until
        self._over = until is not None and until <= scope.now and not scope.as_of
        self._then = as_of(tx, until or "")
        self._tally = MainTally(scope, current=False)

    def watched(self, rows: Iterable[History]) -> Iterator[History]:
        """The same histories, counted as they pass."""
        for history in rows:
            if self._over:
                before = self._then.before(history)
                if before is not None:
                    self._tally.add(before)
            yield history

    def differing(self, now: MainTally) -> MainFigures | None:
        """What was reported, where it is another than ``now``; ``None`` also of a period that is not over."""
        if not self._over:
            return None
        found, then = now.figures(), self._tally.figures()
        deals = replace(found.deals, under_way=None, overdue=None, idle=None)
        return None if then == replace(found, deals=deals) else then
