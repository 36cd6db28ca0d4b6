"""Where a process names its roles and its fields, and what in it asks about a deal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procdef.diagnostics import Place, Route
from procdef.expression import Expression, Scoring
from procdef.model import Action, ProcessDefinition, Sla, Stage

Mention = tuple[Route, str]


def roles_named(process: ProcessDefinition) -> Iterator[Mention]:
    """Every mention of a role, with the route of its name."""
    yield from _each(("deal", "assign_by"), process.deal.assign_by)
    yield from _each(("deal", "correct_by"), process.deal.correct_by)
    if process.lost and process.lost.reopen:
        yield from _each(("lost", "reopen", "by"), process.lost.reopen.by)
    for stage in process.stages.values():
        yield from _roles_of(stage)
    for route, sla in deadlines(process):
        yield from _each((*route, "escalate_to"), sla.escalate_to)


def fields_named(process: ProcessDefinition) -> Iterator[Mention]:
    """Every mention of a field outside expressions, with the route of its name."""
    settings = process.deal
    for key, name in (("title", settings.title), ("value", settings.value), ("close", settings.close)):
        if name is not None:
            yield ("deal", key), name
    for reason, names in (process.lost.records if process.lost else {}).items():
        yield from _each(("lost", "reasons", reason, "records"), names)
    for measure in process.measures.values():
        yield ("measures", measure.id, "field"), measure.field
    for stage in process.stages.values():
        for criterion in (*stage.entry_criteria.values(), *stage.exit_criteria.values()):
            route = ("stages", stage.id, f"{criterion.side}_criteria", criterion.id, "require")
            yield from _each(route, criterion.require)
    for action in process.actions.values():
        yield from _each((*action_route(action), "records"), action.records)
        yield from _each((*action_route(action), "voided_by"), action.voided_by)
    for place, sla in deadlines(process):
        if sla.until is not None:
            yield (*place, "until"), sla.until


def asking(process: ProcessDefinition) -> Iterator[Expression | Scoring]:
    """Every expression of a process, and every score for those of its points."""
    for stage in process.stages.values():
        criteria = (*stage.entry_criteria.values(), *stage.exit_criteria.values())
        yield from (criterion.check for criterion in criteria if criterion.check)
        yield from (transition.when for transition in stage.next.values() if transition.when)
    for action in process.actions.values():
        yield from (when for when in (action.when, *(row.when for row in action.table)) if when)
    yield from (score.rule for score in process.scores.values())


def deadlines(process: ProcessDefinition) -> Iterator[tuple[Route, Sla]]:
    """The deadlines of stages and actions, each with its route."""
    for stage in process.stages.values():
        if stage.sla:
            yield ("stages", stage.id, "sla"), stage.sla
    for action in process.actions.values():
        if action.sla:
            yield (*action_route(action), "sla"), action.sla


def beside(mentions: Iterable[Mention]) -> dict[Route, set[str]]:
    """The names that stand in one list, by its route: of these none is meant by a misspelt one beside them."""
    found: dict[Route, set[str]] = {}
    for route, name in mentions:
        found.setdefault(route[:-1] if route[-1] == name else route, set()).add(name)
    return found


def action_route(action: Action) -> Route:
    """The route of an action's entry."""
    return ("stages", action.stage, "required_actions" if action.required else "optional_actions", action.id)


def need_place(action: Action, need: str) -> Place:
    """Where an action's ``needs`` names another: as it is written there, alone within its stage or with its stage."""
    return Place((*action_route(action), "needs", need))


def _roles_of(stage: Stage) -> Iterator[Mention]:
    at = ("stages", stage.id)
    yield from _each((*at, "owner"), stage.owner)
    for criterion in (*stage.entry_criteria.values(), *stage.exit_criteria.values()):
        yield from _each((*at, f"{criterion.side}_criteria", criterion.id, "waivable_by"), criterion.waivable_by)
    for action in stage.actions:
        yield from _each((*action_route(action), "by"), action.by)
        for place, row in enumerate(action.table):
            yield from _each((*action_route(action), "by", place, "roles"), row.roles)
    for transition in stage.next.values():
        yield from _each((*at, "next", transition.target, "by"), transition.by)
    for way in stage.back.values():
        yield from _each((*at, "back", way.target, "by"), way.by)


def _each(route: Route, names: Iterable[str]) -> Iterator[Mention]:
    return (((*route, name), name) for name in dict.fromkeys(names))
