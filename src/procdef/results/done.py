"""A step that was applied."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from procdef.deal import Deal
from procdef.log.event import Written
from procdef.model import ProcessDefinition
from procdef.results.deal_view import DealView, view_of
from procdef.results.event import Event, opened
from procdef.results.result import MAIN, Result


class _Unopened(Result):
    """What ``deal`` and ``events`` are made of when somebody looks at them: most steps are taken by programs that do not."""

    __slots__ = ("_definition", "_state", "_written")
    _state: Deal
    _definition: ProcessDefinition
    _written: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Done(_Unopened):
    """A step that was applied: the deal after it, and the events that were written, with personal values in their places.

    ``replayed``: the request had been applied before. Then ``deal`` is the deal as it stands now, and nothing was written.
    ``dry_run``: the step was only tried, and nothing was stored.
    """

    deal: DealView = field(metadata=MAIN)
    events: tuple[Event, ...] = ()
    replayed: bool = False
    dry_run: bool = False

    if not TYPE_CHECKING:  # or a type checker would take any name for one that is there

        def __getattr__(self, name: str) -> Any:
            """Make what is looked at for the first time."""
            if name == "deal":
                made: Any = view_of(self._state, self._definition)
            elif name == "events":
                made = tuple(opened(e.body, {at: json.loads(value) for at, _, value in e.openings}) for e in self._written)
            else:
                raise AttributeError(f"'Done' object has no attribute {name!r}")
            object.__setattr__(self, name, made)
            return made


def done(
    state: Deal,
    definition: ProcessDefinition,
    written: tuple[Written, ...] = (),
    *,
    replayed: bool = False,
    dry_run: bool = False,
) -> Done:
    """The outcome of a step, of which nothing is copied or read before somebody looks at it."""
    outcome, put = Done.__new__(Done), object.__setattr__
    put(outcome, "_state", state)
    put(outcome, "_definition", definition)
    put(outcome, "_written", written)
    put(outcome, "replayed", replayed)
    put(outcome, "dry_run", dry_run)
    return outcome


def tried(outcome: Done) -> Done:
    """The outcome of a step that was only tried."""
    return done(outcome._state, outcome._definition, outcome._written, replayed=outcome.replayed, dry_run=True)
