"""How each kind of item is tried: the steps that a deal takes at the stage where that can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from itertools import product

from procdef.calendar import due
from procdef.errors import CalendarUnknown, ProcdefError
from procdef.expression.types import Kind
from procdef.log.event import instant
from procdef.model import Action, Criterion, Sla, Stage
from procdef.proof.domains import examples
from procdef.proof.formulas import FALSE, OUTCOMES, TRUE, UNKNOWN, Formula
from procdef.proof.plans import Plans, in_order
from procdef.proof.player import Player, Refused
from procdef.proof.search import Example, Wanted
from procdef.scenarios.coverage import Item, ends_of
from procdef.scenarios.suggesting.rehearsal import Rehearsal

_Attempts = Iterator[Iterator[Rehearsal]]
"""Each may be refused on its way, and the next is made then."""
_REASON = "Is this what you mean?"
_LATER = timedelta(minutes=1)
_DAYS = timedelta(days=10)


class Tries:
    """Tries items of one process, with the help of what was proved of it."""

    def __init__(self, plans: Plans) -> None:
        self.plans, self.process, self.gates = plans, plans.process, plans.gates
        self._again: dict[int, Rehearsal] = {}

    def again(self, led: Player) -> Rehearsal:
        """The deal of a plan in rehearsal, each taken through its steps once."""
        if id(led) not in self._again:
            self._again[id(led)] = Rehearsal.of(led)
        return self._again[id(led)]

    def sites(self, item: Item) -> list[str]:
        """The stages at which an item can be tried, the likeliest first."""
        if item.kind in ("losses", "reopenings"):
            return list(self.plans.there)
        if item.kind in ("criteria", "waivers"):
            criterion = self.process.criteria[item.of]
            if criterion.side == "entry":
                return [each.id for each in self.process.stages.values() if item.stage in each.next]
        return [item.stage]

    def at(self, deal: Rehearsal, item: Item) -> Iterator[Rehearsal]:
        """Deals that were led on from here so that this may be tried; whether it was, they tell."""
        for wanted in self.wanted(item):
            for led in _TRIES[item.kind](self, deal, item, wanted):
                with suppress(Refused, ProcdefError):
                    yield from led

    def started(self, item: Item) -> Iterator[Rehearsal]:
        """Deals whose start may try an entry criterion of the stage where they begin."""
        if item.kind != "criteria" or self.process.criteria[item.of].side != "entry":
            return
        stage = self.process.stages[item.stage]
        if not stage.start:
            return
        rest = [(each.formula, TRUE) for each in self.gates.entering(stage) if each.about != item.of]
        for wanted, others in product(self.wanted(item), (rest, [])):
            found = self.plans.example([*wanted, *others], frozenset(), frozenset())
            if found is not None:
                begun = Rehearsal.at_noon(self.process, self.plans.machine)
                assert isinstance(begun, Rehearsal)
                self.plans.wait(begun, found.clock)
                begun.attempt(self.plans.owner(stage), "start", stage=stage.id, values=dict(found.values) or None)
                yield begun

    def wanted(self, item: Item) -> list[list[Wanted]]:
        """What values may have to come to for an item, the likeliest first."""
        outcomes = {"met": (TRUE,), "true": (TRUE,), "false": (FALSE,)}.get(item.what, (FALSE, UNKNOWN))
        if item.kind in ("criteria", "waivers"):
            return [[(self.gates.met(self.process.criteria[item.of]), each)] for each in outcomes]
        if item.kind == "when":
            return [[(self._when(item), each)] for each in outcomes]
        if item.kind in ("actions", "decisions", "rows", "lapses"):
            action = self.process.actions[item.of]
            return [[(self.gates.applies(action), TRUE), *self._row(action, item)]]
        return [[]]

    def _when(self, item: Item) -> Formula:
        if item.of in self.process.actions:
            return self.gates.applies(self.process.actions[item.of])
        source, target = ends_of(item)
        return self.plans.inquiry.atoms.way(self.process.stages[source], target)

    def _row(self, action: Action, item: Item) -> list[Wanted]:
        if item.kind != "rows":
            return []
        found: list[Wanted] = []
        for number, row in enumerate(action.table, 1):
            if row.when is not None:
                found.append((self.plans.inquiry.atoms.of(row.when), TRUE if item.what == f"row {number}" else FALSE))
            if item.what == f"row {number}":
                break
        return found

    # By kind: each gives attempts, of which each gives deals

    def _condition(self, deal: Rehearsal, item: Item, wanted: list[Wanted]) -> _Attempts:
        """A criterion or a ``when`` comes to what is asked for, and somebody asks to move on."""
        stage = self._stage(deal)
        for fully in (False, True):
            yield self._asked(deal, item, stage, wanted, fully)
        action = self.process.actions.get(item.of)
        if action is not None:
            yield self._done(deal, action, "approve" if item.what == "true" else None, wanted)
        for target in self._targets(stage, item):
            yield self._along(deal, target, wanted)

    def _asked(self, deal: Rehearsal, item: Item, stage: Stage, wanted: list[Wanted], fully: bool) -> Iterator[Rehearsal]:
        for target in self._targets(stage, item):
            for led in self._brought(deal, stage, wanted, fully):
                self._ask(led, stage, target)
                yield led

    def _along(self, deal: Rehearsal, target: str | None, wanted: list[Wanted]) -> Iterator[Rehearsal]:
        led = self.plans.along(deal, target, tuple(wanted))
        if led is not None:
            assert isinstance(led, Rehearsal)
            yield led

    def _targets(self, stage: Stage, item: Item) -> list[str | None]:
        """The ways on at which an item is looked at; ``None`` is the end."""
        if item.kind == "when" and item.of not in self.process.actions:
            return [ends_of(item)[1]]
        entry = item.kind in ("criteria", "waivers") and self.process.criteria[item.of].side == "entry"
        return [item.stage] if entry else [*stage.next] or [None]

    def _ask(self, led: Rehearsal, stage: Stage, target: str | None) -> None:
        """Ask to move on; that may be refused."""
        if target is None:
            led.attempt(self.plans.owner(stage), "finish")
            return
        way = stage.next[target]
        reason = _REASON if way.reason_required or way.unfinished_allowed else None
        led.attempt((way.by or (self.plans.owner(stage),))[0], "advance", to=target, reason=reason)

    def _brought(self, deal: Rehearsal, stage: Stage, wanted: list[Wanted], fully: bool = False) -> Iterator[Rehearsal]:
        """The deal with what is wanted recorded, and done where it is asked about; ``fully``: with all that is to be done here.

        What holds already is left, what is filled in is changed only where nothing else will do.
        """
        for found in self._examples(deal, stage, wanted):
            led = deal.copy()
            with suppress(Refused, ProcdefError):
                if fully:
                    self.plans.lead(led, stage, found)
                else:
                    self._record(led, stage, found, wanted)
                yield led

    def _examples(self, deal: Rehearsal, stage: Stage, wanted: list[Wanted]) -> Iterator[Example]:
        assert deal.deal is not None
        atoms = self.plans.inquiry.atoms
        numbers = frozenset[int]().union(*(formula.atoms for formula, _ in wanted))
        seen = deal.seen(frozenset[str]().union(*(atoms.all[each].fields for each in numbers)))
        now = {each: OUTCOMES[atoms.all[each].run(seen, {})] for each in numbers}
        if all(formula.possible(now) & outcomes for formula, outcomes in wanted):
            yield Example({name: seen.values[name] for name in seen.values})
        own, done = frozenset(each.path for each in stage.actions), frozenset(deal.deal.standing)
        asked = [*wanted]
        if any(atoms.all[each].clock for each in numbers):
            asked.append((atoms.of_text(f"today >= {seen.today.isoformat()}"), TRUE))
        filled = {each: truth for each, truth in now.items() if atoms.all[each].fields & seen.values.keys()}
        for fixed in (filled, {}):
            found = self.plans.example(asked, own, done, fixed)
            if found is not None:
                yield found

    def _record(self, led: Rehearsal, stage: Stage, found: Example, wanted: list[Wanted]) -> None:
        atoms = self.plans.inquiry.atoms
        self.plans.wait(led, found.clock)
        values = {name: value for name, value in found.values.items() if self.plans.differs(led, name, value)}
        asked = {name for formula, _ in wanted for each in formula.atoms for name in atoms.all[each].fields}
        unset = {name: None for name in sorted(asked) if name in led.values and name not in found.values}
        if values or unset:
            led.take(self.plans.owner(stage), "record", values={**values, **unset})
        for action in in_order([each for each in stage.actions if each.path in found.done]):
            self._finished(led, stage, action)

    def _finished(self, led: Rehearsal, stage: Stage, action: Action) -> None:
        """Do an action, and before it what it needs of this stage."""
        assert led.deal is not None
        for path in action.needs:
            needed = self.process.actions[path]
            if needed.stage == stage.id and path not in led.deal.standing:
                self._finished(led, stage, needed)
        self.plans.complete(led, stage, action)

    def _action(self, deal: Rehearsal, item: Item, wanted: list[Wanted]) -> _Attempts:
        """An action is done, a decision made, or a row of its table asked for."""
        action = self.process.actions[item.of]
        decision = "reject" if item.what == "rejected" else "approve"
        yield self._done(deal, action, decision, wanted)

    def _done(self, deal: Rehearsal, action: Action, decision: str | None, wanted: list[Wanted]) -> Iterator[Rehearsal]:
        stage = self._stage(deal)
        needed = [(self.gates.applies(action), TRUE), (self.plans.inquiry.atoms.row_known(action), TRUE)] if decision else []
        for led in self._brought(deal, stage, [*wanted, *needed]):
            with suppress(Refused):
                for path in action.needs:
                    before = self.process.actions[path]
                    if before.stage == stage.id:
                        self._finished(led, stage, before)
                self._decided(led, stage, action, decision)
                yield led

    def _decided(self, led: Rehearsal, stage: Stage, action: Action, decision: str | None) -> None:
        if decision == "approve":
            self.plans.complete(led, stage, action)
            return
        given = self.plans.completion(led, action)
        if action.decision and decision is not None:
            given |= {"decision": decision, "note": "What is missing?"}
        for role in action.roles or (self.plans.owner(stage),):
            with suppress(Refused):
                self.plans.by_somebody(led, role, action, given)
                return
        led.attempt((action.roles or (self.plans.owner(stage),))[0], "do", **given)

    def _waived(self, deal: Rehearsal, item: Item, wanted: list[Wanted]) -> _Attempts:
        yield self._let_pass(deal, self.process.criteria[item.of], wanted)

    def _let_pass(self, deal: Rehearsal, criterion: Criterion, wanted: list[Wanted]) -> Iterator[Rehearsal]:
        for led in self._brought(deal, self._stage(deal), wanted):
            led.take(criterion.waivable_by[0], "waive", criterion=criterion.path, reason=_REASON)
            yield led

    def _returned(self, deal: Rehearsal, item: Item, wanted: list[Wanted]) -> _Attempts:
        yield self._sent_back(deal, ends_of(item)[1])

    def _sent_back(self, deal: Rehearsal, target: str) -> Iterator[Rehearsal]:
        stage, led = self._stage(deal), deal.copy()
        led.take((stage.back[target].by or (self.plans.owner(stage),))[0], "back", to=target, reason=_REASON)
        yield led

    def _lost(self, deal: Rehearsal, item: Item, wanted: list[Wanted]) -> _Attempts:
        assert self.process.lost is not None
        yield self._given_up(deal, next(iter(self.process.lost.reasons)) if item.kind == "reopenings" else item.of, item)

    def _given_up(self, deal: Rehearsal, reason: str, item: Item) -> Iterator[Rehearsal]:
        lost, led, stage = self.process.lost, deal.copy(), self._stage(deal)
        assert lost is not None
        empty = {name: examples(self.process.fields[name].type)[0] for name in lost.empty(reason, led.values)}
        if empty:
            led.take(self.plans.owner(stage), "record", values=empty)
        led.take(self.plans.owner(stage), "lose", reason=reason, note=_REASON if lost.note_required else None)
        if item.kind == "reopenings" and lost.reopen is not None:
            led.take((lost.reopen.by or tuple(self.process.roles))[0], "reopen", reason=_REASON)
        yield led

    def _late(self, deal: Rehearsal, item: Item, wanted: list[Wanted]) -> _Attempts:
        yield self._waited(deal, item)

    def _waited(self, deal: Rehearsal, item: Item) -> Iterator[Rehearsal]:
        """Time passes until all is told of a deadline, as far as it can be worked out."""
        stage, action = self._stage(deal), self.process.actions.get(item.of)
        sla = (action.sla if action is not None else stage.sla) or Sla()
        wanted = [(self.gates.applies(action), TRUE)] if action is not None else []
        led = next(self._brought(deal, stage, wanted), None)
        if led is None:
            return
        assert led.deal is not None
        if sla.until is not None:
            kind = self.process.fields[sla.until].type.kind
            later = led.now + _DAYS
            led.take(self.plans.owner(stage), "record", values={sla.until: later if kind is Kind.DATETIME else later.date()})
        moment = led.deal.due if action is None else led.deal.dues.get(action.path)
        if moment is None:
            return
        end = instant(moment)
        if item.what == "escalated" and sla.escalate_after is not None:
            with suppress(CalendarUnknown):
                end = due(self.process.calendar, end, sla.escalate_after)
        led.wait(end + _LATER)
        yield led

    def _lapsed(self, deal: Rehearsal, item: Item, wanted: list[Wanted]) -> _Attempts:
        yield self._outlived(deal, self.process.actions[item.of], wanted)

    def _outlived(self, deal: Rehearsal, action: Action, wanted: list[Wanted]) -> Iterator[Rehearsal]:
        """What was done does not count any more when somebody asks to move on."""
        for led in self._done(deal, action, "approve", wanted):
            assert led.deal is not None
            ends = [end for end in led.deal.until.get(action.path, ()) if end]
            if ends:
                led.wait(instant(max(ends)) + _LATER)
                if action.required:
                    self._ask(led, self._stage(led), next(iter(self._stage(led).next), None))
                else:
                    self.plans.complete(led, self._stage(led), action)
                yield led

    def _stage(self, deal: Rehearsal) -> Stage:
        assert deal.deal is not None
        return self.process.stages[deal.deal.stage]


_TRIES: Mapping[str, Callable[[Tries, Rehearsal, Item, list[Wanted]], _Attempts]] = {
    "criteria": Tries._condition,
    "when": Tries._condition,
    "actions": Tries._action,
    "decisions": Tries._action,
    "rows": Tries._action,
    "waivers": Tries._waived,
    "returns": Tries._returned,
    "losses": Tries._lost,
    "reopenings": Tries._lost,
    "deadlines": Tries._late,
    "lapses": Tries._lapsed,
}
"""By kind of item; stages, starts and ways are tried by routes."""
