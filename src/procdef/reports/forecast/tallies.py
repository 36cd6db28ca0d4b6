"""What the log of a process had come to at each of several moments, counted in one reading of it.

At a moment a deal is what it was just before: open in a stage, won or lost. A loss that was taken back later is a loss until
then, and a deal that was won later is open. A deal that was lost after the win counts as lost.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import isfinite
from typing import NamedTuple

from procdef.errors import LogBroken
from procdef.reports.forecast.pasts import Past, Visit, before
from procdef.reports.forecast.remaining_times import Times, ordered
from procdef.reports.forecast.standpoints import Standpoint, marks

_NEVER = "\U0010ffff"
"""Later than all times."""


class Place(NamedTuple):
    """Where an open deal stands: its stage, for how many days, and the month in which it is to be closed (its place among
    those looked at), where that is set and ahead."""

    stage: str
    age: int
    closing: int | None


class OpenDeals:
    """Deals at one place: the values of those that have one, and how many have none."""

    __slots__ = ("blank", "values")

    def __init__(self) -> None:
        self.values: array[float] = array("d")
        self.blank = 0

    def merge(self, other: OpenDeals) -> None:
        """With those of another."""
        self.values.extend(other.values)
        self.blank += other.blank


class Wins(NamedTuple):
    """Deals won in a period: how many, and the values of those that have one."""

    deals: int
    values: Sequence[float]


class _Change:
    """What is counted from a standpoint on, or no more: deals started, deals decided by the stages they had been in and whether
    they were won, and visits of deals that were won by stage, length and way."""

    __slots__ = ("decided", "started", "times")

    def __init__(self) -> None:
        self.started = 0
        self.decided: defaultdict[tuple[bool, tuple[str, ...]], int] = defaultdict(int)
        self.times: defaultdict[tuple[str, int, int], int] = defaultdict(int)

    def merge(self, other: _Change) -> None:
        """With what another counted."""
        self.started += other.started
        for decided, count in other.decided.items():
            self.decided[decided] += count
        for time, count in other.times.items():
            self.times[time] += count


class Seen:
    """What is seen from one standpoint.

    ``decided`` and ``won`` count by stage the deals that had been there and were won or lost, and those of them that were won;
    under ``None`` all deals. ``times`` are by stage the visits of deals that were won (``remaining_times.Times``). ``open`` is
    by currency. ``starts`` are those of the half year before, by stage and currency.
    """

    def __init__(self) -> None:
        self.started = 0
        self.decided: Counter[str | None] = Counter()
        self.won: Counter[str | None] = Counter()
        self.times: dict[str, Times] = {}
        self.open: dict[str | None, dict[Place, OpenDeals]] = {}
        self.starts: Counter[tuple[str, str | None]] = Counter()
        self.late_wins: list[tuple[str, str | None, float | None]] = []
        """Wins that do not look the same from later standpoints: when, currency and value."""


class Frame(NamedTuple):
    """By what deals are counted: the standpoints in the order of time, and of each version the stages that win and its
    currency."""

    standpoints: Sequence[Standpoint]
    wins: Mapping[int, frozenset[str]]
    currencies: Mapping[int, str | None]


class Tallies:
    """The counting. Deals are taken one by one, in any order; ``first_start`` is when the first one was started."""

    def __init__(self, frame: Frame) -> None:
        self._points, self._wins, self._currencies = frame
        self._texts = [point.text for point in self._points]
        self._half_years = [point.half_year for point in self._points]
        self._marks = marks(self._points)
        self._seen = [Seen() for _ in self._points]
        self._changes = [_Change() for _ in (*self._points, None)]
        self._values: dict[tuple[str | None, int], array[float]] = {}
        self._blank: Counter[tuple[str | None, int]] = Counter()
        self._open: dict[str | None, list[dict[Place, OpenDeals]]] = {}
        self.first_start: str | None = None
        self.currencies: set[str | None] = set()

    def merge(self, other: Tallies) -> None:
        """Count what the other has counted, of other deals."""
        starts = [start for start in (self.first_start, other.first_start) if start is not None]
        self.first_start = min(starts, default=None)
        self.currencies |= other.currencies
        for mine, seen in zip(self._seen, other._seen, strict=True):
            mine.starts.update(seen.starts)
            mine.late_wins += seen.late_wins
        for change, more in zip(self._changes, other._changes, strict=True):
            change.merge(more)
        for currency in other._open:
            for places, found in zip(self._places(currency), other._places(currency), strict=True):
                for place, deals in found.items():
                    places.setdefault(place, OpenDeals()).merge(deals)
        for period, values in other._values.items():
            self._values.setdefault(period, array("d")).extend(values)
        self._blank.update(other._blank)

    def take(self, pasts: Iterable[Past]) -> None:
        """Count these deals. Raises ``LogBroken`` for times that are none."""
        for past in pasts:
            if past.visits:
                try:
                    self._take(past)
                except (ValueError, TypeError, OverflowError):
                    raise LogBroken("the times or the value of a deal cannot be read") from None

    def _take(self, past: Past) -> None:
        visits, texts = past.visits, self._texts
        started, earliest = visits[0].entered, texts[0]
        since = 0 if started < earliest else bisect_right(texts, started)
        if since == len(texts):
            return
        if self.first_start is None or started < self.first_start:
            self.first_start = started
        self._changes[since].started += 1
        currency = self._currencies.get(past.version)
        self.currencies.add(currency)
        if started >= self._half_years[0]:
            for point in range(since, bisect_right(self._half_years, started)):
                self._seen[point].starts[visits[0].stage, currency] += 1
        wins = self._wins.get(past.version, frozenset())
        winning, lost = len(visits), False
        for place, visit in enumerate(visits):
            if visit.how == "lost":
                lost = True
            if visit.stage in wins and place < winning:
                winning = place
        if (visits[-1].left_at or _NEVER) >= earliest:  # else no standpoint sees it open
            self._stand_everywhere(past, winning, currency)
        if lost:
            self._lose(past, winning)
        if winning < len(visits):
            self._win(past, winning, currency, lost=lost)

    def _stand_everywhere(self, past: Past, winning: int, currency: str | None) -> None:
        """The deal is open in the stage of each visit before the win, at every standpoint in it."""
        texts, places = self._texts, self._places(currency)
        for visit in past.visits[:winning]:
            end = visit.left_at or _NEVER
            if end < texts[0]:
                continue
            points = range(bisect_right(texts, visit.entered), bisect_right(texts, end))
            if not points:
                continue
            stage, entered, closing = visit.stage, datetime.fromisoformat(visit.entered), None
            values, closes = past.values, past.closes
            steady = not values or values[-1].since <= visit.entered  # as for nearly all: then it is read once
            value = _known(values[-1].value) if steady and values else None
            for point in points:
                at = self._points[point]
                if not steady:
                    value = _known(before(values, at.text))
                if closes:
                    day = before(closes, at.text)
                    closing = None if day is None else at.month_of(day)
                # A plain tuple finds what stands under the same place.
                age = (at.moment - entered).days
                deals = places[point].get((stage, age, closing))  # type: ignore[call-overload]
                if deals is None:
                    deals = places[point][Place(stage, age, closing)] = OpenDeals()
                if value is None:
                    deals.blank += 1
                else:
                    deals.values.append(value)

    def _places(self, currency: str | None) -> list[dict[Place, OpenDeals]]:
        """Where deals in a currency are open, at each standpoint."""
        found = self._open.get(currency)
        if found is None:
            found = self._open[currency] = [seen.open.setdefault(currency, {}) for seen in self._seen]
        return found

    def _lose(self, past: Past, winning: int) -> None:
        """The deal is lost from each visit that ended so on, until it is taken up again."""
        visits = past.visits
        for place, visit in enumerate(visits):
            if visit.how == "lost":
                again = visits[place + 1].entered if place + 1 < len(visits) else _NEVER
                self._decide(visit.left_at or _NEVER, again, visits[: min(place + 1, winning)], won=False)

    def _decide(self, since: str, until: str, visits: Sequence[Visit], *, won: bool) -> None:
        """The deal is decided between two times, and had been in the stages of these visits."""
        for place, step in self._steps(since, until):
            self._changes[place].decided[won, tuple([visit.stage for visit in visits])] += step

    def _steps(self, since: str, until: str) -> list[tuple[int, int]]:
        """From which standpoint on something is to be counted, and from which one no more."""
        texts = self._texts
        first = bisect_right(texts, since)
        end = len(texts) if until is _NEVER else bisect_right(texts, until)
        return [(first, 1), (end, -1)] if first < end else []

    def _win(self, past: Past, winning: int, currency: str | None, *, lost: bool) -> None:
        visits = past.visits
        begins = since = visits[winning].entered
        same = not lost and (not past.values or past.values[-1].since <= begins)
        if same:
            self._won(past, winning, currency, since, _NEVER, once=False)
            self._keep(begins, currency, past.values[-1].value if past.values else None)
            return
        for place in range(winning, len(visits)):
            if visits[place].how == "lost":
                self._won(past, winning, currency, since, visits[place].left_at or _NEVER)
                since = visits[place + 1].entered if place + 1 < len(visits) else _NEVER
        if since is not _NEVER:
            self._won(past, winning, currency, since, _NEVER)

    def _won(
        self, past: Past, winning: int, currency: str | None, since: str, until: str, *, once: bool = True
    ) -> None:
        """The deal is won between two times; with ``once`` its value is noted at each standpoint by itself."""
        visits, won = past.visits[:winning], past.visits[winning].entered
        steps = self._steps(since, until)
        if not steps:
            return
        path = tuple([visit.stage for visit in visits])
        moments = [datetime.fromisoformat(visit.entered) for visit in past.visits[: winning + 1]]
        win, ways = moments[-1], []
        for place, visit in enumerate(visits):
            entered, left = moments[place], moments[place + 1]
            if visit.left_at != past.visits[place + 1].entered:  # it was lost in between
                left = datetime.fromisoformat(visit.left_at or visit.entered)
            ways.append((visit.stage, (left - entered).days, (win - entered).days))
        for place, step in steps:
            change = self._changes[place]
            change.decided[True, path] += step
            times = change.times
            for way in ways:
                times[way] += step
        for point in range(steps[0][0], min(steps[1][0], len(self._points))) if once else ():
            value = before(past.values, self._texts[point])
            self._seen[point].late_wins.append((won, currency, _known(value)))

    def _keep(self, won: str, currency: str | None, value: str | None) -> None:
        """A win that looks the same from everywhere."""
        period = currency, bisect_right(self._marks, won)
        if value is None:
            self._blank[period] += 1
        else:
            self._values.setdefault(period, array("d")).append(_amount(value))

    def seen(self) -> list[Seen]:
        """What is seen from each standpoint, once all deals are taken."""
        running, times = Seen(), defaultdict[str, Counter[tuple[int, int]]](Counter)
        for found, change in zip(self._seen, self._changes, strict=False):
            running.started += change.started
            for (won, path), count in change.decided.items():
                stages: set[str | None] = {None, *path}
                running.decided.update(dict.fromkeys(stages, count))
                running.won.update(dict.fromkeys(stages, count if won else 0))
            for (stage, length, way), count in change.times.items():
                times[stage][length, way] += count
            found.started, found.decided, found.won = running.started, running.decided.copy(), running.won.copy()
            found.times = {stage: ordered(counts) for stage, counts in times.items()}
        return self._seen

    def wins(self, point: int, currency: str | None, since: str | None, until: str) -> Wins:
        """The deals won in ``since <= t < until``, as seen from a standpoint that is not before ``until``. Both are moments
        that some standpoint knows; ``since`` may be left out."""
        first = 0 if since is None else bisect_left(self._marks, since) + 1
        periods = [(currency, place) for place in range(first, bisect_left(self._marks, until) + 1)]
        values = [value for period in periods for value in self._values.get(period, ())]
        deals = len(values) + sum(self._blank[period] for period in periods)
        late = [
            value
            for won, of, value in self._seen[point].late_wins
            if of == currency and (since is None or won >= since) and won < until
        ]
        return Wins(deals + len(late), values + [value for value in late if value is not None])


def _known(text: str | None) -> float | None:
    return None if text is None else _amount(text)


def _amount(text: str) -> float:
    """Raises ``ValueError`` for what is no amount."""
    found = float(text)
    if not isfinite(found):
        raise ValueError(text)
    return found
