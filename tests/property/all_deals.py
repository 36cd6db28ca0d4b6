"""All that the deals of a small process can do: every step tried in every state, by the engine's own rules."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from proved_processes import FIELDS

from procdef.commands import Actor
from procdef.deal import Deal
from procdef.decide.context import Context
from procdef.expression import Expression
from procdef.log.event import instant, timestamp
from procdef.machine import build_machine
from procdef.model import Action, ProcessDefinition, Stage
from procdef.proof.player import Player, Refused

_DAY = timedelta(days=1)
_FIRST, _LAST = -2, 3
"""Days off from the one on which examples are set, beyond which no date that is compared with today changes anything."""
_FOREVER = 99
State = tuple[str, tuple[str, ...], tuple[Any, ...], tuple[Any, ...], int]
"""Where a deal is, how it came there, its values, what stands with the days that it still counts, and the day."""


class TooMany(Exception):
    """A process has more states than are looked at."""


class AllDeals:
    """Every state that a deal can come to, with the states after it; those that were finished are in ``finished``.

    ``without_waivers`` are the steps that take none; ``kept_out`` is what alone kept a deal from a way. ``wins`` are the deals
    that were won, as they were before and after. Raises ``TooMany``.
    """

    def __init__(self, process: ProcessDefinition, most: int = 1_500) -> None:
        self.most = most
        self.process, self.machine = process, build_machine(process)
        self.after: dict[State, set[State]] = {}
        self.without_waivers: dict[State, set[State]] = {}
        self.finished: set[State] = set()
        self.finished_without_waivers: set[State] = set()
        self.starts: set[State] = set()
        self.ways: set[tuple[str, str]] = set()
        self.actions: set[str] = set()
        self.kept_out: set[str] = set()
        self.wins: list[tuple[Player, Player]] = []
        self.players: dict[State, Player] = {}
        self.vectors = list(product(*([None, *FIELDS[name][1]] for name in process.fields)))
        conditions = [each.text for each in _conditions(process)]
        self.timed = any("today" in text for text in conditions)
        self.waits = self.timed or any(action.valid_for for action in process.actions.values())
        self.zero = Player.at_noon(process, self.machine).now
        self._waiting: deque[State] = deque()
        for player in self._starts():
            self.starts.add(self._known(player))
        while self._waiting:
            state = self._waiting.popleft()
            for player, waived in self._steps(self.players[state]):
                found = self._known(player)
                self.after[state].add(found)
                if not waived:
                    self.without_waivers[state].add(found)

    def state_of(self, deal: Deal, now: datetime) -> State:
        """The state of a deal at a time."""
        day = max(_FIRST, min(_LAST, (now - self.zero) // _DAY)) if self.timed else 0
        values = tuple(repr(deal.values.get(name)) for name in self.process.fields)
        standing = []
        for path, people in sorted(deal.standing.items()):
            none = ("",) * len(people)
            ends, rows = deal.until.get(path, none), deal.rows.get(path, (0,) * len(people))
            left = [(row, max(0, (instant(end) - now) // _DAY) if end else _FOREVER)
                    for row, end in zip(rows, ends, strict=True)]  # fmt: skip
            for row in sorted(set(rows)):
                action = self.process.actions[path]
                most = max(action.at_least, *(each.at_least for each in action.table), 1)
                standing.append(
                    (path, row, tuple(sorted((days for under, days in left if under == row), reverse=True)[:most]))
                )
        return deal.stage, deal.path, values, tuple(standing), day

    def _known(self, player: Player) -> State:
        assert player.deal is not None
        state = self.state_of(player.deal, player.now)
        if state not in self.players:
            self.players[state] = player
            self.after[state], self.without_waivers[state] = set(), set()
            self._waiting.append(state)
            if len(self.players) > self.most:
                raise TooMany
        return state

    def _starts(self) -> Iterator[Player]:
        for stage, day in product(self.process.starts, range(_FIRST, _LAST + 1) if self.timed else (0,)):
            for vector in self.vectors:
                player = Player(self.process, self.machine, self.zero + day * _DAY)
                values = {
                    name: value for name, value in zip(self.process.fields, vector, strict=True) if value is not None
                }
                for led in self._taken(player, "seller", "start", stage=stage, values=values):
                    assert led.deal is not None
                    yield led

    def _steps(self, player: Player) -> Iterator[tuple[Player, bool]]:
        assert player.deal is not None
        stage = self.process.stages[player.deal.stage]
        for vector in self.vectors:
            changed = {name: value for name, value in zip(self.process.fields, vector, strict=True)
                       if player.values.get(name) != value}  # fmt: skip
            if changed:
                for led in self._taken(player, "seller", "record", values=changed):
                    yield led, False
        for action in (*stage.required_actions.values(), *stage.optional_actions.values()):
            for led in self._done(player, action):
                yield led, False
        for target in stage.next:
            yield from self._advanced(player, stage, target)
        for target in stage.back:
            for led in self._taken(player, "seller", "back", to=target, reason="r"):
                yield led, False
        if not stage.next:
            here = self.state_of(player.deal, player.now)
            for _ in self._taken(player, "seller", "finish"):
                self.finished_without_waivers.add(here)
            for _ in self._taken(self._waived(player, stage, None), "seller", "finish"):
                self.finished.add(here)
        if self.waits:
            yield Player(self.process, self.machine, player.now + _DAY, player.deal, player.steps), False

    def _done(self, player: Player, action: Action) -> Iterator[Player]:
        for role in action.roles or ("seller",):
            for decision in ("approve", "reject") if action.decision else (None,):
                note = "n" if decision == "reject" else None
                for led in self._taken(player, role, "do", action=action.id, decision=decision, note=note):
                    if decision != "reject":
                        self.actions.add(action.path)
                    yield led

    def _advanced(self, player: Player, stage: Stage, target: str) -> Iterator[tuple[Player, bool]]:
        reason = "r" if stage.next[target].unfinished_allowed else None
        for waived in (False, True):
            before = self._waived(player, stage, target) if waived else player
            for led in self._taken(before, "seller", "advance", to=target, reason=reason):
                assert led.deal is not None
                assert player.deal is not None
                self.ways.add((stage.id, target))
                if led.deal.won and not player.deal.won:
                    self.wins.append((player, led))
                yield led, waived

    def _waived(self, player: Player, stage: Stage, target: str | None) -> Player:
        criteria = [*stage.exit_criteria.values()]
        criteria += self.process.stages[target].entry_criteria.values() if target else ()
        led = player
        for criterion in criteria:
            for role in criterion.waivable_by[:1]:
                for further in self._taken(led, role, "waive", criterion=criterion.path, reason="r"):
                    led = further
        return led

    def _taken(self, player: Player, role: str, verb: str, **given: Any) -> Iterator[Player]:
        """The deal after a step of somebody who took none before: that suits four eyes."""
        led = Player(self.process, self.machine, player.now, player.deal, [*player.steps])
        try:
            led.take(role, verb, player.deal.n + 2 if player.deal else 1, **given)
        except Refused as refused:
            about = {each.about for each in refused.refusal.obstacles}
            if verb == "advance" and len(about) == 1:
                self.kept_out.add(about.pop()[0])
            return
        yield led

    def stuck(self, waiving: bool = True) -> set[State]:
        """The states from which no steps lead to an end."""
        before: dict[State, set[State]] = {}
        for state, found in (self.after if waiving else self.without_waivers).items():
            for each in found:
                before.setdefault(each, set()).add(state)
        ending = set(self.finished if waiving else self.finished_without_waivers)
        waiting = list(ending)
        while waiting:
            for state in before.get(waiting.pop(), set()) - ending:
                ending.add(state)
                waiting.append(state)
        return self.after.keys() - ending

    def outcomes(self, expression: Expression, stages: set[str]) -> set[bool | None]:
        """What a condition comes to for the deals that are in these stages."""
        return {
            seen(player).truth(expression)
            for state, player in self.players.items()
            if state[0] in stages
        }  # fmt: skip


def seen(player: Player) -> Context:
    """A deal as the engine sees it."""
    return Context(
        player.definition, player.deal, Actor("anyone", frozenset(player.definition.roles)), timestamp(player.now)
    )


def _conditions(process: ProcessDefinition) -> Iterator[Expression]:
    found = [criterion.check for criterion in process.criteria.values()]
    found += [way.when for stage in process.stages.values() for way in stage.next.values()]
    found += [
        when for action in process.actions.values() for when in (action.when, *(row.when for row in action.table))
    ]
    yield from (each for each in found if each is not None)
