"""Events of times that the clock has not reached."""

from __future__ import annotations

from dataclasses import dataclass

from procdef.results.result import Result


@dataclass(frozen=True, slots=True)
class AheadOfClock(Result):
    """What the clock says, and the events of later times: how many there are, and the time and place of the latest."""

    clock: str
    events: int
    latest: str
    stream: str
    n: int
