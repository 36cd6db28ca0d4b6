"""This period beside the one before: deals started and won, and what was won."""

from __future__ import annotations

from decimal import Decimal

from procdef.reports.figures.arithmetic import percent, total, worth
from procdef.reports.history import History
from procdef.reports.report import Change, Growth, ValueChange
from procdef.reports.scope import Scope, Window


class WindowTally:
    """What was started and won in a window of time, and what was won in each currency."""

    def __init__(self, scope: Scope, window: Window) -> None:
        self._scope, self.window = scope, window
        self.started = self.won = 0
        self.values: dict[str, list[Decimal]] = {}

    def add(self, history: History) -> None:
        """Count one deal."""
        deal, (since, until) = history.deal, self.window
        if since <= deal.started < until:
            self.started += 1
        if deal.outcome == "won" and deal.won is not None and since <= deal.won < until:
            self.won += 1
            if deal.amount is not None:
                self.values.setdefault(self._scope.currency(deal.version), []).append(worth(deal.amount, deal.stream))

    def merge(self, other: WindowTally) -> None:
        """Count what the other has counted, of other deals."""
        self.started += other.started
        self.won += other.won
        for currency, values in other.values.items():
            self.values.setdefault(currency, []).extend(values)


class GrowthTally:
    """Both periods; only where there is one before."""

    def __init__(self, scope: Scope) -> None:
        self._before = scope.before
        self.now = WindowTally(scope, scope.window)
        self.earlier = WindowTally(scope, scope.before or scope.window)

    def add(self, history: History) -> None:
        """Count one deal."""
        if self._before is not None:
            self.now.add(history)
            self.earlier.add(history)

    def merge(self, other: GrowthTally) -> None:
        """Count what the other has counted, of other deals."""
        self.now.merge(other.now)
        self.earlier.merge(other.earlier)

    def figures(self) -> Growth | None:
        """What they come to."""
        if self._before is None:
            return None
        now, earlier = self.now, self.earlier
        return Growth(
            *self._before,
            started=_change(now.started, earlier.started),
            won=_change(now.won, earlier.won),
            won_value={
                currency: _value_change(total(now.values.get(currency, [])), total(earlier.values.get(currency, [])))
                for currency in sorted({*now.values, *earlier.values})
            },
        )


def _change(now: int, before: int) -> Change:
    return Change(now, before, percent(now - before, before))


def _value_change(now: Decimal | None, before: Decimal | None) -> ValueChange:
    change = None if before is None or before <= 0 else percent((now or Decimal(0)) - before, before)
    return ValueChange(now, before, change)
