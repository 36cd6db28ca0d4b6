"""A refusal as it is raised to the person who asked, and as of another time than that of the question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdef.advice.headlines import headline
from procdef.advice.inquiry import Inquiry
from procdef.advice.refusal_sentences import logged_sentence
from procdef.advice.unmet_items import unmet_items
from procdef.deal import Deal
from procdef.decide import Obstacle, Refusal, decide
from procdef.directory import Directory
from procdef.engine.definition_cache import Volume
from procdef.engine.steps import Step
from procdef.errors import CalendarUnknown
from procdef.log.event import Entry, instant
from procdef.model import ProcessDefinition
from procdef.results.refusal import StepRefused, Unmet


def refusal(
    definition: ProcessDefinition,
    step: Step,
    deal: Deal | None,
    obstacles: tuple[Obstacle, ...],
    facts: Mapping[str, Any],
    language: str | None,
    present: tuple[Obstacle, ...] | None = None,
    directory: Directory | None = None,
) -> StepRefused:
    """The refusal as it is raised to the person who asked; ``facts`` are those of its event.

    ``present`` is what stands in the step's way now, where its request was refused earlier. Given the ``directory`` of people
    in force it names people who could.
    """
    inquiry = Inquiry(definition, step.name, deal, step.by.person, instant(facts["now"]), step.command, language, directory)
    unmet = unmet_items(inquiry, obstacles, facts.get("values", {}), present)
    title = definition.title_of(deal.values) if deal else None
    return StepRefused(headline(inquiry), unmet, present is not None, step, title, step.name)


def refusal_under_another(
    definition: ProcessDefinition, step: Step, deal: Deal, obstacles: tuple[Obstacle, ...], language: str | None
) -> StepRefused:
    """A refusal that the log remembers, of a deal that went over to another version since: what stood in the way may be no
    more, so that it is told as the log tells it."""
    inquiry = Inquiry(definition, step.name, deal, step.by.person, instant(deal.at), step.command, language)
    told = (logged_sentence(one.code, one.about, step.command.verb, getattr(step.command, "to", None)) for one in obstacles)
    fix = f"the deal went over to {definition.name} since; take the step anew, under another request key"
    unmet = tuple(Unmet(one.code, one.about, said, fix=fix) for one, said in zip(obstacles, told, strict=True))
    return StepRefused(headline(inquiry), unmet, True, step, definition.title_of(deal.values), step.name)


def looked_at(entry: Entry, moment: str, definition: ProcessDefinition) -> Entry:
    """A refusal as of the time at which it is recorded, where the clock stands behind that."""
    today = instant(moment).astimezone(definition.calendar.zone).date().isoformat()
    facts = {**entry.data["facts"], "now": moment, "today": today}
    return entry._replace(data={**entry.data, "facts": facts})


def in_the_way(step: Step, deal: Deal, volume: Volume, moment: str) -> tuple[Obstacle, ...]:
    """What would stand in the way of a step if it were taken now; nothing where that cannot be worked out."""
    moment = max(moment, deal.latest)
    try:
        verdict = decide(volume.definition, volume.machine, deal, step.command, step.by.person, moment)
    except CalendarUnknown:
        return ()
    return verdict.obstacles if isinstance(verdict, Refusal) else ()
