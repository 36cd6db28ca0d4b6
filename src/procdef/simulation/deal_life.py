"""The life of one deal in a simulation: people do what is to be done, one thing after the other, and the engine judges."""

from __future__ import annotations

from collections.abc import Generator
from random import Random
from typing import TYPE_CHECKING, Any

from procdef.advice.preconditions import actions_before, excluded_people
from procdef.commands import Advance, Back, Command, Do, Finish, Start
from procdef.commands.do import APPROVE, REJECT
from procdef.decide.guards import branch
from procdef.model import Action, Stage, Transition
from procdef.results.done import Done
from procdef.results.refusal import StepRefused
from procdef.simulation.answers import Answers
from procdef.simulation.deal_in_hand import NOTE, DealInHand, Over
from procdef.simulation.desk import Person
from procdef.simulation.world import World

if TYPE_CHECKING:
    from simpy import Event

Going = Generator["Event", Any, str | None]
"""Something that takes time; what it returns is what the deal got stuck in, or nothing."""
EVIDENCE = {
    "none": None,
    "note": NOTE,
    "link": "https://simulated.example/",
    "document": f"simulated.pdf sha256:{'0' * 64}",
}
_MOST_TRIES = 12
"""So often somebody tries to leave a stage, or to do an action, in one visit."""


class DealLife(DealInHand):
    """One deal: the ``number``-th that came in by its start stage."""

    def __init__(self, world: World, name: str, start: str, number: int) -> None:
        super().__init__(world, name, start, number)
        self.answers = Answers(self)

    # What a life is made of

    def live(self) -> Generator[Event, Any, None]:
        """Come in, go from stage to stage, and end."""
        stuck: str | None = None
        try:
            if self._begin():
                while stuck is None and self.deal.mode == "open":
                    self.world.refuse_endless(self.deal)
                    stuck = yield from self._visit()
        except Over:
            pass
        finally:
            self.world.ended(stuck)

    def _begin(self) -> bool:
        """Whether the deal could be started; one whose start is refused is none."""
        world, stage = self.world, self.definition.stages[self.start]
        person = world.starter(stage.owner or tuple(self.definition.roles))
        if person is None:
            world.stuck[self.start] += 1
            return False
        known = {
            name: self.values[name] for name in world.assumptions.arrivals[self.start].knows if name in self.values
        }
        command = Start(self.definition.id, self.start, None, world.values.recorded(known, world.now()))
        if isinstance(self.take(command, person), StepRefused):
            world.dropped += 1
            return False
        return True

    # A visit to a stage

    def _visit(self) -> Going:
        world, deal = self.world, self.deal
        stage = self.definition.stages[deal.stage]
        assumed = world.assumptions.stages[stage.id]
        chance = self.chance = Random(f"{self.seed}/{stage.id}/{deal.visit}")
        loses = chance.random() < assumed.lost and self.definition.lost is not None
        stalls = assumed.stalled > 0 and chance.random() < assumed.stalled
        self.lost_at = None
        if loses and not stalls and assumed.lost_after is not None:
            self.lost_at = world.env.now + self.length(assumed.lost_after)
        wanted = {
            action.id for action in stage.optional_actions.values()
            if chance.random() < world.assumptions.actions[action.path].done
        }  # fmt: skip
        for _ in range(_MOST_TRIES):
            stuck = yield from self._all_done(stage, wanted)
            if stuck is not None:
                return stuck
            yield from self.wait(self.length(assumed.wait))
            if stalls:
                raise Over
            if loses:
                if self.lost_at is not None:
                    yield from self.wait(self.lost_at - world.env.now)
                return self.lose()
            self._record(assumed.records)
            if self._goes_back(stage):
                return None
            stuck = yield from self._leave(stage)
            if stuck is not None:
                return stuck
            if self.deal.visit != deal.visit or self.deal.mode != "open":
                return None
        return stage.id

    def _all_done(self, stage: Stage, wanted: set[str]) -> Going:
        """Do what is to be done here, until nothing is open that can be done."""
        tried: dict[str, int] = {}
        while (action := self._next(stage, wanted)) is not None:
            tried[action.path] = tried.get(action.path, 0) + 1
            if tried[action.path] > _MOST_TRIES:
                return action.path
            stuck = yield from self._do(action)
            if stuck is not None:
                return stuck
        return None

    def _next(self, stage: Stage, wanted: set[str]) -> Action | None:
        """The first action that is open, wanted, and has all done that comes before it."""
        context = self.context()
        for action in stage.actions:
            if action.required or action.id in wanted:
                status = context.status(action)
                if status == "unknown" and self.fill(self.answers.fields_of(context, action)):
                    return self._next(stage, wanted)
                if status == "open" and not actions_before(context, action):
                    return action
        return None

    def _do(self, action: Action) -> Going:
        world, assumed = self.world, self.world.assumptions.actions[action.path]
        yield from self.wait(self.length(assumed.wait))
        context = self.context()
        if context.status(action) != "open":
            return None
        roles = context.approvers(action).roles or tuple(self.definition.roles)
        excluded = excluded_people(context, action)
        person = yield from self.worked(action.path, roles, max(0.0, assumed.work.draw(self.chance).seconds), excluded)
        if person is None:
            return action.path
        try:
            return self._completed(action, person)
        finally:
            world.desk.release(person)

    def _completed(self, action: Action, person: Person) -> str | None:
        world, assumed = self.world, self.world.assumptions.actions[action.path]
        decision = note = None
        if action.decision:
            decision = APPROVE if self.chance.random() < assumed.approved else REJECT
            note = NOTE if decision == REJECT else None
        raw = self.deal.values
        given = {name: self.values[name] for name in action.records if name in self.values and name not in raw}
        way = assumed.ways.draw(self.chance) if assumed.ways is not None else next(iter(action.ways), None)
        for _ in range(3):
            values = world.values.recorded(given, world.now())
            outcome = self.take(Do(action.id, values, way, EVIDENCE[action.evidence], decision, note), person)
            if isinstance(outcome, Done):
                if decision == REJECT:
                    self._again(action)
                return None
            missing = [item.id for item in outcome.unmet if item.code == "records-unset"]
            if not missing:
                return None if self.answers.fill_for(outcome) else action.path
            given |= self.found(missing)
        return action.path

    def _again(self, action: Action) -> None:
        """What was rejected is changed, so that it can be decided on anew."""
        named = tuple(name for name in action.voided_by if name in self.deal.values)
        drawn = self.world.values.again(self.chance, self.number, named)
        self.values |= drawn
        self.record(drawn)

    def _record(self, fields: tuple[str, ...]) -> None:
        """What is recorded beside the actions."""
        raw = self.deal.values
        self.record({name: self.values[name] for name in fields if name in self.values and name not in raw})

    # Moves

    def _goes_back(self, stage: Stage) -> bool:
        """Whether it goes back instead of on; each stage behind it has its share of all deals that would go on."""
        shares = self.world.assumptions.stages[stage.id].back
        place = self.chance.random() if shares else 1.0
        for target, share in shares.items():
            if place < share:
                if target not in self.deal.passed or target not in stage.back:
                    return False
                person = self.holder(stage.back[target].by or stage.owner)
                return person is not None and isinstance(self.take(Back(target, NOTE), person), Done)
            place -= share
        return False

    def _leave(self, stage: Stage) -> Generator[Event, Any, str | None]:
        """Go on, or finish; ``None`` where it is to be tried again or the deal went on, else what keeps it."""
        ways = self._open_ways(stage)
        if not stage.next:
            return (yield from self._move(stage, None))
        if not ways:
            if self.fill(self.answers.fields_of_ways(self.context(), stage)):
                return None
            return stage.id
        shares = self.world.assumptions.stages[stage.id].ways
        weights = [shares.share(way.target) if shares is not None else 1.0 for way in ways]
        way = self.chance.choices(ways, weights if any(weights) else None)[0]
        return (yield from self._move(stage, way))

    def _open_ways(self, stage: Stage) -> list[Transition]:
        context = self.context()
        return [way for way in stage.next.values() if branch(context, way) == "met"]

    def _move(self, stage: Stage, way: Transition | None) -> Generator[Event, Any, str | None]:
        target = self.definition.stages[way.target] if way is not None else None
        yield from self.wait(self.answers.until_met(self.context(), stage, target))
        roles = (way.by if way is not None else ()) or stage.owner
        person = self.holder(roles)
        if person is None:
            return stage.id
        asked = way is not None and (way.reason_required or way.unfinished_allowed)
        command: Command = Finish() if way is None else Advance(way.target, NOTE if asked else None)
        outcome = self.take(command, person)
        if isinstance(outcome, Done):
            return None
        return (yield from self.answers.answer(outcome, stage))
