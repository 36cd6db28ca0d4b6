"""The main figures in groups: by owner, stage, version, month, or the values of a field."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from difflib import get_close_matches
from functools import partial
from itertools import pairwise
from typing import Any

from procdef.errors import InvalidArgument
from procdef.expression.types import NUMBERS, Kind
from procdef.reports import periods
from procdef.reports.figures.arithmetic import nearest_rank
from procdef.reports.figures.main_figures import MainTally
from procdef.reports.history import History
from procdef.reports.report import GroupKind, MainFigures
from procdef.reports.scope import BEGINNING, Scope, Window

NONE, OTHERS = "(none)", "(others)"
MOST_TEXTS = 20
"""So many values of a text, those that most deals have, are groups of their own."""
_OF_DEALS: Mapping[str, GroupKind] = {"owner": "owner", "stage": "stage", "version": "version", "month": "month"}


@dataclass(frozen=True, slots=True)
class Grouping:
    """How deals are put into groups. ``bands`` are the numbers at which bands of a field begin; none given: quartiles."""

    by: str
    kind: GroupKind
    bands: tuple[Decimal, ...] = ()

    @property
    def field(self) -> str | None:
        """The field whose values make the groups."""
        return None if self.by in _OF_DEALS else self.by


def grouping(scope: Scope, by: str, bands: Sequence[Decimal] = ()) -> Grouping:
    """What ``--by`` names. Raises ``InvalidArgument`` for what makes no groups: an unknown field, a personal one, a list, and
    for bands of what is no number."""
    newest = scope.newest
    field = newest.fields.get(by)
    if by in _OF_DEALS:
        kind: GroupKind = _OF_DEALS[by]
    elif field is None:
        fields = newest.fields.items()
        known = [*_OF_DEALS, *(name for name, each in fields if _groupable(each.type.kind, name in scope.private))]
        near = get_close_matches(by, known, 1)
        hint = f' (did you mean "{near[0]}"?)' if near else f"; there are {', '.join(known)}"
        raise InvalidArgument(f'there is nothing called "{by}" to group by{hint}', by)
    elif by in scope.private:
        raise InvalidArgument(f'the values of "{by}" are personal, so no groups are made of them', by)
    elif not _groupable(field.type.kind, False):
        raise InvalidArgument(f'"{by}" holds a {field.type.kind}, which makes no groups; name another field', by)
    elif field.type.kind in NUMBERS:
        kind = "bands"
    elif field.type.kind in (Kind.CHOICE, Kind.BOOLEAN):
        kind = "options"
    else:
        kind = "month" if field.type.kind in (Kind.DATE, Kind.DATETIME) else "texts"
    if bands and kind != "bands":
        raise InvalidArgument(f'bands are for a field of numbers, which "{by}" is not', by)
    return Grouping(by, kind, tuple(sorted(set(bands))))


def _groupable(kind: Kind, private: bool) -> bool:
    return not private and kind is not Kind.LIST


class GroupsTally:
    """A tally for each value; bands and the most frequent texts are made of them once all were counted.

    With ``known`` groups, those that a report has, deals are put into these and no others.
    """

    def __init__(self, scope: Scope, by: Grouping, place: int, known: Sequence[str] | None = None) -> None:
        self._scope, self._by, self._known = scope, by, known
        self._zone = scope.newest.calendar.zone
        self._values_of = _values_of(by, place, scope)
        self.tallies: dict[str, MainTally] = {}
        self.deals: Counter[str] = Counter()

    def add(self, history: History) -> None:
        """Count one deal."""
        if self._by.kind == "month" and self._by.field is None:
            for month, window in self._months(history):
                self._tally(month, window).add(history)
            return
        for value in self._values_of(history):
            self.deals[value] += 1
            self._tally(value).add(history)

    def _tally(self, value: str, window: Window | None = None) -> MainTally:
        found = self.tallies.get(value)
        if found is None:
            found = self.tallies[value] = MainTally(self._scope, window, current=window is None)
        return found

    def _months(self, history: History) -> Iterator[tuple[str, Window]]:
        """The months of the period from the deal's start until it was decided and finished, or until now."""
        deal, scope = history.deal, self._scope
        end = max(filter(None, (deal.won, deal.lost, deal.finished, deal.offered, deal.started)))
        if deal.outcome == "open" or any(stay.how == "lost" for stay in history.stays[:-1]):
            end = max(end, scope.now)
        since, until = scope.window
        moment, last = max(deal.started, since), end if end < until else periods.last_moment(scope.until, end)
        while moment <= last:
            try:
                month = periods.containing("month", moment, self._zone)
            except (OverflowError, ValueError):  # at either end of the calendar
                return
            window = Window(max(month.since, since), min(month.until, until))
            yield periods.month_of(moment, self._zone), window
            moment = month.until

    def merge(self, other: GroupsTally) -> None:
        """Count what the other has counted, of other deals."""
        self.deals.update(other.deals)
        for value, tally in other.tallies.items():
            if value in self.tallies:
                self.tallies[value].merge(tally)
            else:
                self.tallies[value] = tally

    def figures(self) -> Mapping[str, MainFigures]:
        """What they come to."""
        return {name: tally.figures() for name, tally in self._grouped()}

    def _grouped(self) -> Iterable[tuple[str, MainTally]]:
        match self._by.kind:
            case "bands":
                return self._bands()
            case "texts":
                return self._texts()
            case "month" if self._by.field is None:
                return self._all_months()
        return [(name, self.tallies[name]) for name in self._order() if name in self.tallies]

    def _order(self) -> Iterable[str]:
        newest, by = self._scope.newest, self._by
        rest = sorted(self.tallies)
        if by.kind == "version":
            return sorted(self.tallies, key=int)
        if by.kind == "stage":
            first: Iterable[str] = newest.stages
        elif by.kind == "options" and by.field is not None:
            field = newest.fields[by.field].type
            first = ("true", "false") if field.kind is Kind.BOOLEAN else field.options
        else:
            first = ()
        return [*dict.fromkeys((*first, *(name for name in rest if name != NONE))), NONE]

    def _all_months(self) -> Iterable[tuple[str, MainTally]]:
        """All months from the first to the last, also those in which nothing happened."""
        found = sorted(self.tallies)
        if not found or self._known is not None:
            return [(name, self.tallies[name]) for name in found]
        whole = dict(self.tallies)
        moment = self.tallies[found[0]].window.since
        if moment == BEGINNING:
            return [(name, whole[name]) for name in found]
        while (name := periods.month_of(moment, self._zone)) < found[-1]:
            window = periods.containing("month", moment, self._zone)
            whole.setdefault(name, MainTally(self._scope, window, current=False))
            moment = window.until
        return sorted(whole.items())

    def _texts(self) -> Iterable[tuple[str, MainTally]]:
        values = [value for value, _ in sorted(self.deals.items(), key=lambda item: (-item[1], item[0])) if value != NONE]
        shown = values[:MOST_TEXTS] if self._known is None else [value for value in values if value in self._known]
        found = [(value, self.tallies[value]) for value in shown]
        rest = [self.tallies[value] for value in values if value not in set(shown)]
        return [*found, *self._merged(OTHERS, rest), *self._merged(NONE, [self.tallies[NONE]] if NONE in self.tallies else [])]

    def _bands(self) -> Iterable[tuple[str, MainTally]]:
        numbers = {value: Decimal(value) for value in self.tallies if value != NONE}
        begins = self._by.bands or self._quartiles(numbers)
        bands: dict[str, list[MainTally]] = {name: [] for name in _names(begins)}
        names = [*bands]
        for value, number in numbers.items():
            bands[names[sum(number >= begin for begin in begins)]].append(self.tallies[value])
        found = [part for name, tallies in bands.items() for part in self._merged(name, tallies)]
        return [*found, *self._merged(NONE, [self.tallies[NONE]] if NONE in self.tallies else [])]

    def _quartiles(self, numbers: Mapping[str, Decimal]) -> tuple[Decimal, ...]:
        """Where the second, third and fourth quarter of the deals begin, by nearest rank."""
        ordered = sorted(number for value, number in numbers.items() for _ in range(self.deals[value]))
        if not ordered:
            return ()
        return tuple(sorted({nearest_rank(ordered, share) for share in (25, 50, 75)}))

    def begins(self) -> tuple[Decimal, ...]:
        """Where the bands begin, so that others can be counted into the same."""
        return self._by.bands or self._quartiles({value: Decimal(value) for value in self.tallies if value != NONE})

    def _merged(self, name: str, tallies: Sequence[MainTally]) -> list[tuple[str, MainTally]]:
        if not tallies:
            return []
        whole = MainTally(self._scope)
        for tally in tallies:
            whole.merge(tally)
        return [(name, whole)]


def _names(begins: Sequence[Decimal]) -> list[str]:
    """What bands are called that begin there: ``below 5``, ``5 to 10``, ``10 and up``; a number is in the band it begins."""
    if not begins:
        return ["all"]
    texts = [f"{begin:f}" for begin in begins]
    between = [f"{low} to {high}" for low, high in pairwise(texts)]
    return [f"below {texts[0]}", *between, f"{texts[-1]} and up"]


def _values_of(by: Grouping, place: int, scope: Scope) -> Callable[[History], Iterable[str]]:
    """What tells the groups of a deal; ``place`` is that of the field's value in its row."""
    match by.by:
        case "owner":
            return lambda history: (history.deal.owner,)
        case "stage":
            return lambda history: (history.deal.stage,)
        case "version":
            return lambda history: (str(history.deal.version),)
    make = {"bands": _number, "options": _options, "texts": _text}.get(by.kind)
    if make is None:
        zone = scope.newest.calendar.zone
        make = partial(_month, zone=zone)

    def values(history: History) -> Iterable[str]:
        text = history.deal.values[place]
        return (NONE,) if text is None else make(json.loads(text)) or (NONE,)

    return values


def _number(value: Any) -> Iterable[str]:
    """A number of the log. Where an older version had a field of another type, it is in no band."""
    try:
        known = isinstance(value, str | int) and not isinstance(value, bool) and Decimal(value).is_finite()
    except ArithmeticError:
        return ()
    return (f"{Decimal(value):f}",) if known else ()


def _options(value: Any) -> Iterable[str]:
    if isinstance(value, bool):
        return ("true" if value else "false",)
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _text(value: Any) -> Iterable[str]:
    return (str(value),)


def _month(value: Any, zone: tzinfo) -> Iterable[str]:
    """That of a date as it stands, or of a time on the clocks of the process."""
    try:
        return (str(value)[:7],) if len(str(value)) == 10 else (periods.month_of(str(value), zone),)
    except (ValueError, OverflowError):
        return ()
