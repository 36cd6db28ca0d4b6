"""What came of a step, before that is held against what was expected."""

from __future__ import annotations

from typing import NamedTuple

from procdef.events.types import step_refused
from procdef.results.done import Done
from procdef.results.refusal import StepRefused
from procdef.results.timer_told import TimerTold


class Taken(NamedTuple):
    """What came of a step: it was applied, it was ``refused``, or there is an ``error``; of a step that does nothing there is
    none of these. ``timers`` went off before it, while the clock was moved."""

    timers: tuple[TimerTold, ...] = ()
    done: Done | None = None
    refused: StepRefused | None = None
    error: str | None = None

    def event_types(self, deal: str) -> list[str]:
        """The types of the events in the log of a deal since the step before, in order."""
        told = [f"timer.{each.kind}" for each in self.timers if each.deal == deal and each.kind != "failed"]
        if self.refused is not None:
            return [*told, step_refused.EVENT.name]
        return told + ([event.type for event in self.done.events] if self.done is not None else [])


def not_started(deal: str) -> str:
    """What is told where a step is about a deal that is not there, as nothing is before a scenario starts it."""
    return (
        f'no step before this one started the deal "{deal}": put one there with do: start, '
        "or name in `deal` the deal that was started"
    )
