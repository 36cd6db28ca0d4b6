"""What was to be reached, what was, and whether it keeps up with the time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from procdef.log.event import instant
from procdef.model import Goal as Declared
from procdef.reports import periods
from procdef.reports.figures.arithmetic import percent, rate, total
from procdef.reports.figures.growth import WindowTally
from procdef.reports.history import History
from procdef.reports.report import Goal
from procdef.reports.scope import BEGINNING, END, Scope, Window

_RATES = ("hit_rate", "win_rate")
_TICK = timedelta(microseconds=1)


class GoalsTally:
    """The goals of the newest version. A rate is of the report's period, all else of the goal's own time in it."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._goals = scope.newest.goals
        self._windows = {name: _window(goal, scope) for name, goal in self._goals.items() if name not in _RATES}
        self.tallies = {window: WindowTally(scope, window) for window, _ in self._windows.values()}
        self.decided = {name: [0, 0] for name in _RATES if name in self._goals}
        """For each rate the deals that count as won and as lost."""

    def add(self, history: History) -> None:
        """Count one deal."""
        for tally in self.tallies.values():
            tally.add(history)
        if not self.decided:
            return
        deal, (since, until) = history.deal, self._scope.window
        moment = deal.won if deal.outcome == "won" else deal.lost if deal.outcome == "lost" else None
        if moment is not None and since <= moment < until:
            for name, counts in self.decided.items():
                if name == "win_rate" or deal.offered is not None:
                    counts[deal.outcome == "lost"] += 1

    def merge(self, other: GoalsTally) -> None:
        """Count what the other has counted, of other deals."""
        for window, tally in other.tallies.items():
            self.tallies[window].merge(tally)
        for name, (won, lost) in other.decided.items():
            self.decided[name][0] += won
            self.decided[name][1] += lost

    def figures(self) -> Mapping[str, Goal]:
        """What they come to."""
        return {name: self._rate(goal) if name in _RATES else self._count(goal) for name, goal in self._goals.items()}

    def _rate(self, goal: Declared) -> Goal:
        won, lost = self.decided[goal.id]
        actual, scope = rate(won, won + lost).percent, self._scope
        reached = None if actual is None else 100 * won >= goal.amount * (won + lost)  # of the exact rate: 49.996 % is not 50 %
        share = None if actual is None else percent(Decimal(100 * won), goal.amount * (won + lost))
        return Goal(actual, goal.amount, None, None, scope.since, scope.until, won + lost, share, None, reached)

    def _count(self, goal: Declared) -> Goal:
        window, times = self._windows[goal.id]
        tally, currency, target = self.tallies[window], None, goal.amount * times
        if goal.id == "won_value":
            currency = self._scope.own_currency
            values = tally.values.get(currency, [])
            n, actual = len(values), total(values) or Decimal(0)
        else:
            n = tally.won if goal.id == "won_deals" else tally.started
            actual = Decimal(n)
        share, gone = percent(actual, target), _gone(window, self._scope.now)
        on_track = None if share is None or gone is None else Fraction(actual) >= gone * Fraction(target)  # of exact shares
        time_gone = None if gone is None else percent(Decimal(gone.numerator), Decimal(gone.denominator))
        return Goal(actual, target, currency, goal.per, *_ends(window), n, share, time_gone, on_track)


def _window(goal: Declared, scope: Scope) -> tuple[Window, int]:
    """The time that a goal is for, and how many times its target: the report's period where that is made of whole months (or
    what the goal is ``per``), else the one in which the period ends."""
    where, per = scope.newest.calendar.zone, goal.per or "year"
    try:
        if scope.since is not None and scope.until is not None:
            times = periods.whole(per, scope.since, scope.until, where)
            if times:
                return scope.window, times
        return periods.containing(per, periods.last_moment(scope.until, scope.now), where), 1
    except (OverflowError, ValueError):  # at either end of the calendar
        return scope.window, 1


def _ends(window: Window) -> tuple[str | None, str | None]:
    return (None if window.since == BEGINNING else window.since), (None if window.until == END else window.until)


def _gone(window: Window, now: str) -> Fraction | None:
    """How much of the time has gone, from 0 to 1; ``None`` of what has no end."""
    if window.since == BEGINNING or window.until == END:
        return None
    since, until = instant(window.since), instant(window.until)
    gone = min(max(instant(now), since), until) - since
    return Fraction(gone // _TICK, (until - since) // _TICK)
