"""Every state that a deal can come to, played by the engine's own rules with values that stand for all others.

Only for processes whose fields are compared with constants, one by one, and whose clock decides nothing. Then nothing that a
deal can do is left out: a state from which no step here leads to an end is one from which none does at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from procdef.expression import Value
from procdef.expression.stored_values import canonical
from procdef.machine import build_machine
from procdef.model import Action, Stage
from procdef.proof.integers import Undecided
from procdef.proof.plans import EVIDENCE
from procdef.proof.player import Player, Refused
from procdef.proof.reach import Reach, may_finish
from procdef.proof.representatives import representatives

State = tuple[str, tuple[str, ...], tuple[Any, ...], tuple[str, ...]]
"""Where a deal is, how it came there, its values and what counts as done so often as it is to be done."""
_MOST_VECTORS = 80
_MOST_TRIED = 12_000


@dataclass(slots=True)
class States:
    """The states, with those after each, and the ends. ``reached`` has a deal that came to each, by the fewest steps."""

    reach: Reach
    after: dict[State, set[State]] = field(default_factory=dict)
    ends: set[State] = field(default_factory=set)
    reached: dict[State, Player] = field(default_factory=dict)
    tried: int = 0

    def work_out(self) -> None:
        """Try every step in every state. Raises ``Undecided`` where there are too many, or where they would not be all."""
        process, inquiry = self.reach.inquiry.process, self.reach.inquiry
        formulas = [inquiry.formula(each) for each in inquiry.conditions]
        domains, given = representatives(inquiry, formulas)
        size = 1
        for each in domains.values():
            size *= len(each)
        if size > _MOST_VECTORS:
            raise Undecided
        names = [*domains, *given]
        vectors = [(*chosen, *given.values()) for chosen in product(*domains.values())]
        machine = build_machine(process)
        waiting: deque[State] = deque()
        for start in process.starts:
            for vector in vectors:
                values = {name: value for name, value in zip(names, vector, strict=True) if value is not None}
                begun = Player.at_noon(process, machine)
                for led in self._taken(begun, self._owner(process.stages[start]), "start", stage=start, values=values):
                    self._note(led, names, waiting)
        while waiting:
            state = waiting.popleft()
            player = self.reached[state]
            for led in self._steps(player, names, vectors):
                self.after[state].add(self._note(led, names, waiting))
            stage = process.stages[state[0]]
            if not stage.next and (not may_finish(inquiry, stage.id) or any(self._finished(player, stage))):
                self.ends.add(state)
        inquiry.states += len(self.after)

    def _note(self, player: Player, names: list[str], waiting: deque[State]) -> State:
        deal = player.deal
        assert deal is not None
        standing = tuple(sorted(path for path, people in deal.standing.items() if people))
        state = deal.stage, deal.path, tuple(_hashable(deal.values.get(name)) for name in names), standing
        if state not in self.reached:
            self.reached[state] = player
            self.after[state] = set()
            waiting.append(state)
        return state

    def _steps(self, player: Player, names: list[str], vectors: list[tuple[Value | None, ...]]) -> Iterator[Player]:
        deal, process = player.deal, self.reach.inquiry.process
        assert deal is not None
        stage = process.stages[deal.stage]
        for vector in vectors:
            values = {
                name: value for name, value in zip(names, vector, strict=True) if self._differs(player, name, value)
            }
            if values:
                yield from self._taken(player, self._owner(stage), "record", values=values)
        for action in (*stage.required_actions.values(), *stage.optional_actions.values()):
            if action.path not in deal.standing:
                yield from self._done(player, stage, action)
        for target, way in stage.next.items():
            reason = "As agreed" if way.reason_required or way.unfinished_allowed else None
            role = (way.by or (self._owner(stage),))[0]
            yield from self._taken(self._waived(player, stage, target), role, "advance", to=target, reason=reason)
        for target, back in stage.back.items():
            if target in deal.passed:
                yield from self._taken(
                    player, (back.by or (self._owner(stage),))[0], "back", to=target, reason="As agreed"
                )

    def _done(self, player: Player, stage: Stage, action: Action) -> Iterator[Player]:
        given: dict[str, Any] = {"action": action.id, "way": next(iter(action.ways), None)}
        given["evidence"] = EVIDENCE.get(action.evidence)
        given["decision"] = "approve" if action.decision else None
        if action.table:
            raise Undecided
        led = player
        for turn in range(action.at_least):
            number = turn + (2 if action.four_eyes else 1)
            further = next(iter(self._taken(led, (action.by or (self._owner(stage),))[0], "do", number, **given)), None)
            if further is None:
                return
            led = further
        yield led

    def _waived(self, player: Player, stage: Stage, target: str | None) -> Player:
        criteria = [*stage.exit_criteria.values()]
        if target is not None:
            criteria += self.reach.inquiry.process.stages[target].entry_criteria.values()
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
        yield led

    def _differs(self, player: Player, name: str, value: Value | None) -> bool:
        stored = None if value is None else canonical(self.reach.inquiry.process.fields[name].type, value)
        return bool(player.values.get(name) != stored)

    def _owner(self, stage: Stage) -> str:
        return (stage.owner or tuple(self.reach.inquiry.process.roles))[0]

    def stuck(self) -> list[State]:
        """The states from which no steps lead to an end, those first that few steps lead to."""
        before: dict[State, list[State]] = {}
        for state, found in self.after.items():
            for each in found:
                before.setdefault(each, []).append(state)
        ending, waiting = set(self.ends), list(self.ends)
        while waiting:
            for state in before.get(waiting.pop(), ()):
                if state not in ending:
                    ending.add(state)
                    waiting.append(state)
        return [state for state in self.after if state not in ending]


def _hashable(value: Any) -> Any:
    return repr(value) if isinstance(value, list) else value
