"""Random small processes: approval tables, what lapses, four eyes, returns, waivers, lists, dates beside today."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

from procdef.errors import DefinitionInvalid
from procdef.language import load
from procdef.model import ProcessDefinition
from procdef.proof.domains import TODAY

DAYS = [(TODAY + timedelta(days=n)).isoformat() for n in range(2)]
_ROWS = [[{"n": 0}], [{"n": 1}], [{"n": 0}, {"n": 0}], [{"n": 0}, {"n": 1}], [{"n": 1}, {"n": 1}]]
FIELDS: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "x": ({"type": "integer", "min": 0, "max": 2}, [0, 1, 2]),
    "y": ({"type": "integer", "min": 0, "max": 1}, [0, 1]),
    "b": ({"type": "boolean"}, [True, False]),
    "c": ({"type": "choice", "options": ["p", "q"]}, ["p", "q"]),
    "m": ({"type": "money", "min": 1, "max": 3}, [1, 2, 3]),
    "d": ({"type": "date", "min": DAYS[0], "max": DAYS[1]}, DAYS),
    "l": ({"type": "list", "items": {"n": {"type": "integer", "min": 0, "max": 1, "required": True}}}, _ROWS),
}
"""Of each field how it is declared, and values among which there is one of every kind that conditions tell apart."""
ROLES = ("seller", "manager")
_MOST_VECTORS = 24


def leaf(r: random.Random, fields: list[str], actions: list[str]) -> str:
    """A condition that is not made of others."""
    name = r.choice(fields)
    number = f"{name} {r.choice(['<', '>', '==', '>=', '!='])} {r.randint(0, 3)}"
    kinds = {
        "x": [number, number, f"x in [0, {r.randint(1, 2)}]", *(["x > y", "x + y < 2"] if "y" in fields else [])],
        "y": [number],
        "b": ["b", "not b", "b == false"],
        "c": [f"c {r.choice(['==', '!='])} {r.choice('pq')}"],
        "m": [number, f"m between 1 and {r.randint(1, 3)}", "m * 50 % > 1"],
        "d": [
            f"d {r.choice(['<', '<=', '>', '=='])} today",
            "d + 1 day < today",
            f"d > {DAYS[0]}",
            f"today > {DAYS[0]}",
        ],
        "l": ["any(l where n > 0)", "all(l where n == 1)", "count(l) > 1", "sum(l.n) < 1"],
    }
    found = [*kinds[name], f"{name} is {r.choice(['', 'not '])}set"]
    if actions and r.random() < 0.3:
        return f"{r.choice(actions)} is {r.choice(['', '', 'not '])}done"
    return r.choice(found)


def condition(r: random.Random, fields: list[str], actions: list[str]) -> str:
    """One leaf, or two that are joined."""
    if r.random() < 0.6:
        return leaf(r, fields, actions)
    return f" {r.choice(['and', 'or'])} ".join(f"({leaf(r, fields, actions)})" for _ in range(2))


def drawn(r: random.Random) -> ProcessDefinition:
    """A process of two to four stages; it is drawn again until it has no error."""
    while True:
        try:
            return load(json.dumps(_Draw(r).document(), indent=1) + "\n")
        except DefinitionInvalid:
            continue


class _Draw:
    def __init__(self, r: random.Random) -> None:
        self.r = r
        self.fields: list[str] = []
        size = 1
        for name in r.sample([*FIELDS], r.choice([1, 2, 2, 3])):
            size *= len(FIELDS[name][1]) + 1
            if not self.fields or size <= _MOST_VECTORS:
                self.fields.append(name)
        self.names = [f"s{n}" for n in range(r.randint(1, 3))]
        self.line = [*self.names, "won"]
        self.ids = {stage: [f"a{n}" for n in range(r.choice([0, 1, 1, 2]))] for stage in self.line}
        self.paths = [f"{stage}.{action}" for stage in self.line for action in self.ids[stage]]

    def document(self) -> dict[str, Any]:
        """The file as data."""
        stages = {stage: self._stage(place, stage) for place, stage in enumerate(self.line)}
        return {
            "procdef": 1, "id": "tiny", "version": 1, "title": "Tiny", "languages": ["en"], "currency": "JPY",
            "roles": {role: {"title": role} for role in ROLES},
            "fields": {name: FIELDS[name][0] for name in self.fields}, "stages": stages,
        }  # fmt: skip

    def _when(self, actions: list[str] | None = None) -> str:
        return condition(self.r, self.fields, self.paths if actions is None else actions)

    def _stage(self, place: int, stage: str) -> dict[str, Any]:
        r = self.r
        starts = place == 0 or (r.random() < 0.15 and stage != "won")
        made: dict[str, Any] = {"title": stage, **({"start": True} if starts else {})}
        for action in self.ids[stage]:
            side = r.choice(["required_actions", "required_actions", "optional_actions"])
            made.setdefault(side, {})[action] = self._action(f"{stage}.{action}")
        for side, name, likely in (("entry_criteria", "e", 0.25), ("exit_criteria", "o", 0.35)):
            if r.random() < likely:
                asked = {"require": [r.choice(self.fields)]} if r.random() < 0.3 else {"check": self._when()}
                made[side] = {name: {**asked, **({"waivable_by": r.choice(ROLES)} if r.random() < 0.25 else {})}}
        if stage == "won":
            made["outcome"] = "won"
            return made
        targets = [self.line[place + 1], *(other for other in self.line[place + 2 :] if r.random() < 0.3)]
        made["next"] = {target: self._way(target, targets) for target in targets}
        earlier = [other for other in self.names[:place] if r.random() < 0.25]
        return {**made, **({"back": earlier} if earlier else {})}

    def _way(self, target: str, targets: list[str]) -> dict[str, Any]:
        r = self.r
        way: dict[str, Any] = {"when": self._when()} if r.random() < 0.3 else {}
        if r.random() < 0.2 and len(targets) > 1 and target == targets[-1]:
            way = {"when": "else"}
        if r.random() < 0.1:
            way["unfinished"] = "allowed"
        return way

    def _action(self, path: str) -> dict[str, Any]:
        r = self.r
        others = [other for other in self.paths if other != path]
        told: dict[str, Any] = {"title": "Do it"}
        if r.random() < 0.35:
            told["when"] = self._when(others)
        if r.random() < 0.3:
            told["records"] = [r.choice(self.fields)]
        if r.random() < 0.3:
            told["voided_by"] = r.sample(self.fields, r.randint(1, len(self.fields)))
        if r.random() < 0.25 and self.paths.index(path):
            told["needs"] = [r.choice(self.paths[: self.paths.index(path)])]
        if r.random() < 0.2:
            told["valid_for"] = r.choice(["1 day", "2 days"])
        if r.random() < 0.4:
            told |= self._decision(others)
        return told

    def _decision(self, others: list[str]) -> dict[str, Any]:
        r = self.r
        told: dict[str, Any] = {"decision": True}
        if r.random() < 0.5:
            told["four_eyes"] = True
        at_least = {"at_least": 2} if "four_eyes" in told and r.random() < 0.4 else {}
        if r.random() < 0.5:
            return {**told, "by": r.choice(ROLES), **at_least}
        rows = [{"when": self._when(others if r.random() < 0.3 else []), "roles": r.choice(ROLES)}
                for _ in range(r.choice([1, 1, 2]))]  # fmt: skip
        rows.append({"roles": r.choice(ROLES)})
        for row in rows:
            if "four_eyes" in told and r.random() < 0.3:
                row["at_least"] = 2
        return {**told, "by": rows}
