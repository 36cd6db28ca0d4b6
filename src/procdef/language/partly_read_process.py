"""A process definition as far as it could be read, and which parts of the file it lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from procdef.language.faulty_parts import Faulty
from procdef.model import ProcessDefinition


@dataclass(frozen=True, eq=False)
class Draft:
    """What the rules look at. ``process`` holds only the sound parts of the file; ``faulty`` knows the others.

    A part that was left out for one error must not cause others: a rule that would miss something asks ``faulty`` first.
    ``line`` tells the line of a route, 0 where the file has none.
    """

    process: ProcessDefinition
    faulty: Faulty
    line: Callable[..., int]

    def broken(self, *route: str | int) -> bool:
        """Whether something at that route, below it or above it has an error of its own."""
        return self.faulty.touches(route)
