"""What is assumed of a process where nobody says otherwise: taken from the process itself, and stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from math import ceil

from procdef.calendar import Duration
from procdef.graph import reachable
from procdef.model import Action, ProcessDefinition, Stage
from procdef.simulation.assumptions.default_values import default_values
from procdef.simulation.assumptions.distributions import Choice, Pert
from procdef.simulation.assumptions.explained import Explained, Route
from procdef.simulation.assumptions.model import (
    ActionAssumptions,
    Arrivals,
    Assumptions,
    FieldValues,
    People,
    StageAssumptions,
    Times,
)
from procdef.simulation.assumptions.working_clock import WorkingClock

NEW_DEALS = 20
"""A month, where no goal says how many."""
STAGE = Duration(10, "business days")
"""How long a stage takes where the process has no deadline for it."""
GOES_ON = 0.8
"""The share of deals that come through a stage where no probability tells."""
APPROVED, WAIVED, OPTIONAL, RETURNS = 0.9, 0.25, 0.3, 0.03
HOURS_A_DAY = 5.0
BUSY = 0.7
"""Which share of their hours people are at work on deals, where nobody says how many there are."""
_WORKING_DAYS = 21
_MONTHS = {"week": Decimal(12) / 52, "month": Decimal(1), "quarter": Decimal(3), "year": Decimal(12)}
_LOW, _LIKELY, _HIGH = 0.1, 0.5, 1.4
"""How much of its deadline a stage takes at least, most often and at most."""
_MINUTE = 60.0


def defaults(definition: ProcessDefinition, values: Mapping[str, FieldValues] | None = None) -> Explained:
    """Complete assumptions of a process of which nothing else is known but some ``values``, if any."""
    return _Defaults(definition, values or {}).explained()


class _Defaults:
    def __init__(self, definition: ProcessDefinition, values: Mapping[str, FieldValues]) -> None:
        self._process, self._values = definition, values
        self._clock = WorkingClock(definition.calendar)
        self._notes: dict[Route, str] = {}
        self._won = definition.won_side
        self._wins = self._chances_to_win()

    def explained(self) -> Explained:
        process = self._process
        arrivals = {name: self._arrivals(name) for name in process.starts}
        stages = {name: self._stage(stage) for name, stage in process.stages.items()}
        actions = {path: self._action(action) for path, action in process.actions.items()}
        values, told = default_values(process, self._values)
        self._notes |= told
        people = self._people(arrivals, stages, actions)
        return Explained(Assumptions(process.id, arrivals, values, actions, stages, people), self._notes)

    def _arrivals(self, start: str) -> Arrivals:
        goal, starts = self._process.goals.get("new_deals"), len(self._process.starts)
        share = f", shared by {starts} stages" if starts > 1 else ""
        if goal is not None and goal.per is not None:
            count = float(goal.amount / _MONTHS[goal.per])
            self._notes["arrivals", start] = f"the goal of {goal.amount} new deals a {goal.per}{share}"
        else:
            count = float(NEW_DEALS)
            self._notes["arrivals", start] = f"a guess: {NEW_DEALS} new deals a month{share}"
        return Arrivals(round(count / starts, 2), knows=known_at_start(self._process, self._process.stages[start]))

    def _stage(self, stage: Stage) -> StageAssumptions:
        lost = self._process.lost
        chance = 0.0 if stage.id in self._won or lost is None else self._lost(stage)
        reasons = Choice(dict.fromkeys(lost.reasons, 1.0)) if lost is not None and chance else None
        back = dict.fromkeys(stage.back, round(RETURNS / len(stage.back), 4)) if stage.back else {}
        if back:
            self._notes["stages", stage.id, "back"] = "a guess"
        criteria = [*stage.entry_criteria.values(), *stage.exit_criteria.values()]
        waived = {each.id: WAIVED for each in criteria if each.waivable_by}
        if waived:
            self._notes["stages", stage.id, "waived"] = "a guess: one of four is waived"
        if len(stage.next) > 1:
            self._notes["stages", stage.id, "ways"] = "a guess: each as likely"
        return StageAssumptions(
            self._wait(stage, ("stages", stage.id, "wait")),
            chance,
            reasons,
            ways=Choice(dict.fromkeys(stage.next, 1.0)) if stage.next else None,
            back=back,
            waived=waived,
        )

    def _lost(self, stage: Stage) -> float:
        own, after = stage.probability, [self._wins[each] for each in stage.next]
        later = sum(after) / len(after) if after else 1.0
        place = ("stages", stage.id, "lost")
        if own is None or not later:
            self._notes[place] = f"a guess: {GOES_ON:.0%} go on, as the process names no probability"
            return round(1 - GOES_ON, 4)
        chance = round(max(0.0, 1 - float(own) / 100 / later), 4)
        self._notes[place] = (
            f"from the probabilities: {own} % are won from here, and {later:.0%} from the next stage; the reasons are a guess"
        )
        return chance

    def _chances_to_win(self) -> dict[str, float]:
        """The chance that a deal which comes into a stage is won, by stage. Where no probability tells, it is made of those of
        the stages that follow; each round looks a stage farther ahead, as ways may lead round in a circle."""
        stages = self._process.stages.values()
        told = {each.id: float(each.probability) / 100 for each in stages if each.probability is not None}
        told |= dict.fromkeys(self._won, 1.0)
        chances = dict.fromkeys(self._process.stages, GOES_ON) | told
        for _ in range(len(stages) + 1):
            chances = {
                each.id: GOES_ON * sum(chances[target] for target in each.next) / len(each.next) if each.next else GOES_ON
                for each in stages
            } | told
        return chances

    def _wait(self, stage: Stage, place: Route, action: Action | None = None) -> Times:
        """A part of the time that the deadline leaves: each action has its share, and so has going on."""
        own = action.sla.within if action is not None and action.sla is not None else None
        within = own or (stage.sla.within if stage.sla is not None else None)
        parts = 1 if own else 1 + len(stage.required_actions)
        seconds, business = self._clock.length(within or STAGE)
        told = f"the deadline of {within}" if within else f"a guess: {STAGE} for a stage"
        self._notes[place] = f"{told}, of which {_LIKELY:.0%} is used" + (f", in {parts} parts" if parts > 1 else "")
        part = seconds / parts
        return Times(Pert(_whole(part * _LOW), _whole(part * _LIKELY), _whole(part * _HIGH)), business)

    def _action(self, action: Action) -> ActionAssumptions:
        here: Route = ("actions", action.path)
        low, likely, high = (15, 30, 60) if action.decision else (30, 60, 120)
        self._notes[*here, "work"] = "a guess"
        if action.ways:
            self._notes[*here, "ways"] = "a guess: each as likely"
        if action.decision:
            self._notes[*here, "approved"] = "a guess"
        if not action.required:
            self._notes[*here, "done"] = "a guess"
        return ActionAssumptions(
            self._wait(self._process.stages[action.stage], (*here, "wait"), action),
            Times(Pert(low * _MINUTE, likely * _MINUTE, high * _MINUTE), True),
            Choice(dict.fromkeys(action.ways, 1.0)) if action.ways else None,
            APPROVED if action.decision else 1.0,
            1.0 if action.required else OPTIONAL,
        )

    def _people(
        self,
        arrivals: dict[str, Arrivals],
        stages: dict[str, StageAssumptions],
        actions: dict[str, ActionAssumptions],
    ) -> dict[str, People]:
        visits = expected_visits(self._process, arrivals, stages)
        hours = dict.fromkeys(self._process.roles, 0.0)
        least = dict.fromkeys(self._process.roles, 1)
        for path, action in self._process.actions.items():
            roles = action.roles or self._process.stages[action.stage].owner or tuple(self._process.roles)
            hours[roles[0]] += visits[action.stage] * actions[path].done * actions[path].work.seconds.mean / 3600
            times = max(action.at_least, *(row.at_least for row in action.table), 1 + action.four_eyes)
            for role in roles:
                least[role] = max(least[role], times)
        found = {}
        for role, monthly in hours.items():
            number = max(least[role], ceil(monthly / (_WORKING_DAYS * HOURS_A_DAY * BUSY)))
            self._notes["people", role] = f"a guess: as many as {monthly:.0f} hours of work a month take"
            found[role] = People(number, HOURS_A_DAY)
        return found


def _whole(seconds: float) -> float:
    """Seconds that can be written with a unit: to five minutes below a day, else to the hour."""
    unit = 300 if seconds < 8 * 3600 else 3600
    return float(round(seconds / unit) * unit)


def known_at_start(definition: ProcessDefinition, stage: Stage) -> tuple[str, ...]:
    """The fields that are filled in when a deal starts in a stage: what its entry asks for, and what nobody records later."""
    ways = {each.id: tuple(each.next) for each in definition.stages.values()}
    ahead = {stage.id, *reachable(ways, stage.id)}
    recorded = {name for action in definition.actions.values() if action.stage in ahead for name in action.records}
    asked = {name for each in stage.entry_criteria.values() for name in each.reads}
    needed = asked | (set(_read(definition)) - recorded)
    return tuple(name for name in definition.fields if name in needed)


def without_recorded(arrivals: Mapping[str, Arrivals], stages: Mapping[str, StageAssumptions]) -> dict[str, Arrivals]:
    """The arrivals, where nobody knows at the start what is recorded in a stage later."""
    recorded = {name for stage in stages.values() for name in stage.records}
    return {
        start: replace(of, knows=tuple(name for name in of.knows if name not in recorded))
        for start, of in arrivals.items()
    }


def _read(definition: ProcessDefinition) -> Iterator[str]:
    """The fields that conditions, figures and losses read, and those that nobody records at all."""
    everywhere = {name for action in definition.actions.values() for name in action.records}
    yield from (name for name in definition.fields if name not in everywhere)
    for criterion in definition.criteria.values():
        yield from criterion.reads
    for action in definition.actions.values():
        yield from action.when.fields if action.when is not None else ()
    for stage in definition.stages.values():
        for way in stage.next.values():
            yield from way.when.fields if way.when is not None else ()


def expected_visits(
    definition: ProcessDefinition, arrivals: dict[str, Arrivals], stages: dict[str, StageAssumptions]
) -> dict[str, float]:
    """How many deals a month come into each stage on average, returns aside."""
    visits = dict.fromkeys(definition.stages, 0.0)
    coming = {name: each.per_month for name, each in arrivals.items()}
    for _ in range(len(stages)):
        following = dict.fromkeys(definition.stages, 0.0)
        for stage, number in coming.items():
            visits[stage] += number
            ways = stages[stage].ways
            for target in definition.stages[stage].next:
                following[target] += number * (1 - stages[stage].lost) * (ways.share(target) if ways else 0.0)
        coming = {stage: number for stage, number in following.items() if number > 1e-9}
    return visits
