"""What became of one step of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from procdef.results.refusal import Unmet


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of one step of a file; ``line`` counts from 1. ``message`` says why it is refused or in error, ``unmet``
    what stood in its way, also where a refusal is repeated."""

    line: int
    deal: str
    status: Literal["applied", "refused", "repeated", "error"]
    message: str = ""
    unmet: tuple[Unmet, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return {
            "line": self.line, "deal": self.deal, "status": self.status, "message": self.message,
            "unmet": [item.as_dict() for item in self.unmet],
        }  # fmt: skip
