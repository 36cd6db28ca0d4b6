"""Who in the directory of people could take a step: the step is tried for each of them who has a role."""

from __future__ import annotations

from datetime import datetime

from procdef.advice.inquiry import Inquiry
from procdef.advice.unmet_items import unmet_items
from procdef.commands import Actor, Command
from procdef.deal import Deal
from procdef.decide import Obstacle, Refusal, decide
from procdef.engine.definition_cache import Volume
from procdef.engine.directory_in_force import DirectoryInForce, day_of
from procdef.engine.refusals import refusal
from procdef.engine.steps import Step
from procdef.log.event import instant, timestamp
from procdef.results.candidate import Candidate

_OF_NOBODY = frozenset(
    ("closed", "elsewhere", "no-such-move", "not-declared", "not-on-path", "not-won", "several-criteria", "too-late")
)
"""Codes of what stands in everybody's way, whatever they bring along."""
_OF_PERSON = ("not-yours", "four-eyes")
"""Codes of what stands in the way of some people and not of others."""


def candidates(
    deal: Deal, volume: Volume, found: DirectoryInForce, command: Command, now: datetime, language: str | None
) -> tuple[Candidate, ...]:
    """Everybody who has a role for the step, those who can first. Raises ``StepRefused`` where nobody could take it."""
    definition = volume.definition
    moment = timestamp(max(now, instant(deal.latest)))
    day = day_of(moment, definition.calendar.zone)

    def obstacles(person: Actor) -> tuple[Obstacle, ...]:
        verdict = decide(definition, volume.machine, deal, command, person, moment)
        return verdict.obstacles if isinstance(verdict, Refusal) else ()

    anybody = Actor("anybody", frozenset(definition.roles))
    in_the_way = tuple(one for one in obstacles(anybody) if one.code in _OF_NOBODY)
    if in_the_way:
        raise refusal(definition, Step(deal.name, command, anybody), deal, in_the_way, {"now": moment}, language)
    able, kept = [], []
    for name, about in found.directory.people.items():
        held = found.directory.roles_of(name, day)
        if held is None or not held.roles:
            continue
        person = Actor(name, held.roles)
        unmet = obstacles(person)
        if any(one.code == "not-yours" for one in unmet):
            continue
        own = about.own_roles(day)
        roles = tuple(role for role in sorted(held.roles) if _may(obstacles(Actor(name, frozenset((role,))))))
        lent = frozenset(roles) if own.isdisjoint(roles) else frozenset()
        if not roles:  # it takes several of them together
            roles = tuple(role for role in sorted(held.roles) if not _may(obstacles(Actor(name, held.roles - {role}))))
            lent = frozenset(roles) - own
        people = found.directory.people
        others = tuple(absent for absent in held.absent if not people[absent].own_roles(day).isdisjoint(lent))
        against = tuple(one for one in unmet if one.code in _OF_PERSON)
        if against:
            inquiry = Inquiry(definition, deal.name, deal, person, instant(moment), command, language)
            why = "; ".join(f"{one.message}: {one.why}" if one.why else one.message for one in unmet_items(inquiry, against))
            kept.append(Candidate(name, roles, others, why))
        else:
            able.append(Candidate(name, roles, others))
    return (*able, *kept)


def _may(unmet: tuple[Obstacle, ...]) -> bool:
    return not any(one.code == "not-yours" for one in unmet)
