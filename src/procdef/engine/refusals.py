"""A refusal as it is raised to the person who asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdef.advice.headlines import headline
from procdef.advice.inquiry import Inquiry
from procdef.advice.unmet_items import unmet_items
from procdef.deal import Deal
from procdef.decide import Obstacle
from procdef.engine.steps import Step
from procdef.log.event import instant
from procdef.model import ProcessDefinition
from procdef.results.refusal import StepRefused


def refusal(
    definition: ProcessDefinition,
    step: Step,
    deal: Deal | None,
    obstacles: tuple[Obstacle, ...],
    facts: Mapping[str, Any],
    language: str | None,
    present: tuple[Obstacle, ...] | None = None,
) -> StepRefused:
    """The refusal as it is raised to the person who asked; ``facts`` are those of its event.

    ``present`` is what stands in the step's way now, where its request was refused earlier.
    """
    inquiry = Inquiry(definition, step.name, deal, step.by.person, instant(facts["now"]), step.command, language)
    unmet = unmet_items(inquiry, obstacles, facts.get("values", {}), present)
    title = definition.title_of(deal.values) if deal else None
    return StepRefused(headline(inquiry), unmet, present is not None, step, title, step.name)
