"""How sure the log is of the people in it: events by the weakest authentication in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from procdef.log.envelope import AUTH
from procdef.log.irregularity import Irregularity

_RANKS = {level: place for place, level in enumerate(AUTH)}


@dataclass(slots=True)
class Levels:
    """Counts events; with ``required``, one of ``AUTH``, every weaker event is a finding."""

    required: str | None = None
    counted: Counter[str] = field(default_factory=Counter)

    def count(self, event: Mapping[str, Any]) -> Iterator[Irregularity]:
        """Count an event that is well formed."""
        level = weakest(event)
        self.counted[level] += 1
        if self.required is not None and rank(level) < rank(self.required):
            yield Irregularity("weak-auth", event["stream"], event["n"], f"{self.required} or stronger", level)

    @property
    def shown(self) -> dict[str, int]:
        """The counts, weakest level first."""
        return {level: self.counted[level] for level in AUTH}


def weakest(event: Mapping[str, Any]) -> str:
    """The weaker level of who was authenticated and on whose behalf: an event is no surer than that."""
    level: str = event["by"]["auth"]
    if "for" not in event:
        return level
    behalf: str = event["for"]["auth"]
    return behalf if rank(behalf) < rank(level) else level


def rank(level: str) -> int:
    """Its place in ``AUTH``, from 0; -1 for an unknown level."""
    return _RANKS.get(level, -1)
