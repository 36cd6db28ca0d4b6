"""Somebody who could take a step, or why not."""

from __future__ import annotations

from dataclasses import dataclass

from procdef.results.result import Result


@dataclass(frozen=True, slots=True)
class Candidate(Result):
    """Somebody in the directory of people who has a role for a step on the day that was asked about.

    ``roles`` are those of their roles by which they may, ``deputy_of`` the people for whom they stand in where it takes that.
    They can where ``why_not`` is ``None``: else it says what rule keeps them from it, though they have the role.
    """

    person: str
    roles: tuple[str, ...]
    deputy_of: tuple[str, ...]
    why_not: str | None = None

    @property
    def can(self) -> bool:
        """Whether no rule keeps them from it."""
        return self.why_not is None
