"""What came of a step, before that is held against what was expected."""

from __future__ import annotations

from typing import NamedTuple

from procdef.results.done import Done
from procdef.results.refusal import StepRefused


class Taken(NamedTuple):
    """What came of a step: it was applied and wrote ``events``, it was ``refused``, or there is an ``error``. Of a step that
    does nothing there is none of these."""

    done: Done | None = None
    refused: StepRefused | None = None
    error: str | None = None

    @property
    def event_types(self) -> list[str]:
        """The types of the events that it wrote, in order."""
        if self.refused is not None:
            return ["step.refused"]
        return [event.type for event in self.done.events] if self.done is not None else []
