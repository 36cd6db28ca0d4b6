"""What is next for a deal: what is to be done in its stage, and every way on with what blocks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

from procdef.results.deal_view import DealView
from procdef.results.refusal import Unmet
from procdef.results.result import MAIN, Result, json_key
from procdef.results.suggestion import Suggested, Suggestion


@dataclass(frozen=True, slots=True)
class Completion(Result):
    """An action done once, of a decision: approved, by ``by``. ``until`` is when that lapses, where it does. ``state``:
    ``counts``; ``lapsed``, as its time is over; ``other_row``, as another row of the decision's table holds by now than the one
    that it was given under, ``row``; ``unknown`` while it is not known which row holds."""

    by: str
    until: str | None
    row: int | None
    state: Literal["counts", "lapsed", "other_row", "unknown"]


@dataclass(frozen=True, slots=True)
class Todo(Suggested):
    """An action of the present stage, by its id and its title. ``who`` may do it; ``times`` completions stand of the
    ``at_least`` that it takes; ``rejected_by`` is who last rejected a decision. ``suggestion`` is the step that does it,
    where it is open and nothing else comes first, and ``command`` the same as a line to type. ``emptied`` are the fields for
    want of which what was done does not count. ``row`` is the row of a decision's table that holds, from 1, where there is a
    table and it is known which. ``due`` is by when it is to be done (UTC text), where its ``sla`` says so; it is ``overdue``
    once that is past and it is not done, ``late`` where it was done after that. ``reminders`` are the times, in order, at which
    people are reminded of it. ``completions`` tell who did it, or approved, also of what does not count any more; ``missing``
    are so many more as it takes, and of a decision ``excluded`` are the people who may not give them. ``until`` is when it is
    done no more, where that is to come. ``people`` are some of those who could do it today, by their ids, where a directory of
    people is published.
    """

    action: str
    title: str
    status: Literal["done", "open", "not_applicable", "unknown"]
    required: bool
    emptied: tuple[str, ...]
    times: int
    at_least: int
    rejected_by: str | None
    who: tuple[str, ...]
    suggestion: Suggestion | None
    row: int | None = None
    due: str | None = None
    overdue: bool = False
    late: bool = False
    reminders: tuple[datetime, ...] = ()
    completions: tuple[Completion, ...] = ()
    missing: int = 0
    excluded: tuple[str, ...] = ()
    until: str | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way(Suggested):
    """A move that the process has from here. It is ``open`` when nothing is ``unmet``.

    Only ``advance`` and ``back`` have a ``target``, the id of a stage. ``who`` may make the move; ``suggestion`` is the step
    that does, where it is open, and ``command`` the same as a line to type. Of ``lose``, ``reasons`` has by reason the fields
    that must still be filled in; other moves have none. ``people`` are some of those who could make the move today.
    """

    move: Literal["advance", "back", "finish", "lose", "reopen"]
    target: str | None = field(metadata=json_key("to"))
    unmet: tuple[Unmet, ...]
    who: tuple[str, ...]
    suggestion: Suggestion | None
    reasons: Mapping[str, tuple[str, ...]] | None = None
    people: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether nothing stands in its way."""
        return not self.unmet


@dataclass(frozen=True, slots=True)
class ScoreSum(Result):
    """What a score comes to. ``total`` is ``None`` while it can still be several numbers, from ``least`` to ``most``.
    ``gained``, ``open`` and ``missed`` are its points by their ids."""

    total: int | None
    least: int
    most: int
    gained: Mapping[str, int]
    open: Mapping[str, int]
    missed: Mapping[str, int]


class _Asked(Result):
    """What an answer was worked out for: a matter of the engine and of who renders its answers."""

    __slots__ = ("inquiry",)
    inquiry: Any


@dataclass(frozen=True, slots=True)
class Options(_Asked):
    """Where a deal stands and what can be done with it now.

    ``todo`` are the actions of the present stage, ``ways`` the moves from here, those forward first. ``reminders`` are the
    times, in order, at which the stage's ``sla`` has people reminded of ``deal.due``. ``scores`` has by id what each score
    comes to. ``deadline`` is by when the first of what is still to be done is due, leaving the stage with it.
    """

    deal: DealView = field(metadata=MAIN)
    todo: tuple[Todo, ...] = field(metadata=json_key("actions"))
    ways: tuple[Way, ...]
    reminders: tuple[datetime, ...] = ()
    scores: Mapping[str, ScoreSum] = field(default_factory=dict)
    deadline: str | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return answered, (self.inquiry, *(getattr(self, each.name) for each in fields(self)))


def answered(inquiry: Any, *parts: Any) -> Options:
    """The options that answer an inquiry, made of their fields in order."""
    options = Options(*parts)
    object.__setattr__(options, "inquiry", inquiry)
    return options
