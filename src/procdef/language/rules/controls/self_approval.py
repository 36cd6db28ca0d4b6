"""Who may set what an approval is about must not approve it alone: that is no control.

Set `four_eyes: true`, or let another role decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import reachable, reversed_graph
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import ways
from procdef.language.rules.references.mentions import action_route
from procdef.language.rules.rule import Rule
from procdef.model import Action, ProcessDefinition, Stage

_MOST_STAGES = 1000
"""Beyond so many stages, only the decision's own is looked at."""


def self_approval(draft: Draft) -> Iterator[Finding]:
    """A decision without ``four_eyes`` by a role that may also record what it reads or is voided by."""
    process = draft.process
    graph = ways(draft)
    if graph is None or draft.broken("stages") or graph.may != graph.next:
        return
    earlier = reversed_graph(graph.next)
    own = {stage.id: _recorders(process, (stage,)) for stage in process.stages.values()}
    before: dict[str, Recorders] = {}
    for action in process.actions.values():
        whens = [when for when in (action.when, *(row.when for row in action.table)) if when]
        about = set(action.voided_by).union(*(when.fields for when in whens))
        if not action.decision or action.four_eyes or not about:
            continue
        doers = set(_doers(process, action))
        recorders = own[action.stage].of(about)
        if not doers <= recorders and len(process.stages) <= _MOST_STAGES:
            if action.stage not in before:
                until = reachable(earlier, action.stage)
                before[action.stage] = _recorders(process, (process.stages[stage] for stage in until))
            recorders |= before[action.stage].of(about)
        both = [role for role in process.roles if role in doers & recorders]
        if both:
            yield Finding(
                "self-approval",
                Place(action_route(action), "key"),
                '{roles} may set {fields} and also decide on it alone in "{subject}"; '
                "set `four_eyes: true`, or let another role decide",
                subject=action.path,
                kind="action",
                details={"roles": ", ".join(both), "fields": ", ".join(sorted(about))},
            )


def _doers(process: ProcessDefinition, action: Action) -> tuple[str, ...]:
    return action.roles or _owners(process, process.stages[action.stage])


def _owners(process: ProcessDefinition, stage: Stage) -> tuple[str, ...]:
    return stage.owner or tuple(process.roles)


@dataclass(frozen=True, slots=True)
class Recorders:
    """Who may set fields: ``owners`` any of them, and of each field who does an action that records it."""

    owners: frozenset[str]
    others: Mapping[str, set[str]]

    def of(self, fields: set[str]) -> set[str]:
        """The roles that may set one of the fields."""
        return set(self.owners).union(*(self.others.get(field, ()) for field in fields))


def _recorders(process: ProcessDefinition, stages: Iterable[Stage]) -> Recorders:
    owners: set[str] = set()
    others: dict[str, set[str]] = {}
    for stage in stages:
        owners.update(_owners(process, stage))
        for action in stage.actions:
            for field in action.records:
                others.setdefault(field, set()).update(action.roles)
    return Recorders(frozenset(owners), others)


RULE = Rule("self-approval", Severity.WARNING, "controls", __doc__, self_approval)
