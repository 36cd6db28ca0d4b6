"""What a process says of its stages to the forecast: each stage as the newest version says that has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procdef.model import ProcessDefinition
from procdef.reports.forecast.results import Category


@dataclass(frozen=True, slots=True)
class StageSettings:
    """``declared``: of each stage before the win the probability between 0 and 1, where one is declared. ``categories``: that
    of every stage."""

    declared: Mapping[str, float | None]
    categories: Mapping[str, Category]

    def category(self, stage: str) -> Category:
        """What deals in a stage count as."""
        return self.categories.get(stage, "pipeline")


def stage_settings(versions: Sequence[ProcessDefinition]) -> StageSettings:
    """Those of a process. ``versions`` rise; stages stand in the order of the newest, those that it dropped behind."""
    ordered = dict.fromkeys(name for definition in reversed(versions) for name in definition.stages)
    latest = {name: next(each for each in reversed(versions) if name in each.stages) for name in ordered}
    declared: dict[str, float | None] = {}
    for name, definition in latest.items():
        probability = definition.stages[name].probability
        if name not in definition.won_side:
            declared[name] = None if probability is None else float(probability) / 100
    return StageSettings(declared, {name: definition.stages[name].forecast for name, definition in latest.items()})
