"""What the engine answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from procdef.advice.refusal_messages import words
from procdef.advice.suggested_commands import Case, only_way
from procdef.commands import VERBS, Advance, Assign, Back, Do, Finish, Lose, Note, Record, Reopen, Start, Waive
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
    *,
    replayed: bool = False,
) -> StepRefused:
    """The refusal as it is raised to the person who asked; ``facts`` are those of its event."""
    case = Case(definition, step.name, deal, step.by.person, instant(facts["now"]), step.command, language)
    unmet = words(case, obstacles, facts.get("values", {}))
    return StepRefused(f"{step.name} cannot {_asked(case)}", unmet, replayed, record=step)


def _asked(case: Case) -> str:
    """What was asked for, as the headline of a refusal names it."""
    match case.command:
        case Advance(to=target):
            way = only_way(case, target)
            to = target or (way.target if way else None)
            return f"advance from {case.deal.stage if case.deal else ''}" + (f" to {to}" if to else "")
        case Back(to=target):
            return f"go back from {case.deal.stage if case.deal else ''} to {target}"
        case Start(stage=stage):
            return f"start in {stage}" if stage else "start"
        case Do(action=action):
            return f"do {action}"
        case Waive(criterion=criterion):
            return f"waive {criterion}"
        case Lose() | Reopen() | Assign() | Note() as command:
            return _PASSIVE[type(command)]
    return "take these values" if isinstance(case.command, Record) else VERBS[type(case.command or Finish())]


_PASSIVE = {Lose: "be lost", Reopen: "be reopened", Assign: "be assigned", Note: "take this note"}
