"""The main figures in groups: by owner, stage, version, month, or the values of a field."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from procdef.errors import InvalidArgument
from procdef.expression.types import NUMBERS, Kind
from procdef.log.event import instant
from procdef.reports import periods
from procdef.reports.figures.arithmetic import nearest_rank, stored
from procdef.reports.figures.main_figures import MainTally
from procdef.reports.history import History
from procdef.reports.report import GroupKind, MainFigures
from procdef.reports.scope import BEGINNING, Scope, Window
from procdef.store.rows import DealFactsRow

NONE, OTHERS = "(none)", "(others)"
MOST_TEXTS = 20
"""So many values of a text, those that most deals have, are groups of their own."""
_OF_DEALS: Mapping[str, GroupKind] = {"owner": "owner", "stage": "stage", "version": "version", "month": "month"}


@dataclass(frozen=True, slots=True)
class Grouping:
    """How deals are put into groups. ``bands`` are the numbers at which bands of a field begin, ``texts`` the values that are
    groups of their own; ``None``: the values of all deals tell, see ``settled``."""

    by: str
    kind: GroupKind
    bands: tuple[Decimal, ...] | None = None
    texts: tuple[str, ...] | None = None

    @property
    def field(self) -> str | None:
        """The field whose values make the groups."""
        return None if self.by in _OF_DEALS else self.by

    @property
    def unsettled(self) -> bool:
        """Whether the values of all deals are to be seen before any is put into a group."""
        return (self.kind == "bands" and self.bands is None) or (self.kind == "texts" and self.texts is None)


def settled(by: Grouping, values: Iterable[str | None]) -> Grouping:
    """The grouping once the values of all deals were seen (JSON): with quarters, or the texts that most deals have."""
    counts = Counter(value for value in values if value is not None)
    if by.kind == "bands":
        numbers = [number for text in sorted(counts) for number in _number(json.loads(text)) for _ in range(counts[text])]
        ordered = sorted(map(Decimal, numbers))
        quarters = {nearest_rank(ordered, share) for share in (25, 50, 75)} if ordered else set()
        return replace(by, bands=tuple(sorted(quarters)))
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return replace(by, texts=tuple(str(json.loads(text)) for text, _ in most[:MOST_TEXTS]))


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
        raise InvalidArgument(f'there is nothing called "{by}" to group by{hint}', "by")
    elif by in scope.private:
        raise InvalidArgument(f'the values of "{by}" are personal, so no groups are made of them', "by")
    elif not _groupable(field.type.kind, False):
        raise InvalidArgument(f'"{by}" holds a {field.type.kind}, which makes no groups; name another field', "by")
    elif field.type.kind in NUMBERS:
        kind = "bands"
    elif field.type.kind in (Kind.CHOICE, Kind.BOOLEAN):
        kind = "options"
    else:
        kind = "month" if field.type.kind in (Kind.DATE, Kind.DATETIME) else "texts"
    if bands and kind != "bands":
        raise InvalidArgument(f'bands are for a field of numbers, which "{by}" is not', "bands")
    return Grouping(by, kind, tuple(sorted(set(bands))) or None)


def _groupable(kind: Kind, private: bool) -> bool:
    return not private and kind is not Kind.LIST


class GroupsTally:
    """A tally for each group. Bands and texts are settled."""

    def __init__(self, scope: Scope, by: Grouping, place: int) -> None:
        """``place`` is that of the field's value in the rows of deals."""
        self._scope, self._by, self._place = scope, by, place
        self._zone = scope.newest.calendar.zone
        self._bands = _names(by.bands or ())
        self._texts = frozenset(by.texts or ())
        self.tallies: dict[str, MainTally] = {}

    def add(self, history: History) -> None:
        """Count one deal."""
        if self._by.kind == "month" and self._by.field is None:
            for month, window in self._months(history):
                self._tally(month, window).add(history)
            return
        for name in self._names_of(history.deal):
            self._tally(name).add(history)

    def _names_of(self, deal: DealFactsRow) -> Iterable[str]:
        """The groups of a deal."""
        match self._by.by:
            case "owner":
                return (deal.owner,)
            case "stage":
                return (deal.stage,)
            case "version":
                return (str(deal.version),)
        text = deal.values[self._place]
        value = None if text is None else stored(text, deal.stream)
        if value is None:
            return (NONE,)
        match self._by.kind:
            case "bands":
                found = [self._bands[bisect_right(self._by.bands or (), Decimal(number))] for number in _number(value)]
                return found or (NONE,)
            case "options":
                return _options(value) or (NONE,)
            case "texts":
                return (str(value),) if str(value) in self._texts else (OTHERS,)
        return _month(value, self._zone) or (NONE,)

    def _tally(self, name: str, window: Window | None = None) -> MainTally:
        found = self.tallies.get(name)
        if found is None:
            found = self.tallies[name] = MainTally(self._scope, window, current=window is None)
        return found

    def _months(self, history: History) -> Iterator[tuple[str, Window]]:
        """The months of the period from the deal's start until it was decided and finished, or until now."""
        deal, scope = history.deal, self._scope
        end = max(filter(None, (deal.won, deal.lost, deal.finished, deal.offered, deal.started)))
        if deal.outcome == "open" or any(stay.how == "lost" for stay in history.stays[:-1]):
            end = max(end, scope.now)
        instant(end)  # what is no time lies behind all times, and would be followed to the end of the calendar
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
        for name, tally in other.tallies.items():
            if name in self.tallies:
                self.tallies[name].merge(tally)
            else:
                self.tallies[name] = tally

    def figures(self) -> Mapping[str, MainFigures]:
        """What they come to."""
        if self._by.kind == "month" and self._by.field is None:
            return {name: tally.figures() for name, tally in self._all_months()}
        return {name: self.tallies[name].figures() for name in self._order() if name in self.tallies}

    def _order(self) -> Iterable[str]:
        newest, by = self._scope.newest, self._by
        first: Iterable[str] = ()
        match by.kind:
            case "version":
                return sorted(self.tallies, key=int)
            case "stage":
                first = newest.stages
            case "bands":
                first = self._bands
            case "texts":
                first = by.texts or ()
            case "options" if by.field is not None:
                field = newest.fields[by.field].type
                first = ("true", "false") if field.kind is Kind.BOOLEAN else field.options
        rest = (name for name in sorted(self.tallies) if name not in (OTHERS, NONE))
        return [*dict.fromkeys((*first, *rest)), OTHERS, NONE]

    def _all_months(self) -> Iterable[tuple[str, MainTally]]:
        """All months from the first to the last, also those in which nothing happened."""
        found = sorted(self.tallies)
        if not found:
            return []
        whole = dict(self.tallies)
        moment = self.tallies[found[0]].window.since
        if moment == BEGINNING:
            return [(name, whole[name]) for name in found]
        while (name := periods.month_of(moment, self._zone)) < found[-1]:
            window = periods.containing("month", moment, self._zone)
            whole.setdefault(name, MainTally(self._scope, window, current=False))
            moment = window.until
        return sorted(whole.items())


def _names(begins: Sequence[Decimal]) -> list[str]:
    """What bands are called that begin there: ``below 5``, ``5 to 10``, ``10 and up``; a number is in the band it begins."""
    if not begins:
        return ["all"]
    texts = [f"{begin:f}" for begin in begins]
    between = [f"{low} to {high}" for low, high in pairwise(texts)]
    return [f"below {texts[0]}", *between, f"{texts[-1]} and up"]


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


def _month(value: Any, zone: tzinfo) -> Iterable[str]:
    """That of a date as it stands, or of a time on the clocks of the process."""
    try:
        return (str(value)[:7],) if len(str(value)) == 10 else (periods.month_of(str(value), zone),)
    except (ValueError, OverflowError):
        return ()
