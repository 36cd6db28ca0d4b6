"""What every section of the report is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procdef.pages.report.named import Named
from procdef.pages.report.said import Said
from procdef.reports.report import Report

GATES = frozenset((
    "criterion-unmet", "criterion-unknown", "action-open", "when-unknown", "approver-unknown", "needs-open", "records-unset",
))  # fmt: skip
"""The codes that say that a deal was not ready; the others are mistakes, or steps that were another person's to take."""


@dataclass(frozen=True, slots=True)
class View:
    """A report, what its ids are called, the page's own words, and ``about``, which log the report was counted from."""

    report: Report
    named: Named
    said: Said
    about: Mapping[str, Any]

    @property
    def period(self) -> str:
        """The period in words."""
        since, until, said = self.report.since, self.report.until, self.said
        if since is None and until is None:
            return said.text("all_time")
        first = said.day(since) if since else said.text("the_beginning")
        return said.text("period", first=first, last=said.last_day(until) if until else said.day(self.report.now))

    def foot(self, n: str) -> str:
        """What stands under a chart: n, the period, and the source."""
        return self.said.text("foot", n=n, period=self.period, source=self.source)

    @property
    def source(self) -> str:
        """Which log, up to which event."""
        log, size = str(self.about["log"])[:8], self.said.number(self.about["checkpoint"]["size"])
        return self.said.text("log_at", log=log, size=size)

    def blocking(self) -> list[str]:
        """The items that held deals up, those of most deals first: criteria that were not met, and actions not done."""
        found = self.report.refusals
        return sorted(
            (item for item, refusal in found.items() if self.named.gates(item) and GATES & set(refusal.codes)),
            key=lambda item: (-found[item].deals, -found[item].times, item),
        )
