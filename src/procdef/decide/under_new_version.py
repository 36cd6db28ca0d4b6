"""What a new version of its process would mean for a deal as it is now. Looking changes and logs nothing.

Only what the two versions say otherwise is worked out, by the rules of both: what is in the way under the new version, and was
not under the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from procdef.changes.comparison import Comparison
from procdef.commands import Actor
from procdef.deal import Deal
from procdef.decide.context import Context
from procdef.decide.due_times import due_time
from procdef.decide.migration import Migration
from procdef.decide.what_clashes import Clash, Clashes, same_rows, unread
from procdef.expression import Expression
from procdef.log.event import instant, timestamp
from procdef.model import Action, Criterion, ProcessDefinition

_NOBODY = Actor("someone")
"""Whether something holds does not depend on who asks."""
_TO_DO = ("open", "unknown")
_OF_DOING = frozenset(("required", "when", "at_least", "records", "decision"))
"""What decides whether an action is done and has to be."""


class Item(NamedTuple):
    """``what``: ``action`` or ``criterion``; ``id`` its path. ``status``: ``open`` or ``unmet``; ``unknown`` where a field
    that it depends on is empty."""

    what: str
    id: str
    status: str


class LateAction(NamedTuple):
    """An action by its path, and by when it would have been due (UTC text)."""

    action: str
    due: str


class Outlook(NamedTuple):
    """``new_work``: what the deal would now need to go on from its stage. ``behind``: required actions of stages it passed
    that were never done. ``answers``: what somebody has to decide first. ``overdue``: when its stage would have been due,
    where that is past and was not before (UTC text). ``late``: the actions of which that is so."""

    new_work: tuple[Item, ...] = ()
    behind: tuple[Item, ...] = ()
    answers: tuple[Clash, ...] = ()
    overdue: str | None = None
    late: tuple[LateAction, ...] = ()

    @property
    def as_it_is(self) -> bool:
        """Whether the deal could go on under the new version without anybody noticing."""
        return not any(self)


class _Gate(NamedTuple):
    """What may have become new in a stage: its required actions, its exit criteria, and the entry criteria of the stages
    after it, by their ids."""

    actions: tuple[Action, ...]
    exits: tuple[Criterion, ...]
    entries: tuple[tuple[str, tuple[Criterion, ...]], ...]


class NewVersion:
    """The change from ``old`` to ``new``, ready to be tried on any number of deals of ``old`` that are not lost or finished."""

    def __init__(
        self, old: ProcessDefinition, new: ProcessDefinition, found: Comparison, names: Migration | None = None
    ) -> None:
        self._old, self._new = old, new
        self._names = _Names.of(old, names)
        self._clashes = Clashes(old, new, found)
        self._fields = frozenset(
            part.id
            for part in found.parts
            if part.what == "field" and (part.change != "changed" or part.was.type != part.now.type)
        )
        self._clock = old.calendar != new.calendar
        self._actions = frozenset(self._otherwise_done(found))
        self._gates = {stage: self._gate(stage) for stage in new.stages if self._names.stage(stage) in old.stages}
        self._slas = frozenset(stage for stage in self._gates if self._otherwise_due(stage))
        self._due = {stage: tuple(self._otherwise_due_actions(stage)) for stage in self._gates}

    def touches(self, stage: str) -> bool:
        """Whether the change can mean anything for deals in that stage; where not, a deal need not be looked at."""
        if self._clashes.possible or stage not in self._gates or stage in self._slas or any(self._gates[stage]):
            return True
        if self._due[stage]:
            return True
        return any(gate.actions for gate in self._gates.values())

    def outlook(self, deal: Deal, now: datetime) -> Outlook:
        """What it means for this deal. Raises ``CalendarUnknown`` where a due time cannot be worked out."""
        now = max(now, instant(deal.latest))
        answers = tuple(self._clashes.of(deal)) if self._clashes.possible else ()
        gate = self._gates.get(deal.stage)
        passed = [self._gates[stage].actions for stage in deal.passed if stage in self._gates]
        new_work, behind, late = tuple[Item, ...](), tuple[Item, ...](), tuple[LateAction, ...]()
        due = self._due.get(deal.stage, ())
        if due or any(passed) or (gate is not None and any(gate)):
            trial = _Trial(self._old, self._new, _without(deal, unread(answers)), deal, now)
            late = tuple(trial.late(self._due_times(due, deal)))
            new_work = tuple(trial.here(gate)) if gate is not None else ()
            behind = tuple(trial.behind(deal.passed, (action for actions in passed for action in actions)))
        return Outlook(new_work, behind, answers, self._overdue(deal, now), late)

    def after(self, before: Deal, deal: Deal, now: datetime) -> Outlook:
        """What it means for a deal that has gone over to it, and was as ``before``."""
        now = max(now, instant(before.latest))
        trial, gate = _Trial(self._old, self._new, deal, before, now, self._names), self._gate_after(before, deal)
        left = [stage for stage in deal.passed if stage in self._gates]
        passed = [action for stage in left for action in (*self._gates[stage].actions, *self._ended(before, deal, stage))]
        behind = tuple(trial.open_actions(tuple(passed))) if passed else ()
        new_work = tuple(trial.here(gate)) if any(gate) else ()
        moment = timestamp(now)
        late = deal.due is not None and deal.due < moment and (before.due is None or before.due >= moment)
        return Outlook(new_work, behind, (), deal.due if late else None, tuple(trial.late(deal.dues)))

    def _gate_after(self, before: Deal, deal: Deal) -> _Gate:
        """What may have become new for a deal that has gone over: also what it was waived before, and what ended by it."""
        gate = self._gates[deal.stage]
        here, kept = self._new.stages[deal.stage], {waiver.n for waiver in deal.waivers}
        ended = {waiver.criterion for waiver in before.waivers if waiver.n not in kept}

        def unwaived(all_of: Iterable[Criterion], told: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
            return (*told, *(each for each in all_of if each not in told and self._names.criterion(each.path) in ended))

        told = dict(gate.entries)
        entries = [(to, unwaived(self._new.stages[to].entry_criteria.values(), told.get(to, ()))) for to in here.next]
        return _Gate(
            (*gate.actions, *self._ended(before, deal, deal.stage)),
            unwaived(here.exit_criteria.values(), gate.exits),
            tuple((to, criteria) for to, criteria in entries if criteria),
        )

    def _ended(self, before: Deal, deal: Deal, stage: str) -> Iterator[Action]:
        """Required actions of a stage that are the same, and whose completions ended when the deal went over."""
        for action in self._new.stages[stage].required_actions.values():
            stood = self._names.action(action.path) in before.standing
            if stood and action.path not in deal.standing and action not in self._gates[stage].actions:
                yield action

    def _overdue(self, deal: Deal, now: datetime) -> str | None:
        if deal.stage not in self._slas:
            return None
        sla = self._new.stages[deal.stage].sla
        moment = timestamp(now)
        if sla is None or (deal.due is not None and deal.due < moment):
            return None
        end = due_time(self._new, sla, instant(deal.entered), deal.values)
        return end if end is not None and end < moment else None

    def _otherwise_due(self, stage: str) -> bool:
        was, now = self._old.stages[self._names.stage(stage)].sla, self._new.stages[stage].sla
        return now is not None and (was is None or (was.within, was.until) != (now.within, now.until) or self._clock)

    def _otherwise_due_actions(self, stage: str) -> Iterator[Action]:
        """The actions of a stage that may be due at another time, or be open where they were not."""
        here = self._new.stages[stage]
        for action in here.actions:
            was = self._old.actions.get(self._names.action(action.path))
            if action.sla is None:
                continue
            then = (was.sla.within, was.sla.until) if was is not None and was.sla is not None else None
            if then != (action.sla.within, action.sla.until) or self._clock or self._is_new(action):
                yield action

    def _due_times(self, actions: tuple[Action, ...], deal: Deal) -> dict[str, str]:
        entered = instant(deal.entered)
        found = {action.path: due_time(self._new, action.sla, entered, deal.values) for action in actions}
        return {path: due for path, due in found.items() if due is not None}

    def _otherwise_done(self, found: Comparison) -> Iterator[str]:
        """The actions of which "is done" may be said otherwise."""
        for part in found.parts:
            if part.what == "action" and (
                part.change != "changed"
                or not same_rows(part.was, part.now)
                or any(each.key in _OF_DOING for each in part.aspects)
            ):
                yield part.id
        for action in self._new.actions.values():
            reads = (*action.records, *(name for row in action.table if row.when for name in row.when.fields))
            asks = any(row.when and (row.when.actions or (self._clock and row.when.clock)) for row in action.table)
            if not self._fields.isdisjoint(reads) or asks:
                yield action.path

    def _gate(self, stage: str) -> _Gate:
        here = self._new.stages[stage]
        entries = [
            (target, tuple(filter(self._is_otherwise, self._new.stages[target].entry_criteria.values())))
            for target in here.next
        ]
        return _Gate(
            tuple(action for action in here.required_actions.values() if self._is_new(action)),
            tuple(filter(self._is_otherwise, here.exit_criteria.values())),
            tuple((target, criteria) for target, criteria in entries if criteria),
        )

    def _is_new(self, action: Action) -> bool:
        """Whether an action that is required now may have been no work before."""
        was = self._old.actions.get(self._names.action(action.path))
        return was is None or action.path in self._actions or was.when != action.when or self._reads_change(action.when)

    def _is_otherwise(self, criterion: Criterion) -> bool:
        was = self._old.criteria.get(self._names.criterion(criterion.path))
        if was is None or was.side != criterion.side or was.require != criterion.require or was.check != criterion.check:
            return True
        return not self._fields.isdisjoint(criterion.require) or self._reads_change(criterion.check)

    def _reads_change(self, expression: Expression | None) -> bool:
        if expression is None:
            return False
        changed = not self._fields.isdisjoint(expression.fields) or not self._actions.isdisjoint(expression.actions)
        return changed or (self._clock and bool(expression.clock))


def _without(deal: Deal, fields: frozenset[str]) -> Deal:
    """The deal without these values."""
    if not fields:
        return deal
    return deal._replace(values={name: value for name, value in deal.values.items() if name not in fields})


class _Names(NamedTuple):
    """The ids of the old version by those of the new one, where a plan gave them other names."""

    stages: Mapping[str, str] = {}
    actions: Mapping[str, str] = {}

    @classmethod
    def of(cls, old: ProcessDefinition, migration: Migration | None) -> _Names:
        """The names of a migration, the other way round."""
        if migration is None:
            return cls()
        stages = {now: was for was, now in reversed(migration.stages.items()) if was != now}
        actions = {now: was for was, now in migration.actions.items() if now is not None and was != now}
        return cls(stages, actions)

    def stage(self, stage: str) -> str:
        return self.stages.get(stage, stage)

    def action(self, path: str) -> str:
        return self.actions.get(path, path)

    def criterion(self, path: str) -> str:
        stage, _, name = path.partition(".")
        return f"{self.stage(stage)}.{name}"


class _Trial:
    """One deal under both versions."""

    def __init__(
        self,
        old: ProcessDefinition,
        new: ProcessDefinition,
        readable: Deal,
        deal: Deal,
        now: datetime,
        names: _Names | None = None,
    ) -> None:
        self._names, self._dues_before = names or _Names(), deal.dues
        moment = timestamp(now)
        self._before, self._after = Context(old, deal, _NOBODY, moment), Context(new, readable, _NOBODY, moment)
        self._waived = frozenset(waiver.criterion for waiver in self._before.waivers)
        self._waived_after = frozenset(waiver.criterion for waiver in self._after.waivers)

    def here(self, gate: _Gate) -> Iterator[Item]:
        """What the deal would now need to leave its stage, or to enter one after it whose way is not closed to it."""
        yield from self.open_actions(gate.actions)
        yield from self._unmet(gate.exits)
        for target, criteria in gate.entries:
            way = self._after.stage.next[target]
            if way.when is None or self._after.truth(way.when) is not False:
                yield from self._unmet(criteria)

    def behind(self, passed: tuple[str, ...], actions: Iterator[Action]) -> Iterator[Item]:
        """Those of stages that the deal passed. What counted when it did has not lapsed for their gates since."""
        for context in (self._before, self._after):
            context.spare(passed, ())
        yield from self.open_actions(actions)

    def open_actions(self, actions: Iterator[Action] | tuple[Action, ...]) -> Iterator[Item]:
        """Those that are open now and were not before."""
        for action in actions:
            status = self._after.status(action)
            if status in ("open", "unknown"):
                was = self._before.definition.actions.get(self._names.action(action.path))
                if was is None or not was.required or self._before.status(was) not in ("open", "unknown"):
                    yield Item("action", action.path, status)

    def late(self, dues: Mapping[str, str]) -> Iterator[LateAction]:
        """Those of the actions with these due times that are overdue now and were not before."""
        for path, due in dues.items():
            if due >= self._after.moment or self._after.status(self._after.definition.actions[path]) not in _TO_DO:
                continue
            name = self._names.action(path)
            was, then = self._before.definition.actions.get(name), self._dues_before.get(name)
            if was is None or then is None or then >= self._before.moment or self._before.status(was) not in _TO_DO:
                yield LateAction(path, due)

    def _unmet(self, criteria: tuple[Criterion, ...]) -> Iterator[Item]:
        for criterion in criteria:
            was = self._before.definition.criteria.get(self._names.criterion(criterion.path))
            status = "met" if self._still_waived(was, criterion) else self._after.judge(criterion)
            if status != "met" and (was is None or was.side != criterion.side or self._passed(was)):
                yield Item("criterion", criterion.path, status)

    def _still_waived(self, was: Criterion | None, now: Criterion) -> bool:
        """Whether a waiver stands on, which is only for a criterion that says what it said."""
        if now.path not in self._waived_after or was is None or not now.waivable_by:
            return False
        return (was.side, was.check, was.require) == (now.side, now.check, now.require)

    def _passed(self, was: Criterion) -> bool:
        return was.path in self._waived or self._before.judge(was) == "met"
