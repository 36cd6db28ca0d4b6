"""Days of closing that were put off, and values that changed since the offer."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from procdef.errors import LogBroken
from procdef.reports.figures.arithmetic import DAY, days
from procdef.reports.figures.main_figures import is_open
from procdef.reports.history import History
from procdef.reports.report import ClosingMoved, MovedValue, Slippage, ValueMoved
from procdef.reports.scope import Scope
from procdef.store.rows import ActivityFactsRow


class SlippageTally:
    """Of the deals that were open at the end of the period, or won in it: how far their day of closing was moved later, and
    what became of the value that they had when they got their first offer."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.closing = self.later = self.times = self.offered = self.up = self.down = 0
        self.later_by = array("d")
        """For each deal that was put off, by how long in all, in seconds."""
        self.raised: dict[str, Decimal] = {}
        self.lowered: dict[str, Decimal] = {}

    def add(self, history: History) -> None:
        """Count one deal."""
        rows, deal, (since, until) = history.activities, history.deal, self._scope.window
        if not rows:
            return
        won = deal.outcome == "won" and deal.won is not None and since <= deal.won < until
        if not won and not is_open(history, until):
            return
        closes, values = [], []
        for row in rows:
            if row.kind == "close":
                if row.detail is not None and row.occurred < until:
                    closes.append(row.detail)
            elif row.kind == "value" and row.occurred < until:
                values.append(row)
        if closes:
            self.closing += 1
            if len(closes) > 1:
                self._moves(closes, deal.stream)
        if values and deal.offered is not None and deal.offered < until:
            self._value(values, deal.offered, self._scope.currency(deal.version))

    def _moves(self, closes: Sequence[str], stream: str) -> None:
        try:
            moved = [(date.fromisoformat(now) - date.fromisoformat(before)).days for before, now in pairwise(closes)]
        except ValueError:
            raise LogBroken(f"{stream}: a day of closing cannot be read", stream) from None
        put_off = [length for length in moved if length > 0]
        if put_off:
            self.later += 1
            self.times += len(put_off)
            self.later_by.append(sum(put_off) * DAY)

    def _value(self, values: Sequence[ActivityFactsRow], offered: str, currency: str) -> None:
        if len(values) == 1 and values[0].occurred <= offered:
            self.offered += values[0].detail is not None
            return
        then = next((each.detail for each in reversed(values) if each.occurred <= offered), None)
        now = values[-1].detail
        if then is None or now is None:
            return
        self.offered += 1
        change = Decimal(now) - Decimal(then)
        if change > 0:
            self.up += 1
            self.raised[currency] = self.raised.get(currency, Decimal(0)) + change
        elif change < 0:
            self.down += 1
            self.lowered[currency] = self.lowered.get(currency, Decimal(0)) - change

    def merge(self, other: SlippageTally) -> None:
        """Count what the other has counted, of other deals."""
        for name in ("closing", "later", "times", "later_by", "offered", "up", "down"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for mine, theirs in ((self.raised, other.raised), (self.lowered, other.lowered)):
            for currency, change in theirs.items():
                mine[currency] = mine.get(currency, Decimal(0)) + change

    def figures(self) -> Slippage:
        """What they come to."""
        nothing = Decimal(0)
        moved = {
            currency: MovedValue(self.raised.get(currency, nothing), self.lowered.get(currency, nothing))
            for currency in sorted(self.raised.keys() | self.lowered.keys())
        }
        return Slippage(
            ClosingMoved(self.closing, self.later, self.times, days(self.later_by)),
            ValueMoved(self.offered, self.up, self.down, moved),
        )
