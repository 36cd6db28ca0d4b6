"""What became of one step of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from procdef.results.refusal import Unmet
from procdef.results.result import Result


@dataclass(frozen=True, slots=True)
class StepResult(Result):
    """What became of one step of a file; ``line`` counts from 1. ``message`` says why it is refused or in error, ``unmet``
    what stood in its way, also where a refusal is repeated."""

    line: int
    deal: str
    status: Literal["applied", "refused", "repeated", "error"]
    message: str = ""
    unmet: tuple[Unmet, ...] = ()
