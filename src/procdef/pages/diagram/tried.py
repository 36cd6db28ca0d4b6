"""What a picture says of the scenarios of a process: what they tried of each stage and each way, and what they did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from procdef.pages.diagram.counts import Figure, number
from procdef.scenarios.coverage import Coverage

_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Tried:
    """What scenarios tried of a process."""

    coverage: Coverage

    @property
    def told(self) -> str:
        """How much is tried in all."""
        return f"Scenarios try {self.coverage.told}; at the ways stands how many take them"

    @property
    def ways(self) -> Mapping[tuple[str, str], int]:
        """How many scenarios took each way on or back."""
        return self.coverage.ways

    @property
    def heading(self) -> str:
        """What the figures of a stage are, where they are read out."""
        return "Scenarios"

    @property
    def lost(self) -> str:
        """How many reasons for losing were tried, and whether to reopen was, where that is possible."""
        losses = [scenarios for item, scenarios in self.coverage.tried.items() if item.kind == "losses"]
        told = f"{number(sum(map(bool, losses)))} of {number(len(losses))} losses tried"
        for item, scenarios in self.coverage.tried.items():
            if item.kind == "reopenings":
                told += f", reopening {'tried' if scenarios else 'not tried'}"
        return f"{told}. "

    def figures(self, stage: str) -> tuple[Figure, ...]:
        """How much of a stage is tried, and what is not."""
        every, missing = self.coverage.within(stage)
        if not missing:
            return (Figure(f"✓ all {number(len(every))} tried", "here"),)
        named = [Figure(f"✗ {item.short}", "late") for item in missing[:_MOST_NAMED]]
        more = len(missing) - len(named)
        rest = [Figure(f"and {number(more)} more", "late")] if more else []
        return (Figure(f"{number(len(every) - len(missing))} of {number(len(every))} tried", "here"), *named, *rest)

    def taken(self, times: int) -> str:
        """How many scenarios take a way, where that is read out."""
        return "not tried" if times == 0 else f"tried by {number(times)} {'scenario' if times == 1 else 'scenarios'}"

    def elsewhere(self, stages: frozenset[str], ways: frozenset[tuple[str, str]]) -> str:
        """Nothing: scenarios are played through the process that is drawn."""
        return ""
