"""Who may set what an approval is about must not approve it alone: that is no control.

Set `four_eyes: true`, or let another role decide.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import reachable, reversed_graph
from procdef.language.draft import Draft
from procdef.language.rules.graph.ways import ways
from procdef.language.rules.references.mentions import action_route
from procdef.language.rules.rule import Rule
from procdef.model import Action, ProcessDefinition, Stage


def self_approval(draft: Draft) -> Iterator[Finding]:
    """A decision without ``four_eyes`` by a role that may also record what it reads or is voided by."""
    process = draft.process
    graph = ways(draft)
    if graph is None or draft.broken("stages") or graph.may != graph.next:
        return
    earlier = reversed_graph(graph.next)
    for action in process.actions.values():
        about = set(action.voided_by) | (action.when.fields if action.when else frozenset())
        if not action.decision or action.four_eyes or not about:
            continue
        doers = set(_doers(process, action))
        recorders = set(_recorders(process, process.stages[action.stage], about))
        if not doers <= recorders:
            until = reachable(earlier, action.stage)
            recorders.update(role for stage in until for role in _recorders(process, process.stages[stage], about))
        both = [role for role in process.roles if role in doers & recorders]
        if both:
            message = (
                f"{', '.join(both)} may set {', '.join(sorted(about))} and alone decide on it "
                f'in "{action.path}"; set `four_eyes: true`, or let another role decide'
            )
            yield Finding("self-approval", Place(action_route(action), "key"), message)


def _doers(process: ProcessDefinition, action: Action) -> tuple[str, ...]:
    return action.by or _owners(process, process.stages[action.stage])


def _owners(process: ProcessDefinition, stage: Stage) -> tuple[str, ...]:
    return stage.owner or tuple(process.roles)


def _recorders(process: ProcessDefinition, stage: Stage, fields: set[str]) -> Iterator[str]:
    """The roles that may set one of the fields in a stage: its owners any, and whoever does an action its `records`."""
    yield from _owners(process, stage)
    for action in (*stage.required_actions.values(), *stage.optional_actions.values()):
        if fields & set(action.records):
            yield from action.by


RULE = Rule("self-approval", Severity.WARNING, "controls", __doc__, self_approval)
