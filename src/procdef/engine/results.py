"""What the engine answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from procdef.advice.headlines import headline
from procdef.advice.inquiry import Inquiry
from procdef.advice.unmet_items import unmet_items
from procdef.deal import Deal
from procdef.decide import Obstacle
from procdef.engine.steps import Step
from procdef.errors import StepRefused, Unmet
from procdef.log.event import ERASED, Written, instant, reveal
from procdef.model import ProcessDefinition

Event = dict[str, Any]


class Done(NamedTuple):
    """A step that was applied: the deal after it and what was written.

    ``replayed``: the request had been applied before. Then ``deal`` is the deal as it stands now, and nothing was written.
    """

    state: Deal
    written: tuple[Written, ...] = ()
    replayed: bool = False

    @property
    def deal(self) -> Deal:
        """The deal, in a copy of the caller's own: the engine goes on with ``state``, which nobody may change."""
        return self.state.copy()

    @property
    def events(self) -> tuple[Event, ...]:
        """The events of this step as stored, with personal values in their places."""
        return tuple(opened(e.body, {path: json.loads(value) for path, _, value in e.openings}) for e in self.written)


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of one step of a file; ``line`` counts from 1."""

    line: int
    deal: str
    status: Literal["applied", "refused", "repeated", "error"]
    message: str = ""
    unmet: tuple[Unmet, ...] = ()


class FeedItem(NamedTuple):
    """An event with its position in the log (from 0): the cursor to go on after."""

    position: int
    event: Event


def opened(body: bytes, values: Mapping[str, Any]) -> Event:
    """A stored event with these personal values back in its data."""
    event: Event = json.loads(body)
    event["data"] = reveal(event["data"], dict(values))
    return event


def opened_or_erased(body: bytes, values: Mapping[str, Any]) -> Event:
    """As ``opened``, for people: what was erased reads so."""
    event: Event = json.loads(body)
    gone = dict.fromkeys((pointer for pointer in event.get("private", ()) if pointer not in values), ERASED)
    event["data"] = reveal(event["data"], {**values, **gone})
    return event


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
    return StepRefused(headline(inquiry), unmet, present is not None, record=step, title=title)
