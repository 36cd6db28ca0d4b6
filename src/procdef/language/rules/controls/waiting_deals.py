"""Deals that wait for an action of a stage that their path goes around, and to which no way leads any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from procdef.diagnostics import Place
from procdef.expression import Expression
from procdef.expression.syntax import SyntaxNode, parse
from procdef.graph import reachable
from procdef.language.rules.references.mentions import need_place
from procdef.model import Action, Criterion, ProcessDefinition, Stage, Transition

_MOST_STEPS = 2_000_000
"""Of all walks together: a file of many needs in many stages is not looked through."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What asks for the action ``needed``: the action or the criterion ``by``, or the way ``by`` with its ``when``."""

    place: Place
    kind: Literal["action", "criterion", "way"]
    by: str
    needed: str


@dataclass(slots=True)
class Closed:
    """What asks for one action: where a stage is left, where it is entered, and on single ways."""

    leaving: dict[str, Wait] = field(default_factory=dict)
    entering: dict[str, Wait] = field(default_factory=dict)
    starting: dict[str, Wait] = field(default_factory=dict)
    ways: dict[tuple[str, str], Wait] = field(default_factory=dict)

    def on(self, stage: str, way: Transition) -> Wait | None:
        """What keeps a deal without that action from a way."""
        left = None if way.unfinished_allowed else self.leaving.get(stage)
        return left or self.entering.get(way.target) or self.ways.get((stage, way.target))


def waiting_deals(process: ProcessDefinition) -> Iterator[tuple[Wait, tuple[str, ...]]]:
    """What a deal waits for that it can never do, with the stages that it came by; without any where it cannot even start."""
    asked = _asked(process)
    sometimes = list(_sometimes(process))
    edges = sum(1 + len(stage.next) for stage in process.stages.values())
    if (len(asked) + len(sometimes)) * edges > _MOST_STEPS:
        return
    told: set[Place] = set()
    for needed, closed in asked.items():
        for wait, path in _stuck(process, process.actions[needed].stage, closed):
            if wait.place not in told:
                told.add(wait.place)
                yield wait, path
    for action, needed_action in sometimes:
        path = _free_path(process, action, needed_action)
        wait = Wait(need_place(action, needed_action.path), "action", action.path, needed_action.path)
        if path and wait.place not in told:
            yield wait, path


def deals_after_a_lapse(process: ProcessDefinition) -> Iterator[tuple[Wait, str]]:
    """What a deal would wait for in vain that did what is asked for, went on, and then saw it lapse, with the stage where it
    would."""
    edges = sum(1 + len(stage.next) for stage in process.stages.values())
    lapsing = {path: closed for path, closed in _asked(process).items() if process.actions[path].valid_for}
    for needed, closed in lapsing.items() if len(lapsing) * edges <= _MOST_STEPS else ():
        there = process.actions[needed].stage
        onward = {one: tuple(to for to in stage.next if to in process.stages) for one, stage in process.stages.items()}
        came = reachable(onward, there) - {there}
        free = {
            one: (
                *(way.target for way in stage.next.values() if closed.on(one, way) is None and way.target in process.stages),
                *(to for to in stage.back if to in came or to == there),
            )
            for one, stage in process.stages.items()
        }
        for stage in (one for one in process.stages if one in came):
            ways = process.stages[stage].next.values()
            waits = [closed.on(stage, way) for way in ways if way.target in process.stages]
            wait = next(filter(None, waits), None) if waits else closed.leaving.get(stage)
            if wait is not None and all(waits) and there not in reachable(free, stage):
                yield wait, stage
                break


def _stuck(process: ProcessDefinition, there: str, closed: Closed) -> Iterator[tuple[Wait, tuple[str, ...]]]:
    """Where deals that did not come to the stage ``there`` are stuck."""
    stages = process.stages
    for start in process.starts:
        if start in closed.starting:
            yield closed.starting[start], ()
    came: dict[str, str | None] = {one: None for one in process.starts if one != there and one not in closed.starting}
    waiting = list(came)
    ends: list[tuple[str, Wait]] = []
    for stage in waiting:
        ways = stages[stage].next.values()
        waits = [closed.on(stage, way) for way in ways if way.target in stages]
        wait = next((one for one in waits if one), None) if waits else closed.leaving.get(stage)
        if wait is not None and all(waits):
            ends.append((stage, wait))
        for way in ways:
            if way.target in stages and way.target not in (there, *came) and closed.on(stage, way) is None:
                came[way.target] = stage
                waiting.append(way.target)
    free = {
        one: (
            *(way.target for way in stage.next.values() if closed.on(one, way) is None),
            *(to for to in stage.back if to in came),
        )
        for one, stage in stages.items()
    }
    for stage, wait in ends:
        if there not in reachable(free, stage):
            yield wait, _path(came, stage)


def _path(came: Mapping[str, str | None], stage: str) -> tuple[str, ...]:
    found = [stage]
    while (before := came[found[-1]]) is not None:
        found.append(before)
    return tuple(reversed(found))


def _asked(process: ProcessDefinition) -> dict[str, Closed]:
    """By action what asks for it at all times, in another stage than its own or on entering its own."""
    found: dict[str, Closed] = {}
    for stage in process.stages.values():
        for action in stage.required_actions.values():
            for need in action.needs if action.when is None else ():
                needed = process.actions.get(need)
                if needed is not None and needed.when is None and needed.stage != stage.id:
                    wait = Wait(need_place(action, need), "action", action.path, need)
                    found.setdefault(need, Closed()).leaving.setdefault(stage.id, wait)
        for criterion, wait in _of_criteria(process, stage):
            closed = found.setdefault(wait.needed, Closed())
            if criterion.side == "entry":
                closed.starting.setdefault(stage.id, wait)
            if not criterion.waivable_by:
                (closed.entering if criterion.side == "entry" else closed.leaving).setdefault(stage.id, wait)
        for way in stage.next.values():
            for needed_path in _done(way.when, process):
                place = Place(("stages", stage.id, "next", way.target, "when"))
                wait = Wait(place, "way", f"{stage.id} to {way.target}", needed_path)
                found.setdefault(needed_path, Closed()).ways.setdefault((stage.id, way.target), wait)
    return found


def _of_criteria(process: ProcessDefinition, stage: Stage) -> Iterator[tuple[Criterion, Wait]]:
    for criterion in (*stage.entry_criteria.values(), *stage.exit_criteria.values()):
        for needed in _done(criterion.check, process):
            if criterion.side == "entry" or process.actions[needed].stage != stage.id:
                place = Place(("stages", stage.id, f"{criterion.side}_criteria", criterion.id), "key")
                yield criterion, Wait(place, "criterion", criterion.path, needed)


def _done(expression: Expression | None, process: ProcessDefinition) -> list[str]:
    """The actions without which an expression is never true."""
    if expression is None or not expression.actions:
        return []
    return sorted(path for path in _needed(parse(expression.text)) if path in process.actions)


def _needed(node: SyntaxNode) -> frozenset[str]:
    if node.op == "done":
        return frozenset([str(node.args[0].value)])
    parts = [_needed(part) for part in node.args] if node.op in ("and", "or") else []
    return frozenset[str]().union(*parts) if node.op == "and" else parts[0].intersection(*parts) if parts else frozenset()


def _sometimes(process: ProcessDefinition) -> Iterator[tuple[Action, Action]]:
    """Required actions that need one of another stage, where one of the two has a ``when``."""
    for action in process.actions.values():
        for need in action.needs if action.required else ():
            needed = process.actions.get(need)
            if needed is not None and needed.stage != action.stage and (action.when or needed.when):
                yield action, needed


def _free_path(process: ProcessDefinition, action: Action, needed: Action) -> tuple[str, ...]:
    """A path on which a deal may get stuck at an action: nothing on it looks at what the ``when`` reads."""
    stages, there = process.stages, needed.stage
    if any(way.unfinished_allowed for way in stages[action.stage].next.values()):
        return ()
    reads = frozenset[str]().union(*(when.fields | when.actions for when in (action.when, needed.when) if when))
    came: dict[str, str | None] = {
        one: None for one in process.starts if one != there and not _look_at(reads, *stages[one].entry_criteria.values())
    }
    waiting = list(came)
    for stage in waiting:
        if _look_at(reads, *stages[stage].exit_criteria.values()):
            continue
        for way in stages[stage].next.values():
            if way.when is not None or way.target not in stages or way.target in (there, *came):
                continue
            if not _look_at(reads, *stages[way.target].entry_criteria.values()):
                came[way.target] = stage
                waiting.append(way.target)
    every = {one: (*stage.next, *(to for to in stage.back if to in came)) for one, stage in stages.items()}
    every[action.stage] = tuple(to for to in stages[action.stage].back if to in came)
    return _path(came, action.stage) if action.stage in came and there not in reachable(every, action.stage) else ()


def _look_at(reads: frozenset[str], *criteria: Criterion) -> bool:
    return any(not reads.isdisjoint(criterion.reads) for criterion in criteria)
