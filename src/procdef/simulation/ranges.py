"""The figures of several runs put together: what they come to on average, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import fsum

from procdef.model import ProcessDefinition
from procdef.reports.figures.arithmetic import nearest_rank, percent
from procdef.reports.report import MainFigures
from procdef.simulation.counting import RunFigures
from procdef.simulation.results import (
    ActionRanges,
    MainRanges,
    MonthRanges,
    QueueRanges,
    Range,
    RefusalRanges,
    RoleRanges,
    StageRanges,
)

_PLACES = Decimal("0.01")
_HOUR = 3600.0
Number = Decimal | float | int | None


def range_of(found: Iterable[Number]) -> Range | None:
    """The range of a figure over the runs that have one; ``None`` where none has."""
    known = sorted(number(each) for each in found if each is not None)
    if not known:
        return None
    mean = sum(known, Decimal(0)) / len(known)
    low, middle, high = (nearest_rank(known, share) for share in (10, 50, 90))
    return Range(places(mean), places(low), places(middle), places(high))


def number(given: Decimal | float | int) -> Decimal:
    """A figure as it is put together with others."""
    return given if isinstance(given, Decimal) else Decimal(repr(given))


def places(given: Decimal) -> Decimal:
    """A figure with two decimals."""
    return given.quantize(_PLACES)


def main_figures(run: RunFigures, definition: ProcessDefinition) -> dict[str, Number]:
    """The main figures of one run, by their names in ``MainRanges``."""
    main, months = run.report.main, run.months
    timed = [name for name, stage in definition.stages.items() if stage.sla is not None]
    visits = sum(run.report.stages[name].entered for name in timed)
    return {
        "started": _a_month(main.deals.started, months),
        "won_deals": _a_month(main.deals.won, months),
        "won_value": _value(main, definition.currency or "", months),
        "hit_rate": main.hit_rate.percent,
        "win_rate": main.win_rate.percent,
        "cycle_days": main.cycle.median_days,
        "overdue": percent(sum(run.overdue.get(name, 0) for name in timed), visits) if visits else None,
    }


def _a_month(count: float, months: float) -> float:
    return count / months if months > 0 else 0.0


def _value(main: MainFigures, currency: str, months: float) -> Number:
    money = main.money.get(currency)
    if money is None:
        return None
    return (money.won_value or Decimal(0)) / number(months) if months > 0 else Decimal(0)


def main_ranges(runs: Sequence[RunFigures], definition: ProcessDefinition) -> MainRanges:
    """The main figures over all runs."""
    each = [main_figures(run, definition) for run in runs]
    return MainRanges(**{name: range_of(one[name] for one in each) for name in each[0]})


def month_ranges(runs: Sequence[RunFigures], currency: str) -> tuple[MonthRanges, ...]:
    """What was won by month, in the months that any run has; a run that was over by then has won nothing."""
    names = sorted({name for run in runs for name in run.report.groups})
    found = []
    for name in names:
        groups = [run.report.groups.get(name) for run in runs]
        won = range_of(0 if group is None else group.deals.won for group in groups)
        value = range_of(Decimal(0) if group is None else _value(group, currency, 1.0) for group in groups)
        assert won is not None
        found.append(MonthRanges(name, won, value))
    return tuple(found)


def stage_ranges(runs: Sequence[RunFigures], definition: ProcessDefinition) -> dict[str, StageRanges]:
    """The stages over all runs."""
    found = {}
    for name, stage in definition.stages.items():
        rows = [run.report.stages[name] for run in runs]
        flows = [(run.flows[name], run.months) for run in runs]
        found[name] = StageRanges(
            entered=range_of(_a_month(row.entered, run.months) for run, row in zip(runs, rows, strict=True)),
            days=range_of(row.time.median_days for row in rows),
            forward=range_of(row.forward.percent for row in rows),
            overdue=_overdue(runs, name, name) if stage.sla is not None else None,
            left=range_of(_a_month(flow.ended, months) for flow, months in flows),
            growth=range_of(_a_month(flow.began - flow.ended, months) for flow, months in flows),
            there=range_of(flow.there for flow, _ in flows),
        )
    return found


def action_ranges(runs: Sequence[RunFigures], definition: ProcessDefinition) -> dict[str, ActionRanges]:
    """The actions that have a deadline of their own, over all runs."""
    timed = [action for action in definition.actions.values() if action.sla is not None]
    return {action.path: ActionRanges(_overdue(runs, action.path, action.stage)) for action in timed}


def _overdue(runs: Sequence[RunFigures], of: str, stage: str) -> Range | None:
    """In which share of the visits to a stage the deadline of something passed, of the runs that have visits."""
    visits = [(run.overdue.get(of, 0), run.report.stages[stage].entered) for run in runs]
    return range_of(percent(late, entered) for late, entered in visits if entered)


def role_ranges(runs: Sequence[RunFigures]) -> dict[str, RoleRanges]:
    """The roles over all runs."""
    found = {}
    for role, busy in runs[0].busy.items():
        waits = [[wait for (of, _), each in run.queues.items() if of == role for wait in each] for run in runs]
        found[role] = RoleRanges(
            people=busy.people,
            load=range_of(
                percent(run.busy[role].at_work, run.busy[role].there) for run in runs if run.busy[role].there
            ),
            waiting=range_of(_waiting(wait, run.office) for wait, run in zip(waits, runs, strict=True))
            if busy.people
            else None,
            wait_hours=range_of(_mean_hours(wait) for wait in waits),
        )
    return found


def queue_ranges(runs: Sequence[RunFigures]) -> tuple[QueueRanges, ...]:
    """What waits for whom over all runs: first what waits most."""
    places_ = dict.fromkeys(place for run in runs for place in (*run.queues, *run.left))
    found = []
    for role, item in places_:
        waits = [run.queues.get((role, item), ()) for run in runs]
        left = sum(run.left.get((role, item), 0) for run in runs)
        found.append(
            QueueRanges(
                role,
                item,
                range_of(_waiting(wait, run.office) for wait, run in zip(waits, runs, strict=True)),
                range_of(_mean_hours(wait) for wait in waits),
                places(Decimal(left) / len(runs)),
            )
        )
    return tuple(sorted(found, key=lambda each: (-(each.waiting.mean if each.waiting else 0), each.role, each.item)))


def _waiting(waits: Sequence[float], office: float) -> float | None:
    """How many waited on average: how many came in a time, times how long each waited (Little, "A Proof for the Queuing
    Formula L = λW", Operations Research 9, 1961)."""
    return fsum(waits) / office if office > 0 else None


def _mean_hours(waits: Sequence[float]) -> float | None:
    return fsum(waits) / len(waits) / _HOUR if waits else None


def refusal_ranges(runs: Sequence[RunFigures]) -> dict[str, RefusalRanges]:
    """What stood in the way of steps over all runs: first what did so most often."""
    found = {}
    for name in dict.fromkeys(name for run in runs for name in run.report.refusals):
        rows = [run.report.refusals.get(name) for run in runs]
        beside = list(zip(rows, runs, strict=True))
        times = range_of(_a_month(row.times + row.starts if row else 0, run.months) for row, run in beside)
        deals = range_of(_a_month(row.deals + row.starts if row else 0, run.months) for row, run in beside)
        assert times is not None
        assert deals is not None
        found[name] = RefusalRanges(times, deals)
    return dict(sorted(found.items(), key=lambda item: (-item[1].times.mean, item[0])))


def average(runs: Sequence[RunFigures], counts: Sequence[Mapping[str, int]]) -> dict[str, Decimal]:
    """Counts of an average run, the largest first."""
    names = dict.fromkeys(name for each in counts for name in each)
    found = {name: places(Decimal(sum(each.get(name, 0) for each in counts)) / len(runs)) for name in names}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
