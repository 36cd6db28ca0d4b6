"""Random small processes in the language's own shape: stages, cycles, returns, criteria and actions of every kind."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from oracle.conditions import SCORES, Choose, Condition, chance, condition
from oracle.values import FIELDS
from procdef.language import check

ROLES = ("seller", "manager", "delivery")
RECORDABLE = ("size", "amount", "rate", "ready", "kind", "mail", "tags", "name", "rows")


@dataclass
class Process:
    """``document`` is the file as plain dictionaries, ``conditions`` what each condition's text in it means."""

    document: dict[str, Any]
    conditions: dict[str, Condition] = field(default_factory=dict)

    @property
    def stages(self) -> dict[str, Any]:
        stages: dict[str, Any] = self.document["stages"]
        return stages

    @property
    def text(self) -> str:
        """The file. JSON is YAML."""
        return json.dumps(self.document, indent=1) + "\n"

    @cached_property
    def actions(self) -> dict[str, dict[str, Any]]:
        """Every action by its full path."""
        return {
            f"{stage}.{name}": action
            for stage, told in self.stages.items()
            for kind in ("required_actions", "optional_actions")
            for name, action in told.get(kind, {}).items()
        }

    @cached_property
    def criteria(self) -> dict[str, dict[str, Any]]:
        """Every criterion by its full path."""
        return {
            f"{stage}.{name}": {"check": criterion} if isinstance(criterion, str) else criterion
            for stage, told in self.stages.items()
            for side in ("entry_criteria", "exit_criteria")
            for name, criterion in told.get(side, {}).items()
        }

    def next(self, stage: str) -> dict[str, dict[str, Any]]:
        """The ways forward from a stage."""
        ways = self.stages[stage].get("next", [])
        if isinstance(ways, dict):
            return ways
        return {target: {} for target in ([ways] if isinstance(ways, str) else ways)}

    def reads(self, criterion: dict[str, Any]) -> frozenset[str]:
        """The fields and actions that a criterion reads, and those that tell who decides on an action that it asks for."""
        if "require" in criterion:
            return frozenset(criterion["require"])
        found, left = frozenset[str](), [criterion["check"]]
        while left:
            condition = self.conditions[left.pop()]
            asked = (self.actions[name].get("by") for name in condition.actions - found)
            rows = [row for by in asked if isinstance(by, list) for row in by if isinstance(row, dict)]
            left += [row["when"] for row in rows if "when" in row]
            found |= condition.fields | condition.actions
        return found


def some(choose: Choose, of: Iterable[str], of_ten: int) -> list[str]:
    return [each for each in of if chance(choose, of_ten)]


def roles(choose: Choose) -> str | list[str]:
    return choose(["seller", "seller", "manager", "delivery", ["seller", "manager"], ["manager", "delivery"]])


def reachable(ways: dict[str, list[str]], start: str) -> set[str]:
    found: set[str] = set()
    todo = list(ways[start])
    while todo:
        stage = todo.pop()
        if stage not in found:
            found.add(stage)
            todo += ways[stage]
    return found


def draw_ways(choose: Choose) -> dict[str, list[str]]:
    """Which stages lead where: some before the win, the win, none to two after it, perhaps a dead end on the side."""
    before = [f"s{n}" for n in range(choose([2, 3, 1, 4]))]
    after = [f"t{n}" for n in range(choose([1, 0, 2]))]
    line = [*before, "win", *after]
    ways = {stage: line[place + 1 : place + 2] for place, stage in enumerate(line)}
    for stage in before:
        ways[stage] += [other for other in some(choose, before, 2) if other != stage and other not in ways[stage]]
    if len(before) > 1 and chance(choose, 3):
        ways[before[0]].append("win")
    if chance(choose, 2):
        ways["side"] = []
        ways[choose(before)].append("side")
    if len(after) == 2 and chance(choose, 3):
        ways["t1"].append("t0")
    return ways


def draw_next(choose: Choose, process: Process, targets: list[str], actions: list[str]) -> Any:
    if len(targets) == 1 and chance(choose, 4):
        return targets[0]
    if chance(choose, 2):
        return targets
    ways = {target: draw_transition(choose, process, actions) for target in targets}
    always = [target for target, way in ways.items() if "when" not in way]
    if always and len(always) < len(ways) and chance(choose, 4):
        ways[choose(always)]["when"] = "else"
    return ways


def draw_transition(choose: Choose, process: Process, actions: list[str]) -> dict[str, Any]:
    way: dict[str, Any] = {}
    if chance(choose, 5):
        way["when"] = told(process, condition(choose, actions))
    if chance(choose, 3):
        way["by"] = roles(choose)
    if chance(choose, 2):
        way["reason"] = choose(["required", "optional"])
    if chance(choose, 2):
        way["unfinished"] = choose(["allowed", "allowed", "refused"])
    return way


def told(process: Process, drawn: Condition) -> str:
    process.conditions[drawn.text] = drawn
    return drawn.text


def draw_criterion(choose: Choose, process: Process, actions: list[str]) -> Any:
    if chance(choose, 2):
        return told(process, condition(choose, actions))
    criterion: dict[str, Any] = (
        {"require": some(choose, RECORDABLE, 2) or ["mail"]}
        if chance(choose, 4)
        else {"check": told(process, condition(choose, actions))}
    )
    if chance(choose, 8):
        criterion["waivable_by"] = roles(choose)
    return criterion


def draw_action(choose: Choose, process: Process, actions: list[str], place: int) -> dict[str, Any]:
    """An action that may need those before its place, and ask in its ``when`` about any other."""
    action: dict[str, Any] = {"title": "Do it"}
    if chance(choose, 3):
        action["by"] = roles(choose)
    if chance(choose, 4):
        action["when"] = told(process, condition(choose, actions[:place] + actions[place + 1 :]))
    if chance(choose, 5):
        action["records"] = some(choose, RECORDABLE, 2) or ["size"]
    if chance(choose, 5):
        action["voided_by"] = some(choose, RECORDABLE, 3) or ["amount"]
    if chance(choose, 3) and place:
        action["needs"] = list(dict.fromkeys([choose(actions[:place]), choose(actions[:place])]))
    for key, of_ten, value in (
        ("ways", 2, {"call": "Call", "visit": "Visit"}),
        ("decision", 3, True),
        ("four_eyes", 3, True),
        ("at_least", 3, 2),
        ("milestone", 2, "offer"),
        ("valid_for", 4, choose(["2 minutes", "5 hours", "36 hours"])),
    ):
        if chance(choose, of_ten):
            action[key] = value
    if chance(choose, 2):
        action["evidence"] = choose(["note", "link", "document"])
    if chance(choose, 3):
        action["sla"] = choose([{"within": "5 hours"}, {"within": "2 days"}, {"until": "met", "escalate_to": "manager"}])
    if action.get("decision") and chance(choose, 6):
        action.pop("at_least", None)
        action["by"] = draw_table(choose, process, actions[:place])
    return action


def draw_table(choose: Choose, process: Process, before: list[str]) -> list[dict[str, Any]]:
    """Rows that ask about fields, and about actions before their own, so that they never ask in a circle."""
    asked = [told(process, condition(choose, before)) for _ in range(choose([1, 1, 2]))]
    rows = [{"when": text, "roles": roles(choose)} for text in dict.fromkeys(asked)] + [{"roles": roles(choose)}]
    for row in rows:
        if chance(choose, 3):
            row["at_least"] = 2
    return rows


def without_rows_that_none_comes_under(process: Process) -> None:
    """Leave out what the checker refuses: rows that a deal is never under. Of such a table the last row is left."""
    faulty = {found.subject for found in check(process.text) if found.code == "approval-hole"}
    for path in faulty:
        action = process.actions[path or ""]
        action["by"] = action["by"][-1:]


def draw_stage(choose: Choose, process: Process, stage: str, ways: dict[str, list[str]], actions: list[str]) -> None:
    made = process.stages[stage]
    if chance(choose, 9):
        made["owner"] = roles(choose)
    if chance(choose, 3):
        within = [{"within": each} for each in ("2 days", "30 hours", "90 minutes", "1 week", "2 months", "1 year")]
        made["sla"] = choose([*within, {"until": "met"}, {"until": "met"}])
    if stage == "win":
        made["outcome"] = "won"
    elif stage == "s0" or (stage[:1] == "s" and chance(choose, 3)):
        made["start"] = True
    entry = some(choose, ["c1", "c2"], 3)
    left = [name for name in ("c1", "c2", "c3") if name not in entry]
    for side, ids in (("entry_criteria", entry), ("exit_criteria", some(choose, left, 3))):
        if ids:
            made[side] = {name: draw_criterion(choose, process, actions) for name in ids}
    for kind in ("required_actions", "optional_actions"):
        for name in made.get(kind, {}):
            made[kind][name] = draw_action(choose, process, actions, actions.index(f"{stage}.{name}"))
    if ways[stage]:
        made["next"] = draw_next(choose, process, ways[stage], actions)
    earlier = [other for other in ways if other != stage and stage in reachable(ways, other)]
    won = stage not in ("win", "t0", "t1")
    returns = some(choose, [other for other in earlier if won or other in ("win", "t0", "t1")], 6)
    if returns:
        made["back"] = {other: {"by": roles(choose)} if chance(choose, 3) else {} for other in returns}
    if chance(choose, 3):
        made["playbook"] = {"objections": {"dear": {"concern": "Too dear", "answer": "Not at all"}}}


def draw_settings(choose: Choose, document: dict[str, Any]) -> None:
    for key, of_ten in (("assign_by", 6), ("correct_by", 8)):
        if chance(choose, of_ten):
            document.setdefault("deal", {})[key] = roles(choose)
    if chance(choose, 9):
        gone = {"title": "Went silent", "records": some(choose, RECORDABLE, 3) or ["name"]} if chance(choose, 4) else "Gone"
        document["lost"] = {"reasons": {"price": "Too dear", "gone": gone}}
        if chance(choose, 4):
            document["lost"]["note"] = choose(["required", "optional"])
        if chance(choose, 8):
            within = choose(["2 days", "36 hours", "2160 minutes", "always"])
            document["lost"]["reopen"] = {"by": roles(choose), "within": within}
    if chance(choose, 4):
        document["calendar"] = {"timezone": choose(["Europe/Helsinki", "America/New_York"])}
        if chance(choose, 5):
            document["calendar"]["hours"] = {"mon-fri": "09:00-17:00"}


def draw_process(choose: Choose) -> Process:
    """A random process; ``choose`` takes one of several things."""
    document: dict[str, Any] = {"procdef": 1, "id": "small", "version": 1, "title": "Small", "languages": ["en"]}
    document |= {"currency": "EUR", "roles": {role: {"title": role} for role in ROLES}, "fields": FIELDS, "scores": SCORES}
    document["placeholders"] = ["TBD"]
    draw_settings(choose, document)
    ways = draw_ways(choose)
    document["stages"] = {stage: {"title": stage} for stage in ways}
    for stage in document["stages"].values():
        for kind, ids in (("required_actions", ["a1", "a2"]), ("optional_actions", ["a3"])):
            stage |= {kind: dict.fromkeys(chosen)} if (chosen := some(choose, ids, 5)) else {}
    process = Process(document)
    actions = list(process.actions)
    for stage in ways:
        draw_stage(choose, process, stage, ways, actions)
    drawn = Process(document, process.conditions)
    without_rows_that_none_comes_under(drawn)
    return drawn
