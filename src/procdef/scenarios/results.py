"""What came of scenarios: for each whether it went as expected, and where it did not, what was found instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from procdef.results.refusal import StepRefused
from procdef.results.result import Result


@dataclass(frozen=True, slots=True)
class Difference(Result):
    """Something that is not as expected. ``key`` is that of the step, as ``then.stage``, and ``line`` where it stands; both
    sides are in words."""

    line: int
    key: str
    expected: str
    found: str


class _Told(Result):
    """With the refusal itself, for whoever shows it as a seller reads it."""

    __slots__ = ("refused",)
    refused: StepRefused | None


@dataclass(frozen=True, slots=True)
class Outcome(_Told):
    """How one scenario went. It ended at ``step``, from 1, where there are ``differences``; ``refusal`` is what stood in that
    step's way, where it was refused. ``seconds`` is how long it took."""

    file: str
    line: int
    scenario: str
    title: str
    status: Literal["passed", "failed"]
    steps: int
    step: int | None = None
    differences: tuple[Difference, ...] = ()
    refusal: str | None = None
    seconds: float = field(default=0.0)

    @property
    def passed(self) -> bool:
        """Whether all of it went as expected."""
        return self.status == "passed"


def outcome(refused: StepRefused | None, **parts: Any) -> Outcome:
    """How a scenario went, with the refusal of the step at which it ended."""
    made = Outcome(**parts)
    object.__setattr__(made, "refused", refused)
    return made
