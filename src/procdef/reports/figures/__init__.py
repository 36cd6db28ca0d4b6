"""The figures of a report, each defined once: a tally takes one deal's history after the other, takes in another tally of
the same scope (``merge``), and tells its figures."""

from __future__ import annotations

from typing import Any, Protocol, Self

from procdef.reports.history import History


class Tally(Protocol):
    """Something that is counted over deals. What it counts of several deals is the sum of what it counts of each."""

    def add(self, history: History) -> None:
        """Count one deal."""

    def merge(self, other: Self) -> None:
        """Count what the other has counted, of other deals."""

    def figures(self) -> Any:
        """What it comes to: a part of a report."""
