"""What holds for every deal in a stage, because it had to be so to come there and nothing undoes it.

Values may be changed after a criterion was met, so a criterion alone guarantees nothing later. What the gate keeps stays: a
required action of a stage that every deal came by is done, or not needed, whatever is recorded. Corrections pass the gate, and
what is personal may be erased: what these could undo is not counted on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from procdef.graph import reachable
from procdef.model import Action, ProcessDefinition, Stage
from procdef.proof.formulas import Formula, Not, Or
from procdef.proof.gates import Gates


@dataclass(frozen=True, slots=True)
class Fact:
    """A formula that is true, and the action or criterion because of which it is."""

    about: str
    formula: Formula


def always_passed(process: ProcessDefinition, stage: str) -> frozenset[str]:
    """The stages that every deal there has come by."""
    graph = {each.id: tuple(each.next) for each in process.stages.values()}
    found = set()
    for other in process.stages:
        without = {one: () if one == other else targets for one, targets in graph.items()}
        starts = [one for one in process.starts if one != other]
        if other != stage and stage not in starts and stage not in reachable(without, *starts):
            found.add(other)
    return frozenset(found)


def in_stage(gates: Gates, stage: str) -> list[Fact]:
    """What is so of every deal in a stage, whatever is recorded, done or voided there."""
    process = gates.process
    passed = always_passed(process, stage)
    found: list[Fact] = []
    for other in (each for each in process.stages.values() if each.id in passed and not _may_be_unfinished(each)):
        for action in other.required_actions.values():
            if _is_kept(process, action):
                found += _facts(gates, action)
    return found


def on_the_way(gates: Gates, source: Stage, target: str) -> list[Fact]:
    """What is so of every deal at the moment at which it takes a way, criteria that may be waived aside."""
    found = in_stage(gates, source.id)
    for part in gates.way(source, target):
        if part.what != "entry" and not part.waivable:
            found.append(Fact(part.about, part.formula))
    return found


def _facts(gates: Gates, action: Action) -> Iterator[Fact]:
    yield Fact(action.path, gates.settled(action))
    filled = [name for name in action.records if not gates.process.fields[name].type.private]
    if filled and not gates.process.deal.correct_by:
        yield Fact(action.path, Or([Not(gates.atoms.is_done(action.path)), gates.atoms.filled(filled)]))


def _may_be_unfinished(stage: Stage) -> bool:
    return any(way.unfinished_allowed for way in stage.next.values())


def _is_kept(process: ProcessDefinition, action: Action) -> bool:
    """Whether an action stays done, or not needed, once its stage was left."""
    whens = [when for when in (action.when, *(row.when for row in action.table)) if when is not None]
    if action.valid_for is not None or any(when.clock or when.actions for when in whens):
        return False
    if process.deal.correct_by:
        return not whens and not action.records
    return not any(process.fields[name].type.private for when in whens for name in when.fields)
