"""The parts of a report, counted side by side in one pass over the deals."""

from __future__ import annotations

from typing import Any

from procdef.reports.figures.activity import ActivityTally
from procdef.reports.figures.goals import GoalsTally
from procdef.reports.figures.groups import Grouping, GroupsTally
from procdef.reports.figures.growth import GrowthTally
from procdef.reports.figures.losses import LossesTally
from procdef.reports.figures.main_figures import MainTally
from procdef.reports.figures.measures import MeasuresTally, declared
from procdef.reports.figures.objections import ObjectionsTally
from procdef.reports.figures.obstacles import RefusalsTally, WaiversTally
from procdef.reports.figures.slippage import SlippageTally
from procdef.reports.figures.stages import StagesTally
from procdef.reports.history import History
from procdef.reports.report import MainFigures, Report
from procdef.reports.scope import Scope


def fields_of(scope: Scope, by: Grouping | None) -> tuple[str, ...]:
    """The fields whose values are needed."""
    measured = (each.field for each in declared(scope).values())
    return tuple(dict.fromkeys((*measured, *((by.field,) if by is not None and by.field is not None else ()))))


class Sections:
    """A tally of each part of a report; the attributes are named as the parts are."""

    def __init__(self, scope: Scope, by: Grouping | None) -> None:
        fields = fields_of(scope, by)
        self._scope, self._by = scope, by
        self.main = MainTally(scope)
        self.goals = GoalsTally(scope)
        self.growth = GrowthTally(scope)
        self.stages = StagesTally(scope)
        self.losses = LossesTally(scope)
        self.refusals = RefusalsTally(scope)
        self.waivers = WaiversTally(scope)
        self.measures = MeasuresTally(scope, fields)
        self.activity = ActivityTally(scope)
        self.objections = ObjectionsTally(scope)
        self.slippage = SlippageTally(scope)
        place = fields.index(by.field) if by is not None and by.field is not None else 0
        self.groups = None if by is None else GroupsTally(scope, by, place)
        self._adds = [tally.add for tally in self._tallies().values()]

    def _tallies(self) -> dict[str, Any]:
        return {name: tally for name in _PARTS if (tally := getattr(self, name)) is not None}

    def add(self, history: History) -> None:
        """Count one deal."""
        for add in self._adds:
            add(history)

    def merge(self, other: Sections) -> None:
        """Count what the other has counted, of other deals."""
        for name, tally in self._tallies().items():
            tally.merge(getattr(other, name))

    def report(self, reported: MainFigures | None = None, with_activities: bool = True) -> Report:
        """What they come to. ``reported``: as they stood at the end of the period; without ``with_activities`` nothing is told
        of these."""
        scope, by = self._scope, self._by
        return Report(
            process=scope.newest.id,
            since=scope.since,
            until=scope.until,
            now=scope.now,
            timezone=str(scope.newest.calendar.timezone),
            idle_days=scope.idle_days,
            main=self.main.figures(),
            goals=self.goals.figures(),
            growth=self.growth.figures(),
            stages=self.stages.figures(with_activities),
            losses=self.losses.figures(),
            refusals=self.refusals.figures(),
            waivers=self.waivers.figures(),
            measures=self.measures.figures(),
            activity=self.activity.figures() if with_activities else None,
            objections=self.objections.figures() if with_activities else None,
            slippage=self.slippage.figures() if with_activities else None,
            reported=reported,
            by=None if by is None else by.by,
            kind=None if by is None else by.kind,
            groups={} if self.groups is None else self.groups.figures(),
        )


_PARTS = (
    "main", "goals", "growth", "stages", "losses", "refusals", "waivers", "measures", "activity", "objections",
    "slippage", "groups",
)  # fmt: skip
