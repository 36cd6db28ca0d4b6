"""Who can help with what: by role all that it may do beside taking its own deals along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procdef.model import Return, Role, Stage, Transition
from procdef.pages.passages import Passage
from procdef.pages.playbook.reading import Reading, Said

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Helper:
    """A role. ``helps`` are labels, each with what belongs to it; one without anything speaks for itself."""

    id: str
    title: Passage
    description: Passage | None
    helps: tuple[tuple[Passage, tuple[Said, ...]], ...]


def helpers(reading: Reading) -> list[Helper]:
    """Every role with what it can help with, in the order of the file."""
    return [
        Helper(role.id, reading.said(role.title), reading.maybe(role.description), tuple(_helps(reading, role)))
        for role in reading.definition.roles.values()
    ]


def _helps(reading: Reading, role: Role) -> Iterator[tuple[Passage, tuple[Said, ...]]]:
    stages = list(reading.definition.stages.values())
    owned = [stage for stage in stages if role.id in stage.owner or not stage.owner]
    late = [stage for stage in stages if _is_told(stage, role)]
    lists = (
        ("takes_through", _listed(reading, owned)),
        ("decides", [each for stage in stages for each in _actions(reading, role, stage, decisions=True)]),
        ("also_does", [each for stage in stages for each in _actions(reading, role, stage, decisions=False)]),
        ("waives", [each for stage in stages for each in _waived(reading, role, stage)]),
        ("moves", [each for stage in stages for each in _ways(reading, role, stage)]),
        ("escalated", _listed(reading, late)),
    )
    for label, found in lists:
        if found:
            yield reading.words[label], tuple(found)
    deal, lost = reading.definition.deal, reading.definition.lost
    rights = (
        ("assigns", deal.assign_by), ("corrects", deal.correct_by), ("reopens", lost.reopen.by if lost and lost.reopen else ()),
    )  # fmt: skip
    for label, roles in rights:
        if role.id in roles:
            yield reading.words[label], ()


def _is_told(stage: Stage, role: Role) -> bool:
    """Whether the role is told of a deadline that has passed there."""
    actions = stage.actions
    slas = (stage.sla, *(action.sla for action in actions))
    return any(role.id in sla.escalate_to for sla in slas if sla)


def _listed(reading: Reading, stages: Iterable[Stage]) -> list[Markup]:
    named = [reading.stage(stage.id) for stage in stages]
    return [reading.words.listed(named, "and")] if named else []


def _actions(reading: Reading, role: Role, stage: Stage, *, decisions: bool) -> Iterable[Markup]:
    for action in stage.actions:
        does = action.roles or stage.owner
        own = not action.roles or role.id in stage.owner
        if action.decision == decisions and role.id in does and (decisions or not own):
            title = reading.linked("action", action.path, reading.said(action.title))
            yield reading.words.say("in_stage", thing=title, stage=reading.said(stage.title))


def _waived(reading: Reading, role: Role, stage: Stage) -> Iterable[Markup]:
    for criterion in (*stage.entry_criteria.values(), *stage.exit_criteria.values()):
        if role.id in criterion.waivable_by:
            check = criterion.check
            holds = reading.conditions.say(check) if check else reading.conditions.filled(criterion.require)
            yield reading.words.say("in_stage", thing=holds, stage=reading.stage(stage.id))


def _ways(reading: Reading, role: Role, stage: Stage) -> Iterable[Markup]:
    ways: list[Transition | Return] = [*stage.next.values(), *stage.back.values()]
    for way in ways:
        if role.id in way.by and role.id not in stage.owner:
            yield reading.words.say("way", source=reading.stage(stage.id), target=reading.stage(way.target))
