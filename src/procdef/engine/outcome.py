"""What the engine answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from procdef.audit.events import Written, reveal
from procdef.commands import VERBS
from procdef.deal import Deal
from procdef.decide import Obstacle
from procdef.decide.wording import word
from procdef.engine.steps import Step
from procdef.errors import StepRefused, Unmet
from procdef.model import ProcessDefinition

Event = dict[str, Any]


class Done(NamedTuple):
    """A step that was applied: the deal after it and what was written; ``replayed``: it had been applied before."""

    deal: Deal
    written: tuple[Written, ...] = ()
    replayed: bool = False

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


def refusal(
    definition: ProcessDefinition,
    step: Step,
    deal: Deal | None,
    obstacles: tuple[Obstacle, ...],
    *,
    replayed: bool = False,
) -> StepRefused:
    """The refusal as it is raised to the person who asked."""
    verb = VERBS[type(step.command)]
    target = getattr(step.command, "to", None) or getattr(step.command, "action", None)
    where = f" from {deal.stage}" if deal is not None and verb in ("advance", "back") else ""
    headline = f"{step.name} cannot {verb}{where}" + (
        f" to {target}" if target and where else f" {target}" if target else ""
    )
    unmet = tuple(word(definition, step.name, obstacle) for obstacle in obstacles)
    return StepRefused(headline, unmet, replayed, record=step)
