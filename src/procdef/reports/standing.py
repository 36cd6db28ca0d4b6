"""The histories that a report counts: of the log as it is now, or as it stood at an earlier time."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.reports.as_of import AsOf, as_of
from procdef.reports.as_reported import is_over
from procdef.reports.asked import Asked
from procdef.reports.figures.groups import settled
from procdef.reports.history import COUNTED, STANDING, Histories, History, histories
from procdef.reports.sections import fields_of
from procdef.store.port import Tx
from procdef.store.queries import DealFacts


class EarlierHistories(Histories):
    """The histories as they stood at ``then``; ``rows`` are those of now."""

    def __init__(self, rows: Histories, then: AsOf) -> None:
        self._rows, self._then = rows, then
        self.with_activities = rows.with_activities

    def __iter__(self) -> Iterator[History]:
        for now in self._rows:
            before = self._then.before(now)
            if before is not None:
                yield before
        self.refused_starts = [gate for gate in self._rows.refused_starts if gate.occurred < self._then.moment]


def histories_of(tx: Tx, what: Asked, first: str | None = None, end: str | None = None) -> Histories:
    """The deals that a report is asked of, in a transaction that is open; from the stream ``first`` on, up to, not including,
    ``end``. Raises ``StoreError`` where it is as of an earlier time and the log is of an earlier layout."""
    scope = what.scope
    fields = fields_of(scope, what.by)
    kinds = (*COUNTED, *STANDING) if scope.as_of or is_over(scope) else COUNTED
    rows = histories(tx, scope.newest.id, fields, first, end, kinds=kinds, needed=scope.as_of)
    if not scope.as_of:
        return rows
    return EarlierHistories(rows, as_of(tx, scope.now, fields, scope.idle_before))


def settled_in(tx: Tx, what: Asked) -> Asked:
    """The same, with groups that are settled: quarters and the most frequent texts are those of all deals."""
    scope, by = what.scope, what.by
    if by is None or by.field is None or not by.unsettled:
        return what
    if scope.as_of:
        place = fields_of(scope, by).index(by.field)
        values = (history.deal.values[place] for history in histories_of(tx, what))
    else:
        values = (row.values[0] for row in tx.scan(DealFacts(scope.newest.id, (by.field,))))
    return what._replace(by=settled(by, values))
