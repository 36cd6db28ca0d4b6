"""What every part of the page of a simulation needs: its words, its titles, and how its figures are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from procdef.model import ProcessDefinition
from procdef.pages.report.said import Said
from procdef.simulation.results import Range, Simulated
from procdef.simulation.source import Source

PERCENT = ("hit_rate", "win_rate", "overdue")


@dataclass(frozen=True, slots=True)
class View:
    """``titles`` are those of roles, stages, actions and criteria; ``found`` is what the charts are of."""

    found: Simulated
    definition: ProcessDefinition
    titles: Mapping[str, str]
    said: Said

    def title(self, name: str) -> str:
        """What people call it."""
        return self.titles.get(name, name)

    def figure(self, name: str, value: Decimal | None) -> str:
        """One of the main figures, with its unit."""
        if name == "won_value":
            return self.said.money(value, self.found.currency)
        if name in PERCENT:
            return self.said.percent(value, 1)
        return self.number(value)

    def number(self, value: Decimal | None) -> str:
        """A figure with as many decimals as say something."""
        return self.said.number(value, 0 if value is not None and abs(value) >= 1000 else 1)

    def spread(self, found: Range | None, name: str = "") -> str:
        """The median, and between what eight of ten runs lie."""
        if found is None:
            return self.said.number(None)
        low, middle, high = (
            self.figure(name, each) for each in (found.percentile_10, found.percentile_50, found.percentile_90)
        )
        return middle if low == high else self.said.text("value", low=low, middle=middle, high=high)

    def difference(self, name: str, value: Decimal | None, words: str = "points_short") -> str:
        """By how much one of the main figures differs: of percentages in percentage points, called so by ``words``."""
        if name in PERCENT:
            return self.said.text(words, n=self.number(value))
        return self.figure(name, value)

    def source(self, of: Source) -> str:
        """Where the assumptions are from."""
        said, changed = self.said, ", ".join(of.sets)
        begins = of.name if of.kind == "file" else said.text(f"from_{of.kind}", name=of.name)
        if of.second is not None:
            begins = said.text("beside", first=begins, second=of.second)
        return said.text("changed", source=begins, sets=changed) if changed else begins

    def foot(self) -> str:
        """What stands below every chart."""
        return self.said.text("foot", runs=self.said.of(self.found.runs, "run"), seed=self.found.seed)
