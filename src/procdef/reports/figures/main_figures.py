"""What became of deals: started, open, won and lost, offers, hit rate and win rate, time to the win, and money."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from decimal import Decimal

from procdef.language.currencies import decimals_of
from procdef.reports.figures.arithmetic import DAY, days, mean, median, middle, rate, rounded, seconds, total, worth
from procdef.reports.history import History
from procdef.reports.report import DealCounts, MainFigures, Money, Offers
from procdef.reports.scope import END, Scope, Window
from procdef.store.rows import StayRow


class Amounts:
    """What is counted of the deals of one currency."""

    __slots__ = ("cycle", "lost", "offered", "offers_lost", "offers_won", "open", "values", "won")

    def __init__(self) -> None:
        self.open = self.won = self.lost = self.offers_won = self.offers_lost = 0
        self.values: list[Decimal] = []
        self.offered: list[Decimal] = []
        self.cycle = array("d")

    def merge(self, other: Amounts) -> None:
        """Count what the other has counted."""
        for name in ("open", "won", "lost", "offers_won", "offers_lost", "values", "offered", "cycle"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def figures(self, currency: str) -> Money:
        """What they come to."""
        digits = decimals_of(currency)
        average = mean(self.values, digits)
        return Money(
            len(self.values),
            total(self.values),
            average,
            median(self.values, digits),
            self._expected(digits),
            self._velocity(digits),
        )

    def _expected(self, digits: int) -> Decimal | None:
        """Hit rate x mean value of the offers won."""
        decided, whole = self.offers_won + self.offers_lost, total(self.offered)
        if not decided:
            return None
        if not self.offers_won:
            return Decimal(0)
        return None if whole is None else rounded(whole * self.offers_won / (decided * len(self.offered)), digits)

    def _velocity(self, digits: int) -> Decimal | None:
        """Open deals x win rate x mean won value / median days to the win."""
        whole = total(self.values)
        length = middle(sorted(self.cycle)) / DAY if self.cycle else 0.0
        if whole is None or not length:
            return None
        share = Decimal(self.open * self.won) / ((self.won + self.lost) * len(self.values))
        return rounded(share * whole / Decimal(repr(length)), digits)


class MainTally:
    """The main figures of a window of time. ``current``: with those of now, which are of no other time."""

    def __init__(self, scope: Scope, window: Window | None = None, current: bool = True) -> None:
        self._scope, self._current = scope, current
        self.window = window or scope.window
        self._now, self._idle_before = scope.now, scope.idle_before
        self.started = self.open = self.won = self.lost = self.finished = 0
        self.offers = self.offers_won = self.offers_lost = 0
        self.under_way = self.overdue = self.idle = 0
        self.money: dict[str, Amounts] = {}
        self.cycle = array("d")

    def add(self, history: History) -> None:
        """Count one deal."""
        deal = history.deal
        since, until = self.window
        if since <= deal.started < until:
            self.started += 1
        if is_open(history, until):
            self.open += 1
            self._amounts(deal.version).open += 1
        if deal.offered is not None and since <= deal.offered < until:
            self.offers += 1
        if deal.finished is not None and since <= deal.finished < until:
            self.finished += 1
        if deal.outcome == "won" and deal.won is not None and since <= deal.won < until:
            self._win(history, deal.won)
        elif deal.outcome == "lost" and deal.lost is not None and since <= deal.lost < until:
            self.lost += 1
            amounts = self._amounts(deal.version)
            amounts.lost += 1
            if deal.offered is not None:
                self.offers_lost += 1
                amounts.offers_lost += 1
        if self._current and deal.mode == "open":
            self.under_way += 1
            if deal.due is not None and deal.due < self._now:
                self.overdue += 1
            if deal.outcome == "open" and deal.active < self._idle_before:
                self.idle += 1

    def _win(self, history: History, won: str) -> None:
        deal = history.deal
        self.won += 1
        amounts = self._amounts(deal.version)
        amounts.won += 1
        length = seconds(won, deal.stream) - seconds(deal.started, deal.stream)
        self.cycle.append(length)
        amounts.cycle.append(length)
        value = None if deal.amount is None else worth(deal.amount, deal.stream)
        if value is not None:
            amounts.values.append(value)
        if deal.offered is not None:
            self.offers_won += 1
            amounts.offers_won += 1
            if value is not None:
                amounts.offered.append(value)

    def _amounts(self, version: int) -> Amounts:
        currency = self._scope.currency(version)
        found = self.money.get(currency)
        if found is None:
            found = self.money[currency] = Amounts()
        return found

    def merge(self, other: MainTally) -> None:
        """Count what the other has counted, of other deals."""
        for name in _COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for currency, amounts in other.money.items():
            self.money.setdefault(currency, Amounts()).merge(amounts)

    def figures(self) -> MainFigures:
        """What they come to. Currencies in which nothing was won stay out, but for that of the newest version."""
        own = self._scope.own_currency
        shown = {name: self.money[name] for name in sorted(self.money) if self.money[name].values}
        if own:
            shown = {own: self.money.get(own, Amounts()), **shown}
        current = (self.under_way, self.overdue, self.idle) if self._current else (None, None, None)
        return MainFigures(
            deals=DealCounts(self.started, self.open, self.won, self.lost, self.finished, *current),
            offers=Offers(self.offers, self.offers_won, self.offers_lost),
            hit_rate=rate(self.offers_won, self.offers_won + self.offers_lost),
            win_rate=rate(self.won, self.won + self.lost),
            cycle=days(self.cycle),
            money={name: amounts.figures(name) for name, amounts in shown.items()},
        )


_COUNTED = (
    "started", "open", "won", "lost", "finished", "offers", "offers_won", "offers_lost", "under_way", "overdue", "idle",
    "cycle",
)  # fmt: skip


def is_open(history: History, until: str) -> bool:
    """Whether the deal was begun, and neither won nor lost, right before ``until``, as its visits tell. One that was lost
    then and taken up again later was not open."""
    deal = history.deal
    if until == END:
        return deal.outcome == "open"
    if deal.started >= until or (deal.won is not None and deal.won < until):
        return False
    last = last_visit(history.stays, until)
    if last is None:
        return deal.lost is None or deal.lost >= until
    return last.how != "lost" or last.left_at is None or last.left_at >= until


def last_visit(stays: Sequence[StayRow], until: str) -> StayRow | None:
    """The latest of the visits that began before ``until``."""
    for stay in reversed(stays):
        if stay.entered < until:
            return stay
    return None
