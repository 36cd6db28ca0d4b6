"""The ids of a piece of work that may have to be done again: then it gets the same ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self


class GivenIds:
    """Ids in the order in which they were given out. A step that the database ended is done again under the same ids of its
    deal, its command and its events: whoever looks for one of them finds it, whichever attempt was stored."""

    __slots__ = ("_given", "_next")

    def __init__(self) -> None:
        self._given: list[str] = []
        self._next = 0

    def from_the_first(self) -> Self:
        """The same, for another attempt."""
        self._next = 0
        return self

    def take(self, count: int, make: Callable[[int], list[str]]) -> list[str]:
        """The next so many ids; ``make`` makes those that no earlier attempt came to."""
        end = self._next + count
        if (missing := end - len(self._given)) > 0:
            self._given += make(missing)
        taken, self._next = self._given[self._next : end], end
        return taken
