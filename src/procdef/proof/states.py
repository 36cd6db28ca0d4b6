"""Every state that a deal can come to, played by the engine's own rules with values that stand for all others.

Only for processes whose fields are compared with constants, one by one, and whose clock decides nothing but what lapses. Lapses
are looked at from both sides. Steps that surely can be taken are those that take no time, and to wait until all has lapsed that
may; they lead to the states in which a deal was ``played``. Beyond them any single action may lapse at any moment: so no state
that a deal can come to is left out, and where no end is reached even so, there is none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

from procdef.errors import ProcdefError
from procdef.expression import Value
from procdef.expression.stored_values import canonical
from procdef.log.event import instant
from procdef.machine import build_machine
from procdef.model import Action, Stage
from procdef.proof.inquiry import Inquiry
from procdef.proof.integers import Undecided
from procdef.proof.plans import EVIDENCE
from procdef.proof.player import Player, Refused
from procdef.proof.representatives import representatives

Standing = tuple[str, int, bool]
"""An action that was done as often as is asked, under which row of its table (0 is none), and whether it counts or lapsed."""
State = tuple[str, tuple[str, ...], tuple[Any, ...], tuple[Standing, ...]]
"""Where a deal is, how it came there, its values and what was done."""
_MOST_VECTORS = 80
_MOST_TRIED = 12_000


@dataclass(slots=True)
class States:
    """The states, with those after each, and the ends. ``reached`` has a deal that came to each, by the fewest steps.

    ``played`` are the states that such a deal came to by steps that can be taken; ``lapsing`` are those after each in which one
    action more has lapsed.
    """

    inquiry: Inquiry
    after: dict[State, set[State]] = field(default_factory=dict)
    lapsing: dict[State, set[State]] = field(default_factory=dict)
    ends: set[State] = field(default_factory=set)
    reached: dict[State, Player] = field(default_factory=dict)
    played: frozenset[State] = frozenset()
    tried: int = 0
    _waiting: deque[State] = field(default_factory=deque)
    _names: list[str] = field(default_factory=list)
    _vectors: list[tuple[Value | None, ...]] = field(default_factory=list)

    def work_out(self) -> None:
        """Try every step in every state. Raises ``Undecided`` where there are too many, or where they would not be all."""
        process, inquiry = self.inquiry.process, self.inquiry
        formulas = [inquiry.formula(each) for each in inquiry.conditions]
        domains, given = representatives(inquiry, formulas)
        size = 1
        for each in domains.values():
            size *= len(each)
        if size > _MOST_VECTORS:
            raise Undecided
        self._names = [*domains, *given]
        self._vectors = [(*chosen, *given.values()) for chosen in product(*domains.values())]
        machine = build_machine(process)
        for start in process.starts:
            for vector in self._vectors:
                values = {name: value for name, value in zip(self._names, vector, strict=True) if value is not None}
                begun = Player.at_noon(process, machine)
                for led in self._taken(begun, self._owner(process.stages[start]), "start", stage=start, values=values):
                    self._note(led)
        self._look_on()
        self.played = frozenset(self.after)
        for state in [*self.after]:
            self._lapse(state)
        self._look_on(lapsing=True)
        inquiry.states += len(self.after)

    def _look_on(self, lapsing: bool = False) -> None:
        process = self.inquiry.process
        while self._waiting:
            state = self._waiting.popleft()
            player = self.reached[state]
            for led in self._steps(player):
                self.after[state].add(self._note(led))
            if lapsing:
                self._lapse(state)
            stage = process.stages[state[0]]
            if not stage.next and (stage.id not in self.inquiry.process.won_side or any(self._finished(player, stage))):
                self.ends.add(state)

    def _lapse(self, state: State) -> None:
        """What may have lapsed next: any action that still counts."""
        player = self.reached[state]
        assert player.deal is not None
        for path in dict.fromkeys(path for path, _, counts in state[3] if counts and path in player.deal.until):
            led = player.copy()
            over = tuple(end and player.deal.started for end in player.deal.until[path])
            led.deal = player.deal._replace(until={**player.deal.until, path: over})
            self.lapsing[state].add(self._note(led))

    def _note(self, player: Player) -> State:
        deal = player.deal
        assert deal is not None
        values = tuple(_hashable(deal.values.get(name)) for name in self._names)
        state = deal.stage, deal.path, values, tuple(self._standing(player))
        if state not in self.reached:
            self.reached[state] = player
            self.after[state], self.lapsing[state] = set(), set()
            self._waiting.append(state)
        return state

    def _standing(self, player: Player) -> Iterator[Standing]:
        deal = player.deal
        assert deal is not None
        for path, people in sorted(deal.standing.items()):
            action = self.inquiry.process.actions[path]
            none = ("",) * len(people)
            given = list(zip(deal.rows.get(path, (0,) * len(people)), deal.until.get(path, none), strict=True))
            for row in sorted({under for under, _ in given}):
                asked = action.table[row - 1].at_least if row else action.at_least
                ends = [end for under, end in given if under == row]
                counting = [end for end in ends if not end or instant(end) > player.now]
                if len(ends) >= asked:
                    yield path, row, len(counting) >= asked

    def _steps(self, player: Player) -> Iterator[Player]:
        deal, process = player.deal, self.inquiry.process
        assert deal is not None
        stage = process.stages[deal.stage]
        for vector in self._vectors:
            values = {
                name: value
                for name, value in zip(self._names, vector, strict=True)
                if self._differs(player, name, value)
            }
            if values:
                yield from self._taken(player, self._owner(stage), "record", values=values)
        for action in stage.actions:
            yield from self._done(player, stage, action)
            if action.decision and action.path in deal.standing:
                yield from self._decided(player, stage, action, 0, decision="reject", note="As agreed")
        for target, way in stage.next.items():
            reason = "As agreed" if way.reason_required or way.unfinished_allowed else None
            role = (way.by or (self._owner(stage),))[0]
            yield from self._taken(self._waived(player, stage, target), role, "advance", to=target, reason=reason)
        for target, back in stage.back.items():
            if target in deal.passed:
                yield from self._taken(
                    player, (back.by or (self._owner(stage),))[0], "back", to=target, reason="As agreed"
                )
        ends = [instant(end) for each in deal.until.values() for end in each if end]
        if any(end > player.now for end in ends):
            led = player.copy()
            led.now = max(ends)
            yield led

    def _done(self, player: Player, stage: Stage, action: Action) -> Iterator[Player]:
        """The deal with an action done so often as is asked; nothing where it is already, whoever decides on it."""
        under = {row for path, row, counts in self._standing(player) if counts and path == action.path}
        if len(under) >= (len(action.table) or 1):
            return
        decision = "approve" if action.decision else None
        led, turn = next(iter(self._decided(player, stage, action, 0, decision=decision)), None), 1
        while led is not None and turn < self._asked(led, action):
            led, turn = next(iter(self._decided(led, stage, action, turn, decision=decision)), None), turn + 1
        if led is not None:
            yield led

    def _asked(self, player: Player, action: Action) -> int:
        """How often it is to be done under the row under which it was done last."""
        assert player.deal is not None
        rows = player.deal.rows.get(action.path)
        return action.table[rows[-1] - 1].at_least if action.table and rows else action.at_least

    def _decided(self, player: Player, stage: Stage, action: Action, turn: int, **given: Any) -> Iterator[Player]:
        """The deal with an action done once, by a role that may."""
        given |= {"action": action.id, "way": next(iter(action.ways), None), "evidence": EVIDENCE.get(action.evidence)}
        for role in action.roles or (self._owner(stage),):
            led = next(self._taken(player, role, "do", turn + (2 if action.four_eyes else 1), **given), None)
            if led is not None:
                yield led
                return

    def _waived(self, player: Player, stage: Stage, target: str | None) -> Player:
        criteria = [*stage.exit_criteria.values()]
        if target is not None:
            criteria += self.inquiry.process.stages[target].entry_criteria.values()
        led = player
        for criterion in criteria:
            if criterion.waivable_by:
                for further in self._taken(
                    led, criterion.waivable_by[0], "waive", criterion=criterion.path, reason="As agreed"
                ):
                    led = further
        return led

    def _finished(self, player: Player, stage: Stage) -> Iterator[Player]:
        yield from self._taken(self._waived(player, stage, None), self._owner(stage), "finish")

    def _taken(self, player: Player, role: str, verb: str, number: int = 1, **given: Any) -> Iterator[Player]:
        self.tried += 1
        if self.tried > _MOST_TRIED:
            raise Undecided
        led = player.copy()
        try:
            led.take(role, verb, number, **given)
        except Refused:
            return
        except ProcdefError:  # no calendar tells until when it would count
            raise Undecided from None
        yield led

    def _differs(self, player: Player, name: str, value: Value | None) -> bool:
        stored = None if value is None else canonical(self.inquiry.process.fields[name].type, value)
        return bool(player.values.get(name) != stored)

    def _owner(self, stage: Stage) -> str:
        return (stage.owner or tuple(self.inquiry.process.roles))[0]

    def surely_ending(self) -> frozenset[State]:
        """The states from which steps lead to an end, whenever what is done may lapse."""
        return _leading_to(self.ends, [self.after])

    def shown(self, state: State) -> Player:
        """The deal that came to a state. Where it waited last, somebody notes something then, as waiting is no step."""
        player = self.reached[state].copy()
        if instant(player.steps[-1].at) < player.now:
            stage = self.inquiry.process.stages[state[0]]
            player.take(self._owner(stage), "note", text="Nothing new")
        return player

    def of(self, stage: str) -> list[State]:
        """Those in which a deal is in a stage, those that a deal was played into first."""
        found = [state for state in self.after if state[0] == stage]
        return sorted(found, key=lambda state: state not in self.played)

    def won(self) -> list[State]:
        """Those in which a deal is at the moment at which it is won."""
        stages = self.inquiry.process.stages
        found: dict[State, None] = {}
        for state in (each for each in self.after if not stages[each[0]].wins):
            deal = self.reached[state].deal
            if deal is not None and not deal.won:
                found |= dict.fromkeys(each for each in self.after[state] if stages[each[0]].wins)
        return list(found)

    def is_closed(self, state: State) -> bool:
        """Whether no way on is open to a deal in that state, waivers granted."""
        ways = self.inquiry.process.stages[state[0]].next
        return not any(other[0] != state[0] and other[0] in ways for other in self.after[state])

    def stuck(self) -> list[State]:
        """The states that a deal was played into and from which no steps lead to an end, those first that few steps lead to."""
        ending = _leading_to(self.ends, [self.after, self.lapsing])
        return [state for state in self.after if state in self.played and state not in ending]


@dataclass
class Played:
    """The states of one process, played when they are asked for the first time. ``states``: nothing where they are too many."""

    inquiry: Inquiry

    @cached_property
    def states(self) -> States | None:
        """All of them."""
        found = States(self.inquiry)
        try:
            found.work_out()
        except Undecided:
            return None
        return found


def _leading_to(ends: Iterable[State], steps: list[Mapping[State, set[State]]]) -> frozenset[State]:
    before: dict[State, list[State]] = {}
    for each in steps:
        for state, found in each.items():
            for one in found:
                before.setdefault(one, []).append(state)
    ending, waiting = set(ends), list(ends)
    while waiting:
        for state in before.get(waiting.pop(), ()):
            if state not in ending:
                ending.add(state)
                waiting.append(state)
    return frozenset(ending)


def _hashable(value: Any) -> Any:
    return repr(value) if isinstance(value, list) else value
