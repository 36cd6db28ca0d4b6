"""What came of scenarios: for each whether it went as expected, and where it did not, what was found instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from procdef.results.refusal import StepRefused
from procdef.results.result import Result


@dataclass(frozen=True, slots=True)
class UnmetExpectation(Result):
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
    differences: tuple[UnmetExpectation, ...] = ()
    refusal: str | None = None
    seconds: float = field(default=0.0)

    @property
    def passed(self) -> bool:
        """Whether all of it went as expected."""
        return self.status == "passed"


@dataclass(frozen=True, slots=True)
class PlayedFile(Result):
    """What came of a file of scenarios. ``coverage`` is how much of the process they tried, in percent with one decimal (100.0
    only where it is all), and ``untried`` what they left, in words."""

    file: str
    outcomes: tuple[Outcome, ...]
    coverage: Decimal
    untried: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all of them went as expected."""
        return all(each.passed for each in self.outcomes)


def outcome(refused: StepRefused | None, **parts: Any) -> Outcome:
    """How a scenario went, with the refusal of the step at which it ended."""
    made = Outcome(**parts)
    object.__setattr__(made, "refused", refused)
    return made
