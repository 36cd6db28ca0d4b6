"""From what a log shows to assumptions: each figure with how often it was seen, and the default where that is too seldom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from procdef.engine import Engine
from procdef.expression.types import NUMBERS, FieldType, Kind
from procdef.model import ProcessDefinition
from procdef.reports.damaged_rows import rows_read
from procdef.reports.figures.arithmetic import nearest_rank
from procdef.reports.scope import scope_of
from procdef.simulation.assumptions.defaults import defaults, without_recorded
from procdef.simulation.assumptions.distributions import Choice, Constant, Distribution, Sample
from procdef.simulation.assumptions.explained import Explained, Route
from procdef.simulation.assumptions.fitting.arrivals import fitted_arrivals
from procdef.simulation.assumptions.fitting.observed import Observed, fitted_fields, observed
from procdef.simulation.assumptions.fitting.samples import Seen, condensed
from procdef.simulation.assumptions.lengths import neat, written_length
from procdef.simulation.assumptions.model import (
    ActionAssumptions,
    Assumptions,
    FieldValues,
    People,
    StageAssumptions,
    Times,
    Together,
)
from procdef.simulation.assumptions.values import rounded
from procdef.simulation.assumptions.working_clock import WorkingClock

LEAST = 20
"""So many observations a figure needs; of fewer the default is better."""
POINTS = 21
"""How many numbers of a sample a file has: an odd number, so that the one in the middle is the median."""
_MOSTLY = 0.5
_NEARLY_ALL = 99
"""So many percent of the visits that are over took less time than one that goes on has to last to be a stalled one."""
_ENOUGH = 3
"""How many times as many people as the work takes, where the log does not tell: the waits hold already what waited for them."""


def fitted(engine: Engine, definition: ProcessDefinition) -> Explained:
    """Assumptions of a process from the deals that a log has of it, of whatever version.

    Nothing personal is read: of fields only numbers, choices, and true and false that no version calls personal. Raises
    ``UnknownProcess`` where the log has no such process, ``InvalidArgument`` where it has no deal of it, and ``LogBroken``.
    """
    engine.definition(definition.id)
    versions = [each for each in engine.definitions() if each.id == definition.id]
    private = scope_of(versions, "").private
    with engine.store.transaction(write=False) as tx, rows_read(definition.id):
        seen = observed(tx, definition, private)
    return _Fit(definition, seen, fitted_fields(definition, private)).explained()


class _Fit:
    def __init__(self, definition: ProcessDefinition, seen: Observed, fields: tuple[str, ...]) -> None:
        self._process, self._seen, self._fields = definition, seen, fields
        self._day = WorkingClock(definition.calendar).day
        self._notes: dict[Route, str] = {}

    def explained(self) -> Explained:
        values = {name: found for name in self._fields if (found := self._values(name)) is not None}
        base = defaults(self._process, values)
        self._notes = {**base.notes, **self._notes}
        of = base.assumptions
        of = replace(of, values={name: self._filled(name, each) for name, each in of.values.items()})
        actions = {path: self._action(path, each) for path, each in of.actions.items()}
        knows = self._known_at_start()
        arrivals, notes = fitted_arrivals(self._seen, of.arrivals, self._process.calendar, LEAST)
        self._notes |= notes
        stages = {name: self._stage(name, each) for name, each in of.stages.items()}
        arrivals = {
            name: replace(each, knows=tuple(dict.fromkeys((*each.knows, *knows)))) for name, each in arrivals.items()
        }
        assumed = Assumptions(
            of.process,
            without_recorded(arrivals, stages),
            {**of.values, **values},
            actions,
            stages,
            self._people(of.people),
            self._together(values),
        )
        return Explained(assumed, self._notes, self._about())

    def _about(self) -> tuple[str, ...]:
        seen = self._seen
        assert seen.first is not None
        assert seen.last is not None
        period = f"{seen.first.date()} to {seen.last.date()}"
        lines = [
            f"Fitted to {_deals(seen.deals)} of {self._process.id}, {period}; {seen.closed:,} closed.",
            f"Every figure says how often it was seen; below {LEAST} times it is the default of the process, and says so.",
            "Waits are from one thing that was done to the next, less the work: waiting for people is among them, so people",
            "have all their hours here. To ask what more or fewer people come to, shorten waits and give people hours_a_day.",
        ]
        if under_way := seen.deals - seen.closed:
            lines.append(
                f"Not yet won or lost: {_deals(under_way)}, of which it takes for granted that they go like the others."
            )
        if not seen.closed:
            lines.append(
                "No deal is closed yet, so that nothing is known of how deals end: those chances are defaults."
            )
        return tuple(lines)

    def _too_few(self, route: Route, count: int) -> None:
        why = f"as it was seen {count} times only" if count else "as it was never seen"
        self._notes[route] = f"default, {why}: {self._notes.get(route, 'from the process')}"

    def _stage(self, name: str, of: StageAssumptions) -> StageAssumptions:
        here: Route = ("stages", name)
        ended = self._seen.visits[name]
        on, lost = ended["advanced"] + ended["finished"], ended["lost"]
        returned, left = ended["returned"], sum(ended.values()) - ended[""]
        of = replace(
            of,
            wait=self._times(self._seen.goes_on.get(name), (*here, "wait"), of.wait),
            records=self._recorded_in(name),
        )
        if of.reasons is not None or lost:
            if left >= LEAST:
                of = self._lost(of, name, lost, left)
            else:
                self._too_few((*here, "lost"), left)
        if of.back and returned + on >= LEAST:
            back = self._seen.back[name]
            of = replace(of, back={each: round(back[each] / (returned + on), 4) for each in of.back})
            self._notes[*here, "back"] = f"{returned:,} of {returned + on:,} that were not lost"
        elif of.back:
            self._too_few((*here, "back"), returned + on)
        if of.ways is not None and len(of.ways.weights) > 1:
            of = replace(of, ways=self._choice(self._seen.ways[name], (*here, "ways"), of.ways))
        return replace(of, waived=self._waived(name, of), stalled=self._stalled(name))

    def _stalled(self, name: str) -> float:
        """Which share of the visits nobody carries on. Of those that began so long before the end of the log that nearly all
        others would have been over by then, the ones that still go on."""
        seen = self._seen
        took, came, stayed = seen.took.get(name), seen.came.get(name), seen.stayed.get(name)
        if took is None or came is None or stayed is None or took.count < LEAST or seen.last is None:
            return 0.0
        longest = nearest_rank(sorted(took.kept), _NEARLY_ALL)
        until = seen.last.timestamp() - longest
        over, going_on = (
            round(each.count * sum(began < until for began in each.kept) / len(each.kept)) for each in (came, stayed)
        )
        if over + going_on < LEAST:
            return 0.0
        days = round(longest / 86_400)
        self._notes["stages", name, "stalled"] = (
            f"{going_on:,} of {over + going_on:,} that came in more than {days} day{'s' * (days != 1)} before its end"
        )
        return round(going_on / (over + going_on), 4)

    def _lost(self, of: StageAssumptions, name: str, lost: int, left: int) -> StageAssumptions:
        reasons = self._seen.reasons[name]
        known = {reason: float(reasons[reason]) for reason in self._process.lost.reasons} if self._process.lost else {}
        after, refused = self._seen.lost_after.get(name), self._seen.refused_lost[name]
        lost -= refused
        self._notes["stages", name, "lost"] = f"{lost:,} of {left:,} that left it"
        if refused:
            self._notes["stages", name, "lost"] += f", and {refused:,} that a criterion did not let go on"
        if not lost or not sum(known.values()):
            return replace(of, lost=0.0, reasons=None, lost_after=None)
        times = None
        if after is not None and after.count >= LEAST:
            times = Times(self._sample(after, self._seen.business), self._seen.business)
            self._notes["stages", name, "lost"] += f"; {self._told(after, self._seen.business)} after they came in"
        return replace(of, lost=round(lost / left, 4), reasons=Choice(known), lost_after=times)

    def _waived(self, stage: str, of: StageAssumptions) -> dict[str, float]:
        found, told, few = dict[str, float](), list[str](), list[str]()
        for name, chance in of.waived.items():
            unmet, waived = (count[f"{stage}.{name}"] for count in (self._seen.unmet, self._seen.waived))
            enough = unmet >= LEAST
            found[name] = round(waived / unmet, 4) if enough else chance
            (told if enough else few).append(f"{name} {waived:,} of {unmet:,} deals that did not meet it")
        if found:
            texts = [*told, *(["default, seen too seldom: " + ", ".join(few)] if few else [])]
            self._notes["stages", stage, "waived"] = "; ".join(texts)
        return found

    def _action(self, path: str, of: ActionAssumptions) -> ActionAssumptions:
        here: Route = ("actions", path)
        done = self._seen.done[path]
        stage = self._process.actions[path].stage
        of = replace(
            of, wait=self._times(self._seen.waits.get(path), (*here, "wait"), of.wait, less=of.work.seconds.mean)
        )
        self._notes[*here, "work"] = "a guess, as a log does not tell how long somebody worked on it"
        if of.ways is not None:
            of = replace(of, ways=self._choice(done, (*here, "ways"), of.ways))
        if self._process.actions[path].decision:
            decided = done["approve"] + done["reject"]
            if decided >= LEAST:
                of = replace(of, approved=round(done["approve"] / decided, 4))
                self._notes[*here, "approved"] = f"{done['approve']:,} of {decided:,} decisions"
            else:
                self._too_few((*here, "approved"), decided)
        if not self._process.actions[path].required:
            ended = self._seen.visits[stage]
            visits = ended["advanced"] + ended["returned"] + ended["finished"]
            if visits >= LEAST:
                times = self._seen.visits_with[path]
                of = replace(of, done=round(min(1.0, times / visits), 4))
                self._notes[*here, "done"] = f"in {times:,} of {visits:,} visits of {stage} that went on"
            else:
                self._too_few((*here, "done"), visits)
        return of

    def _choice(self, seen: Mapping[str, int], route: Route, default: Choice) -> Choice:
        known = {name: float(seen.get(name, 0)) for name in default.weights}
        if sum(known.values()) < LEAST:
            self._too_few(route, int(sum(known.values())))
            return default
        self._notes[route] = f"{sum(known.values()):,.0f} seen"
        return Choice(known)

    def _times(self, seen: Seen[float] | None, route: Route, default: Times, less: float = 0.0) -> Times:
        if seen is None or seen.count < LEAST:
            self._too_few(route, seen.count if seen else 0)
            return default
        self._notes[route] = self._told(seen, self._seen.business)
        return Times(self._sample(seen, self._seen.business, less), self._seen.business)

    def _sample(self, seen: Seen[float], business: bool, less: float = 0.0) -> Distribution:
        points = [neat(max(0.0, each - less), business, self._day) for each in condensed(seen.kept, POINTS)]
        return Constant(points[0]) if len(set(points)) == 1 else Sample(tuple(points))

    def _told(self, seen: Seen[float], business: bool) -> str:
        half, most = (
            written_length(neat(nearest_rank(sorted(seen.kept), share), business, self._day), business, self._day)
            for share in (50, 90)
        )
        return f"{seen.count:,} seen: half within {half}, nine of ten within {most}"

    def _values(self, name: str) -> FieldValues | None:
        """What a field holds; None where it was seen too seldom."""
        seen, kind = self._seen, self._process.fields[name].type
        had = seen.filled[name] + seen.unasked[name]
        asked, filled = self._asked(name)
        empty = round(max(0.0, 1 - filled / asked), 4) if asked >= LEAST else 0.0
        if had < LEAST:
            return None
        self._notes["values", name] = f"{had:,} seen, as they are at last"
        if kind.many:
            return FieldValues(each={one: round(seen.things[name][one] / had, 4) for one in kind.options}, empty=empty)
        if kind.kind is Kind.BOOLEAN:
            true = round(100 * seen.things[name][True] / had, 2)
            return FieldValues(Choice({True: true, False: round(100 - true, 2)}), empty=empty)
        if kind.kind in NUMBERS:
            numbers = seen.numbers[name]
            half, most = (rounded(kind, nearest_rank(sorted(numbers.kept), share)) for share in (50, 90))
            self._notes["values", name] += f": half up to {half}, nine of ten up to {most}"
            points = tuple(_neat_number(kind, each) for each in condensed(numbers.kept, POINTS))
            return FieldValues(Constant(points[0]) if len(set(points)) == 1 else Sample(points), empty=empty)
        return FieldValues(
            Choice({one: float(seen.things[name][one]) for one in kind.options if seen.things[name][one]}), empty=empty
        )

    def _asked(self, name: str) -> tuple[int, int]:
        """How many deals should have a value, and how many of them have: those that did what records it, or came through the
        stage where they get it."""
        for stage in self._process.stages:
            if name in self._recorded_in(stage):
                ended = self._seen.visits[stage]
                return ended["advanced"] + ended["finished"], self._seen.filled[name] + self._seen.unasked[name]
        return self._seen.asked[name], self._seen.filled[name]

    def _filled(self, name: str, of: FieldValues) -> FieldValues:
        """A field whose values are not looked at, with how often it stays empty."""
        asked, filled = self._seen.asked[name], self._seen.filled[name]
        if name in self._fields or asked < LEAST or filled == asked:
            return of
        self._notes["values", name] += f"; {asked - filled:,} of {asked:,} have none"
        return replace(of, empty=round(1 - filled / asked, 4))

    def _recorded_in(self, stage: str) -> tuple[str, ...]:
        """The fields that deals get in a stage although no action records them."""
        found = []
        for name, places in self._seen.recorded_in.items():
            (place, count), *_ = places.most_common(1)
            if place == stage and count >= LEAST and count >= _MOSTLY * sum(places.values()):
                found.append(name)
        return tuple(found)

    def _known_at_start(self) -> tuple[str, ...]:
        """The fields that most deals have without any of the actions that record them, and from their start as it seems."""
        seen = self._seen
        return tuple(
            name
            for name in self._fields
            if seen.unasked[name] >= LEAST
            and seen.unasked[name] >= _MOSTLY * seen.deals
            and not any(name in self._recorded_in(stage) for stage in self._process.stages)
        )

    def _people(self, default: Mapping[str, People]) -> dict[str, People]:
        owners, found = len(self._seen.owners), dict[str, People]()
        first = next((role for stage in self._process.stages.values() for role in stage.owner), None)
        for role, people in default.items():
            route: Route = ("people", role)
            if role == first and owners:
                found[role] = People(max(owners, 1))
                self._notes[route] = "as many as own deals"
            else:
                found[role] = People(_ENOUGH * people.number)
                self._notes[route] = (
                    "a guess: so many that nothing waits for them, as the waits below hold that already"
                )
        return found

    def _together(self, values: Mapping[str, FieldValues]) -> Together | None:
        names = [name for name in self._fields if name in values]
        rows = self._seen.rows
        if rows.count < LEAST or len(names) < 2:
            return None
        self._notes["together",] = f"{len(rows.kept):,} of {rows.count:,} deals, drawn by chance"
        kinds = [self._process.fields[name].type for name in names]
        cells = (tuple(map(_cell, kinds, map(row.get, names))) for row in rows.kept)
        return Together(tuple(names), tuple(cells))


_WHOLE_FROM = 100


def _neat_number(kind: FieldType, number: float) -> float:
    """A mean as people read it: whole where it is large."""
    return float(rounded(kind, round(number) if abs(number) >= _WHOLE_FROM else number))


def _cell(kind: FieldType, value: Any) -> Any:
    """A stored value as a file has it: numbers that the log holds as text are numbers there."""
    return Decimal(value) if isinstance(value, str) and kind.kind in NUMBERS else value


def _deals(number: int) -> str:
    return "1 deal" if number == 1 else f"{number:,} deals"
