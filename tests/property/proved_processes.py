"""Random tiny processes, and all that their deals can do: every step tried in every state, by the engine's own rules."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import product
from typing import Any

from procdef.deal import Deal
from procdef.language import load
from procdef.machine import build_machine
from procdef.model import ProcessDefinition
from procdef.proof.player import Player, Refused

FIELDS: dict[str, Any] = {"x": {"type": "integer", "min": 0, "max": 2}, "b": {"type": "boolean"}}
VALUES: dict[str, list[Any]] = {"x": [None, 0, 1, 2], "b": [None, True, False]}
ROLE = "seller"


def leaf(r: random.Random, actions: list[str]) -> str:
    kinds = [
        f"x {r.choice(['<', '>', '==', '>=', '!='])} {r.randint(0, 2)}", f"x {r.choice(['<', '>'])} 1",
        r.choice(["b", "not b", "b == false"]), f"{r.choice('xb')} is {r.choice(['', 'not '])}set",
    ]  # fmt: skip
    if actions:
        kinds.append(f"{r.choice(actions)} is {r.choice(['', '', 'not '])}done")
    return r.choice(kinds)


def condition(r: random.Random, actions: list[str]) -> str:
    if r.random() < 0.6:
        return leaf(r, actions)
    return f" {r.choice(['and', 'or'])} ".join(f"({leaf(r, actions)})" for _ in range(2))


def drawn(r: random.Random) -> ProcessDefinition:
    """A process of two to four stages; it is drawn again until it has no error."""
    while True:
        try:
            return load(json.dumps(_document(r), indent=1) + "\n")
        except ValueError:
            continue


def _document(r: random.Random) -> dict[str, Any]:
    names = [f"s{n}" for n in range(r.randint(1, 3))]
    line = [*names, "won"]
    ids = {stage: [f"a{n}" for n in range(r.choice([0, 1, 1, 2]))] for stage in line}
    paths = [f"{stage}.{action}" for stage in line for action in ids[stage]]
    stages: dict[str, Any] = {}
    for place, stage in enumerate(line):
        made: dict[str, Any] = {
            "title": stage,
            **({"start": True} if place == 0 or (r.random() < 0.1 and stage != "won") else {}),
        }
        for action in ids[stage]:
            others = [path for path in paths if path != f"{stage}.{action}"]
            told: dict[str, Any] = {"title": "Do it"}
            if r.random() < 0.4:
                told["when"] = condition(r, others)
            if r.random() < 0.3:
                told["records"] = [r.choice("xb")]
            if r.random() < 0.3:
                told["voided_by"] = [r.choice("xb")]
            if r.random() < 0.25 and paths.index(f"{stage}.{action}"):
                told["needs"] = [r.choice(paths[: paths.index(f"{stage}.{action}")])]
            made.setdefault(r.choice(["required_actions", "required_actions", "optional_actions"]), {})[action] = told
        for side, name, likely in (("entry_criteria", "e", 0.25), ("exit_criteria", "o", 0.35)):
            if r.random() < likely:
                criterion: dict[str, Any] = (
                    {"require": [r.choice("xb")]} if r.random() < 0.3 else {"check": condition(r, paths)}
                )
                made[side] = {name: {**criterion, **({"waivable_by": ROLE} if r.random() < 0.2 else {})}}
        if stage == "won":
            made["outcome"] = "won"
        else:
            targets = [line[place + 1], *(other for other in line[place + 2 :] if r.random() < 0.3)]
            made["next"] = {target: _way(r, paths) for target in targets}
            earlier = [other for other in names[:place] if r.random() < 0.25]
            if earlier:
                made["back"] = earlier
        stages[stage] = made
    return {
        "procdef": 1, "id": "tiny", "version": 1, "title": "Tiny", "languages": ["en"],
        "roles": {ROLE: {"title": "Seller"}}, "fields": FIELDS, "stages": stages,
    }  # fmt: skip


def _way(r: random.Random, paths: list[str]) -> dict[str, Any]:
    way: dict[str, Any] = {"when": condition(r, paths)} if r.random() < 0.3 else {}
    if r.random() < 0.1:
        way["unfinished"] = "allowed"
    return way


State = tuple[str, tuple[str, ...], tuple[Any, ...], tuple[str, ...]]
"""Where a deal is, how it came there, its values and what stands."""


class AllDeals:
    """Every state that a deal can come to, with the states after it; those that were finished are in ``finished``."""

    def __init__(self, process: ProcessDefinition) -> None:
        self.process, self.machine = process, build_machine(process)
        self.after: dict[State, set[State]] = {}
        self.finished: set[State] = set()
        self.ways: set[tuple[str, str]] = set()
        self.actions: set[str] = set()
        self.players: dict[State, Player] = {}
        self.vectors = list(product(*VALUES.values()))
        waiting = list(self._starts())
        while waiting:
            state = waiting.pop()
            self.after[state] = set()
            for player in self._steps(self.players[state]):
                found = self._known(player)
                self.after[state].add(found)
                if found not in self.after and found not in waiting:
                    waiting.append(found)

    def _known(self, player: Player) -> State:
        deal = player.deal
        assert deal is not None
        state = state_of(deal)
        self.players.setdefault(state, player)
        return state

    def _starts(self) -> Iterator[State]:
        for stage in self.process.starts:
            for vector in self.vectors:
                player = Player.at_noon(self.process, self.machine)
                values = {name: value for name, value in zip(VALUES, vector, strict=True) if value is not None}
                try:
                    player.take(ROLE, "start", stage=stage, values=values)
                except Refused:
                    continue
                yield self._known(player)

    def _steps(self, player: Player) -> Iterator[Player]:
        assert player.deal is not None
        stage = self.process.stages[player.deal.stage]
        for vector in self.vectors:
            changed = {
                name: value for name, value in zip(VALUES, vector, strict=True) if player.values.get(name) != value
            }
            if changed:
                yield from self._taken(
                    player, "record", values={name: "" if v is None else v for name, v in changed.items()}
                )
        for action in (*stage.required_actions, *stage.optional_actions):
            if f"{stage.id}.{action}" not in player.deal.standing:
                for led in self._taken(player, "do", action=action):
                    self.actions.add(f"{stage.id}.{action}")
                    yield led
        for target, way in stage.next.items():
            waived = self._waived(player, stage.id, target)
            for led in self._taken(waived, "advance", to=target, reason="r" if way.unfinished_allowed else None):
                self.ways.add((stage.id, target))
                yield led
        for target in stage.back:
            yield from self._taken(player, "back", to=target, reason="r")
        if not stage.next:
            for _ in self._taken(self._waived(player, stage.id, None), "finish"):
                self.finished.add(state_of(player.deal))

    def _waived(self, player: Player, stage: str, target: str | None) -> Player:
        criteria = [*self.process.stages[stage].exit_criteria.values()]
        criteria += self.process.stages[target].entry_criteria.values() if target else ()
        led = player.copy()
        for criterion in criteria:
            for further in (
                self._taken(led, "waive", criterion=criterion.path, reason="r") if criterion.waivable_by else ()
            ):
                led = further
        return led

    def _taken(self, player: Player, verb: str, **given: Any) -> Iterator[Player]:
        led = Player(self.process, self.machine, player.now, player.deal, [])
        try:
            led.take(ROLE, verb, **given)
        except Refused:
            return
        yield led

    def stuck(self) -> set[State]:
        """The states from which no steps lead to an end."""
        before: dict[State, set[State]] = {}
        for state, found in self.after.items():
            for each in found:
                before.setdefault(each, set()).add(state)
        ending, waiting = set(self.finished), list(self.finished)
        while waiting:
            for state in before.get(waiting.pop(), set()) - ending:
                ending.add(state)
                waiting.append(state)
        return self.after.keys() - ending


def state_of(deal: Deal) -> State:
    return deal.stage, deal.path, tuple(deal.values.get(name) for name in VALUES), tuple(sorted(deal.standing))
