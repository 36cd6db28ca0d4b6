"""What is next for a deal: what is to be done in its stage, and every way on with what blocks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from procdef.log.event import timestamp
from procdef.model import Action, ProcessDefinition
from procdef.results.deal_view import DealView
from procdef.results.refusal import Unmet
from procdef.results.suggestion import Suggestion, suggested


@dataclass(frozen=True, slots=True)
class Todo:
    """An action of the present stage. ``status``: ``done``, ``not_applicable``, ``open`` or ``unknown``; ``who`` may do it;
    ``times`` completions stand of the ``at_least`` asked; ``rejected_by`` is who last rejected a decision. ``suggestion``
    is the step that does it, where it is open and nothing else comes first. ``emptied`` are the fields for want of which
    what was done does not count."""

    action: Action
    status: str
    who: tuple[str, ...]
    times: int
    rejected_by: str | None
    suggestion: Suggestion | None
    emptied: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it under ``actions``."""
        return {
            "action": self.action.id, "status": self.status, "required": self.action.required,
            "emptied": list(self.emptied), "who": list(self.who), **suggested(self.suggestion),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """A move that the process has from here. ``unmet`` is empty when it is open.

    ``move``: ``advance``, ``back``, ``finish``, ``lose`` or ``reopen``; only the first two have a ``target``. ``who`` may
    make it; ``suggestion`` is the step that does, where it is open. Of ``lose``, ``reasons`` has by reason the fields that must
    still be filled in; other moves have none.
    """

    move: str
    target: str | None
    unmet: tuple[Unmet, ...]
    who: tuple[str, ...]
    suggestion: Suggestion | None
    reasons: Mapping[str, tuple[str, ...]] | None = None

    @property
    def open(self) -> bool:
        """Whether nothing stands in its way."""
        return not self.unmet

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it under ``ways``."""
        reasons = {} if self.reasons is None else {"reasons": {name: list(lacks) for name, lacks in self.reasons.items()}}
        return {
            "move": self.move, "to": self.target, "open": self.open, "unmet": [item.as_dict() for item in self.unmet],
            "who": list(self.who), **suggested(self.suggestion), **reasons,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScoreSum:
    """What a score comes to. ``total`` is ``None`` while it can still be several numbers, from ``least`` to ``most``.
    ``gained``, ``open`` and ``missed`` are its points by their ids."""

    total: int | None
    least: int
    most: int
    gained: Mapping[str, int]
    open: Mapping[str, int]
    missed: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it under ``scores``."""
        return {
            "total": self.total, "least": self.least, "most": self.most, "gained": dict(self.gained),
            "open": dict(self.open), "missed": dict(self.missed),
        }  # fmt: skip


class _Asked:
    """What an answer was worked out for: a matter of the engine and of who renders its answers."""

    __slots__ = ("inquiry",)
    inquiry: Any


@dataclass(frozen=True, slots=True)
class Options(_Asked):
    """Where a deal stands and what can be done with it now.

    ``todo`` are the actions of the present stage, ``ways`` the moves from here, those forward first. ``reminders`` are the
    times, in order, at which the stage's ``sla`` has people reminded of ``deal.due``. ``scores`` has by id what each score
    comes to. ``inquiry``, which is no part of the data, is what all this was worked out for.
    """

    deal: DealView
    definition: ProcessDefinition
    todo: tuple[Todo, ...]
    ways: tuple[Way, ...]
    reminders: tuple[datetime, ...] = ()
    scores: Mapping[str, ScoreSum] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Any, ...]:
        return answered, (self.inquiry, *(getattr(self, each.name) for each in fields(self)))

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it in ``status``."""
        deal = self.deal.as_dict()
        values = {name: deal.pop(name) for name in ("values", "erased", "waived")}
        return {
            **deal,
            "reminders": [timestamp(at) for at in self.reminders],
            **values,
            "scores": {name: score.as_dict() for name, score in self.scores.items()},
            "actions": [todo.as_dict() for todo in self.todo],
            "ways": [way.as_dict() for way in self.ways],
        }


def answered(inquiry: Any, *parts: Any) -> Options:
    """The options that answer an inquiry, made of their fields in order."""
    options = Options(*parts)
    object.__setattr__(options, "inquiry", inquiry)
    return options
