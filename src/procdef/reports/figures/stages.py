"""How deals come through the stages, how long they stay, and which of those that are there stall."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping

from procdef.reports.figures.arithmetic import days, hours, rate, seconds
from procdef.reports.history import History
from procdef.reports.report import Cohort, StageFigures
from procdef.reports.scope import END, Scope

_HOW = ("advanced", "returned", "lost", "finished")


class _Stage:
    """What is counted of one stage. Times are in seconds."""

    __slots__ = (
        "ages", "cohort", "done_late", "entered", "idle", "left", "lengths", "overdue", "under_way", "went_on", "working_ages",
        "working_lengths",
    )  # fmt: skip

    def __init__(self) -> None:
        self.left: Counter[str] = Counter()
        self.entered = self.cohort = self.went_on = self.under_way = self.overdue = self.idle = self.done_late = 0
        self.lengths, self.ages = array("d"), array("d")
        self.working_lengths, self.working_ages = array("d"), array("d")

    def merge(self, other: _Stage) -> None:
        """Count what the other has counted."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def sort(self) -> None:
        """Sort the times, so that each of several processes does its share: put together they are nearly sorted."""
        for name in ("lengths", "ages", "working_lengths", "working_ages"):
            setattr(self, name, array("d", sorted(getattr(self, name))))

    def figures(self, working: bool, told: bool) -> StageFigures:
        """What it comes to."""
        left, ended = self.left, len(self.lengths)
        return StageFigures(
            entered=self.entered,
            advanced=left["advanced"],
            returned=left["returned"],
            lost=left["lost"],
            finished=left["finished"],
            present=len(self.ages),
            forward=rate(left["advanced"] + left["finished"], ended),
            time=days(self.lengths),
            working_time=hours(self.working_lengths) if working else None,
            age=days(self.ages),
            working_age=hours(self.working_ages) if working else None,
            cohort=Cohort(self.cohort, self.went_on, rate(self.went_on, self.cohort)),
            under_way=self.under_way,
            overdue=self.overdue,
            idle=self.idle,
            done_late=self.done_late if told else None,
        )


class StagesTally:
    """The figures of each stage, in the order of the newest version; stages that only older ones had follow."""

    def __init__(self, scope: Scope, *, working: bool = True) -> None:
        """Without ``working`` working time is not counted, which takes longest."""
        self._scope = scope
        self._working = scope.working if working else None
        self.stages: dict[str, _Stage] = {}

    def add(self, history: History) -> None:
        """Count one deal."""
        deal, stages, scope = history.deal, self.stages, self._scope
        between = None if self._working is None else self._working.between
        since, until = scope.window
        started = since <= deal.started < until
        before, then = END, 0.0  # when the visit before ended, which is mostly when the next began
        entered: dict[str, bool] = {}
        """The stages that the deal ever entered, and whether it went on from them."""
        for stream, _, name, begun, left, how, _ in history.stays:
            if name not in stages:
                stages[name] = _Stage()
            if started:
                if how == "advanced" or how == "finished":
                    entered[name] = True
                elif name not in entered:
                    entered[name] = False
            if begun < since or begun >= until:
                continue
            stage = stages[name]
            stage.entered += 1
            start = then if begun == before else seconds(begun, stream)
            if left is not None and how in _HOW:
                stage.left[how] += 1
                before, then = left, seconds(left, stream)
                stage.lengths.append(then - start)
                if between is not None and (length := between(start, then)) is not None:
                    stage.working_lengths.append(length)
            else:
                end = seconds(max(scope.now, begun), stream)
                stage.ages.append(end - start)
                if between is not None and (length := between(start, end)) is not None:
                    stage.working_ages.append(length)
        for name, went_on in entered.items():
            stages[name].cohort += 1
            stages[name].went_on += went_on
        for each in history.activities:
            if each.kind == "overdue" and since <= each.occurred < until:
                stages.setdefault(each.item.partition(".")[0], _Stage()).done_late += 1
        if deal.mode == "open":
            self._present(history)

    def _present(self, history: History) -> None:
        deal, scope = history.deal, self._scope
        stage = self.stages.setdefault(deal.stage, _Stage())
        stage.under_way += 1
        stage.overdue += deal.due is not None and deal.due < scope.now
        stage.idle += deal.outcome == "open" and deal.active < scope.idle_before

    def merge(self, other: StagesTally) -> None:
        """Count what the other has counted, of other deals."""
        for name, stage in other.stages.items():
            self.stages.setdefault(name, _Stage()).merge(stage)

    def sort(self) -> None:
        """Sort the times of all stages."""
        for stage in self.stages.values():
            stage.sort()

    def figures(self, with_activities: bool = True) -> Mapping[str, StageFigures]:
        """What they come to; without ``with_activities`` nothing is known of what was done too late."""
        order = dict.fromkeys((*self._scope.newest.stages, *sorted(self.stages)))
        working = self._working is not None
        return {name: self.stages.get(name, _Stage()).figures(working, with_activities) for name in order}
