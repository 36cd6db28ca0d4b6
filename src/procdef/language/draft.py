"""A process definition as far as it could be read, and which parts of the file it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from procdef.diagnostics import Route
from procdef.language.pruning import touches
from procdef.model import ProcessDefinition


@dataclass(frozen=True, eq=False)
class Draft:
    """What the rules look at. ``process`` holds only the sound parts of the file; ``held_back`` names the others.

    A part that was left out for one error must not cause others: a rule that would miss something asks ``broken`` first.
    """

    process: ProcessDefinition
    held_back: frozenset[Route] = frozenset()

    def broken(self, *route: str | int) -> bool:
        """Whether something at that route, below it or above it was held back because of an error there."""
        return touches(self.held_back, route)

    def without(self, routes: Iterable[Route]) -> Draft:
        """The same draft with more routes held back."""
        return Draft(self.process, self.held_back | frozenset(routes))
