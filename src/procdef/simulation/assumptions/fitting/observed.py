"""What a log shows of a process, counted deal by deal: nothing of a deal is kept but what falls into bounded samples."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from math import isfinite
from typing import Any

from procdef.errors import CalendarUnknown, InvalidArgument
from procdef.expression.types import NUMBERS, FieldType, Kind
from procdef.log.event import instant
from procdef.model import ProcessDefinition
from procdef.reports.history import COUNTED, History, histories
from procdef.simulation.assumptions.fitting.samples import Seen
from procdef.simulation.assumptions.working_clock import WorkingClock
from procdef.store.port import Tx
from procdef.store.queries import Stays
from procdef.store.rows import ActivityFactsRow, GateRow, StayRow

_LOOKED_AT = 1000
"""So many visits tell whether people work in the hours of the calendar."""
_INSIDE = 0.8
_ROWS = 200
"""How many deals' values are kept together."""
_FITTED = (*NUMBERS, Kind.BOOLEAN, Kind.CHOICE)
"""The kinds of fields whose values are looked at; of others it counts only whether they have one."""
_KINDS = (*COUNTED, "lost")
_ON = ("advanced", "returned", "finished")


@dataclass
class Observed:
    """Counts and samples. Lengths are seconds, of working time where ``business``; ``visits`` counts by stage how visits ended
    (``how``, "" for those that go on), ``ways`` where they led, ``done`` by action what was decided or in which way.
    ``took`` is how long visits took that are over (seconds of the clock), ``came`` when they began (since 1970), and ``stayed``
    when those began that go on. ``goes_on`` are the waits until somebody first tries to go on, as what follows
    a refusal is no wait of the stage. ``refused_lost`` are the visits that ended in a loss after a criterion had refused to let
    the deal go on, ``refused_starts`` starts of which no deal came.
    """

    business: bool
    first: datetime | None = None
    last: datetime | None = None
    deals: int = 0
    closed: int = 0
    owners: set[str] = field(default_factory=set)
    arrivals: dict[str, Counter[tuple[int, int]]] = field(default_factory=lambda: defaultdict(Counter))
    weekdays: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    visits: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    ways: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    back: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    took: dict[str, Seen[float]] = field(default_factory=dict)
    came: dict[str, Seen[float]] = field(default_factory=dict)
    stayed: dict[str, Seen[float]] = field(default_factory=dict)
    refused_lost: Counter[str] = field(default_factory=Counter)
    refused_starts: Counter[str] = field(default_factory=Counter)
    lost_after: dict[str, Seen[float]] = field(default_factory=dict)
    goes_on: dict[str, Seen[float]] = field(default_factory=dict)
    waits: dict[str, Seen[float]] = field(default_factory=dict)
    done: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    visits_with: Counter[str] = field(default_factory=Counter)
    unmet: Counter[str] = field(default_factory=Counter)
    waived: Counter[str] = field(default_factory=Counter)
    recorded_in: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    numbers: dict[str, Seen[float]] = field(default_factory=dict)
    things: dict[str, Counter[Any]] = field(default_factory=lambda: defaultdict(Counter))
    filled: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    unasked: Counter[str] = field(default_factory=Counter)
    rows: Seen[dict[str, Any]] = field(default_factory=lambda: Seen("together", _ROWS))


def observed(tx: Tx, definition: ProcessDefinition, private: frozenset[str]) -> Observed:
    """What the log shows of the process of that id. ``private`` are the fields that any of its versions calls personal.

    Raises ``InvalidArgument`` where there is no deal of it.
    """
    clock = WorkingClock(definition.calendar)
    fields = tuple(name for name, each in definition.fields.items() if _open(each.type) and name not in private)
    found = Observed(_in_hours(tx, definition, clock))
    walk = _Walk(definition, clock, fields, found)
    every = histories(tx, definition.id, fields, kinds=_KINDS)
    for history in every:
        walk.deal(history)
    walk.refused(every.refused_starts)
    if not found.deals:
        raise InvalidArgument(
            f"there is no deal of {definition.id} in this log, so nothing can be fitted to it", "process"
        )
    return found


def _open(kind: FieldType) -> bool:
    """Whether values of the type are personal in no part."""
    return not kind.private and not any(column.private for column in kind.columns.values())


def fitted_fields(definition: ProcessDefinition, private: frozenset[str]) -> tuple[str, ...]:
    """The fields whose values are looked at: numbers, choices, and true and false, none of them personal."""
    return tuple(
        name
        for name, each in definition.fields.items()
        if each.type.kind in _FITTED and not each.type.private and name not in private
    )


def _in_hours(tx: Tx, definition: ProcessDefinition, clock: WorkingClock) -> bool:
    """Whether the deals of the log move in the working hours of the process."""
    if not definition.calendar.given:
        return False
    moments = [instant(stay.entered) for stay in islice(tx.scan(Stays(process=definition.id)), _LOOKED_AT)]
    try:
        inside = sum(clock.is_working(moment) for moment in moments)
    except CalendarUnknown:
        return False
    return inside >= _INSIDE * len(moments)


class _Walk:
    """Goes through deals, one after the other."""

    def __init__(
        self, definition: ProcessDefinition, clock: WorkingClock, fields: Sequence[str], found: Observed
    ) -> None:
        self._process, self._clock, self._fields, self._found = definition, clock, fields, found
        self._recording = {
            name: {path for path, action in definition.actions.items() if name in action.records} for name in fields
        }

    def deal(self, history: History) -> None:
        """Count one."""
        found, deal, stays = self._found, history.deal, history.stays
        if not stays:
            return
        found.deals += 1
        found.closed += deal.outcome != "open"
        if deal.owner:
            found.owners.add(deal.owner)
        start = instant(deal.started).astimezone(self._process.calendar.zone)
        found.arrivals[stays[0].stage][start.year, start.month] += 1
        found.weekdays[stays[0].stage][start.weekday()] += 1
        self._time(start)
        self._time(instant(deal.active))
        told = sorted(history.activities, key=lambda row: (row.occurred, row.n))
        done = {row.item for row in told if row.kind == "done"}
        for place, stay in enumerate(stays):
            following = stays[place + 1].stage if place + 1 < len(stays) else None
            self._visit(stay, following, list(_within(told, stay)), history)
        self._gates(history)
        self._values(history, told, done)

    def _time(self, moment: datetime) -> None:
        found = self._found
        found.first = moment if found.first is None else min(found.first, moment)
        found.last = moment if found.last is None else max(found.last, moment)

    def _visit(self, stay: StayRow, following: str | None, told: list[ActivityFactsRow], history: History) -> None:
        found, stage, how = self._found, stay.stage, stay.how or ""
        found.visits[stage][how] += 1
        at, acted = instant(stay.entered), set()
        began = at.timestamp()
        if stay.left_at is None:
            found.stayed.setdefault(stage, Seen(stage)).add(began)
        else:
            found.came.setdefault(stage, Seen(stage)).add(began)
            found.took.setdefault(stage, Seen(stage)).add(instant(stay.left_at).timestamp() - began)
        for row in told:
            if row.kind == "done":
                found.done[row.item][row.detail or ""] += 1
                now = instant(row.occurred)
                self._length(found.waits, row.item, at, now)
                at = now
                acted.add(row.item)
        if how in _ON:
            found.visits_with.update(acted)
        if stay.left_at is None:
            return
        left = instant(stay.left_at)
        if how == "lost":
            reasons = [row.item for row in told if row.kind == "lost"]
            found.reasons[stage][reasons[-1] if reasons else history.deal.reason or ""] += 1
            if self._was_refused(stay, history):
                found.refused_lost[stage] += 1
                return
            self._length(found.lost_after, stage, instant(stay.entered), left)
            return
        if following is not None and how in ("advanced", "returned"):
            (found.ways if how == "advanced" else found.back)[stage][following] += 1
        tried = [instant(row.occurred) for row in history.gates if row.result == "unmet" and _holds(stay, row.occurred)]
        self._length(found.goes_on, stage, at, min([left, *(each for each in tried if each >= at)]))

    def refused(self, starts: Iterable[GateRow]) -> None:
        """Count the starts that a criterion of their stage refused."""
        counted = set()
        for row in starts:
            if row.item in self._process.criteria and (row.stream, row.n) not in counted:
                counted.add((row.stream, row.n))
                start = instant(row.occurred).astimezone(self._process.calendar.zone)
                self._found.refused_starts[row.stage] += 1
                self._found.arrivals[row.stage][start.year, start.month] += 1

    def _was_refused(self, stay: StayRow, history: History) -> bool:
        """Whether a criterion was in the way of a visit, and nobody waived it."""
        rows = [row for row in history.gates if _holds(stay, row.occurred) and row.item in self._process.criteria]
        waived = {row.item for row in rows if row.result == "waived"}
        return any(row.result == "unmet" and row.item not in waived for row in rows)

    def _length(self, of: dict[str, Seen[float]], name: str, begin: datetime, end: datetime) -> None:
        try:
            length = self._clock.between(begin, end, self._found.business)
        except CalendarUnknown:
            return
        if name not in of:
            of[name] = Seen(name)
        of[name].add(max(0.0, length))

    def _gates(self, history: History) -> None:
        unmet = {row.item for row in history.gates if row.result == "unmet"}
        waived = {row.item for row in history.activities if row.kind == "waived"}
        for criterion in unmet | waived:
            if criterion in self._process.criteria:
                self._found.unmet[criterion] += 1
                self._found.waived[criterion] += criterion in waived

    def _values(self, history: History, told: list[ActivityFactsRow], done: set[str]) -> None:
        found, row = self._found, dict[str, Any]()
        for name, text in zip(self._fields, history.deal.values, strict=True):
            kind = self._process.fields[name].type
            recording = self._recording[name]
            asked = not recording or bool(recording & done)
            found.asked[name] += asked
            value = None if text is None else _value(kind, json.loads(text))
            if value is None:
                continue
            found.filled[name] += asked
            found.unasked[name] += not asked
            if kind.kind not in _FITTED:
                continue
            row[name] = value
            if kind.many:
                found.things[name].update(value)
            elif kind.kind in NUMBERS:
                if name not in found.numbers:
                    found.numbers[name] = Seen(name)
                found.numbers[name].add(float(value))
            else:
                found.things[name][value] += 1
        if len(row) > 1:
            found.rows.add(row)
        self._recorded(history, told)

    def _recorded(self, history: History, told: list[ActivityFactsRow]) -> None:
        """In which stage what the deal is worth was recorded, where no action did it."""
        for row in told:
            if row.kind not in ("value", "close") or row.detail is None or row.item not in self._recording:
                continue
            by_action = any(
                other.kind == "done" and other.occurred == row.occurred and other.item in self._recording[row.item]
                for other in told
            )
            stage = next((stay.stage for stay in history.stays if _holds(stay, row.occurred)), "")
            started = row.occurred == history.deal.started
            self._found.recorded_in[row.item]["(action)" if by_action else "(start)" if started else stage] += 1


def _holds(stay: StayRow, moment: str) -> bool:
    return stay.entered <= moment and (stay.left_at is None or moment <= stay.left_at)


def _within(told: Iterable[ActivityFactsRow], stay: StayRow) -> Iterator[ActivityFactsRow]:
    """What was done in a visit: of actions, only those of its stage."""
    for row in told:
        if _holds(stay, row.occurred) and (row.kind != "done" or row.item.startswith(f"{stay.stage}.")):
            yield row


def _value(kind: FieldType, stored: Any) -> Any:
    """A stored value as files of assumptions have it; None where it is of another type than the field has now."""
    if kind.many:
        return [one for one in stored if one in kind.options] if isinstance(stored, list) else None
    if kind.kind in NUMBERS:
        return stored if not isinstance(stored, bool) and _is_number(str(stored)) else None
    if kind.kind is Kind.BOOLEAN:
        return stored if isinstance(stored, bool) else None
    if kind.kind is Kind.CHOICE:
        return stored if stored in kind.options else None
    return stored


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False
