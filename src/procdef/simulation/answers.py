"""What people do in a simulation when a step is refused, or would be: wait, fill in, ask for a waiver, give up."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from procdef.advice.preconditions import fields_of_unknown
from procdef.commands import Waive
from procdef.decide.context import Context
from procdef.decide.guards import MoveContext
from procdef.log.event import timestamp
from procdef.model import Action, Criterion, Stage
from procdef.results.done import Done
from procdef.results.refusal import StepRefused
from procdef.simulation.deal_in_hand import NOTE, DealInHand

if TYPE_CHECKING:
    from simpy import Event

_LONGEST_WAIT = 400
"""Days for which somebody waits until a criterion holds that is only a matter of time."""
_MOST_RENEWALS = 10
_DAY = timedelta(days=1)


class Answers:
    """How one deal is helped on."""

    def __init__(self, life: DealInHand) -> None:
        self._life = life
        self._renewed: dict[str, int] = {}

    # What is missing is filled in

    def fields_of(self, context: Context, action: Action) -> tuple[str, ...]:
        """The fields for want of which it is not known whether an action is needed, or who decides on it."""
        return fields_of_unknown(context, action)

    def fields_of_ways(self, context: Context, stage: Stage) -> tuple[str, ...]:
        """The fields for want of which it is not known which way on is open."""
        read = {name: None for way in stage.next.values() if way.when is not None for name in sorted(way.when.fields)}
        return tuple(name for name in read if name not in context.raw)

    def fill_for(self, refused: StepRefused) -> bool:
        """Fill in what a refusal says is missing."""
        return self._life.fill(dict.fromkeys(name for item in refused.unmet for name in item.fields))

    # What is a matter of time is waited for

    def until_met(self, context: MoveContext, stage: Stage, target: Stage | None) -> float:
        """The seconds until the criteria of a move hold that are only a matter of time."""
        criteria = (*stage.exit_criteria.values(), *(target.entry_criteria.values() if target is not None else ()))
        timed = [each for each in criteria if each.check is not None and each.check.clock]
        waits = (self._until(context, each) for each in timed if context.judge(each) == "unmet")
        return max((wait for wait in waits if wait is not None), default=0.0)

    def _until(self, context: MoveContext, criterion: Criterion) -> float | None:
        """The seconds until it holds; ``None`` where it will not, for as long as people wait."""
        for moment in sorted({*self._moments(context, criterion), *(context.now + n * _DAY for n in _days())}):
            then = MoveContext(context.definition, self._life.deal, context.person, timestamp(moment))
            if moment > context.now and then.judge(criterion) == "met":
                return (moment - context.now).total_seconds()
        return None

    def _moments(self, context: MoveContext, criterion: Criterion) -> Iterator[datetime]:
        """When the dates and times come that a criterion reads."""
        zone, farthest = context.definition.calendar.zone, context.now + _LONGEST_WAIT * _DAY
        for name in criterion.reads:
            value: Any = context.values.get(name)
            if isinstance(value, datetime):
                found = [value]
            elif isinstance(value, date) and context.now.date() - _DAY <= value <= farthest.date():
                found = [datetime.combine(day, time(), zone).astimezone(UTC) for day in (value, value + _DAY)]
            else:
                continue
            yield from (each for each in found if context.now < each <= farthest)

    # What was refused is answered

    def answer(self, refused: StepRefused, stage: Stage) -> Generator[Event, Any, str | None]:
        """Help the deal on after a refused move: ``None`` where it is to be tried again, else what keeps the deal."""
        life = self._life
        for item in refused.unmet:
            if item.code in ("action-open", "needs-open"):
                continue
            criterion = life.definition.criteria.get(item.id) if item.code.startswith("criterion-") else None
            if criterion is None:
                if not self._life.fill(item.fields or self._unknown(item.id)):
                    return item.id or item.code
            elif not (yield from self._helped(criterion)):
                if life.deal.won is None and life.definition.lost is not None:
                    return life.lose()
                return criterion.path
        return None

    def _unknown(self, name: str) -> tuple[str, ...]:
        """The fields for want of which it is not known what an action asks."""
        action = self._life.definition.actions.get(name)
        return () if action is None else fields_of_unknown(self._life.context(), action)

    def _helped(self, criterion: Criterion) -> Generator[Event, Any, bool]:
        """Whether something was done about a criterion that keeps the deal."""
        life = self._life
        context = life.context()
        if context.judge(criterion) == "met":
            return True
        read = [name for name in criterion.reads if name in life.definition.fields]
        empty = [name for name in self._inner(criterion, read) if name not in context.raw]
        if empty and self._life.fill(empty):
            return True
        stage = life.definition.stages[criterion.stage]
        chance = life.world.assumptions.stages[stage.id].waived.get(criterion.id, 0.0)
        if criterion.waivable_by and life.chance.random() < chance:
            person = yield from life.worked(criterion.path, criterion.waivable_by, 0.0)
            if person is not None:
                try:
                    outcome = life.take(Waive(criterion.path, NOTE), person)
                finally:
                    life.world.desk.release(person)
                return isinstance(outcome, Done) or life.context().judge(criterion) == "met"
        timed = criterion.check is not None and bool(criterion.check.clock)
        if timed or life.deal.won is not None:
            return self._renew(criterion, read)
        return False

    def _inner(self, criterion: Criterion, read: list[str]) -> list[str]:
        """The fields that a criterion reads, those of the scores that it reads among them."""
        scores = criterion.check.scores if criterion.check is not None else ()
        return list(dict.fromkeys((*read, *(name for rule in scores for name in sorted(rule.fields)))))

    def _renew(self, criterion: Criterion, read: list[str]) -> bool:
        """Record other values, as of an offer that is valid no more."""
        life = self._life
        times = self._renewed[criterion.path] = self._renewed.get(criterion.path, 0) + 1
        if times > _MOST_RENEWALS:
            return False
        drawn = life.world.values.again(life.chance, life.number, read)
        life.values |= drawn
        return life.record(drawn)


def _days() -> Iterator[int]:
    """So many days on somebody looks again."""
    yield from range(1, 32)
    yield from range(35, _LONGEST_WAIT, 7)
