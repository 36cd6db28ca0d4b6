"""A report as text for people: first what matters, then the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from procdef.render.report_activity import activity_tables
from procdef.render.report_headlines import headlines
from procdef.render.report_layout import counted, days, money, obstacle, percent, table
from procdef.render.text_layout import WIDTH, wrapped
from procdef.render.values import titled
from procdef.reports import Report
from procdef.reports.figures.arithmetic import rounded
from procdef.reports.report import Days, MainFigures, StageFigures, WorkingHours


class Named(NamedTuple):
    """What the ids of a report are called, and the days that it was asked for. ``words`` are what the process says of its
    criteria and actions."""

    stages: Mapping[str, str]
    reasons: Mapping[str, str]
    since: str | None = None
    until: str | None = None
    as_of: str | None = None
    measures: Mapping[str, str] = {}
    groups: Mapping[str, str] = {}
    words: Mapping[str, str] = {}


def report_text(report: Report, named: Named, width: int = WIDTH) -> str:
    """What matters, and tables behind it, ``width`` columns at most."""
    parts = [
        [f"{report.process}  {_period(named)}"],
        *headlines(report, named.stages, named.words, width),
        *_groups(report, named, width),
        *_stages(report, named, width),
        _losses(report, named, width),
        _refusals(report, named, width),
        _waivers(report, named, width),
        *activity_tables(report, named.words, width),
        _measures(report, named, width),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


_TWICE = (
    "(the table counts visits to a stage that ended in a loss, by when they began, also those of deals that were taken up "
    "again; elsewhere a deal counts once, as it is now)"
)
_MOST = 15
_MORE = "and {more} more; `procdef report --format json` lists them all"


def _period(named: Named) -> str:
    then = "" if named.as_of is None else f", as of {named.as_of}"
    if named.since is None and named.until is None:
        return f"all time{then}"
    return f"from {named.since or 'the beginning'} to {named.until or named.as_of or 'now'}{then}"


def _stages(report: Report, named: Named, width: int) -> Iterator[list[str]]:
    """Tables with a line for each stage, those of them in which there is something."""
    stages = [(named.stages.get(name, name), each) for name, each in report.stages.items()]
    if any(stage.entered for _, stage in stages):
        yield from _visits(report, stages, width)
    if any(stage.cohort.entered for _, stage in stages):
        rows = [(title, (s.cohort.entered, s.cohort.went_on, percent(s.cohort.rate.percent))) for title, s in stages]
        yield table("of deals started", ("came here", "went on", "share"), rows, width)
    ages = [(title, (s.present, days(s.age.median_days), days(s.age.longest_days))) for title, s in stages if s.present]
    yield table("still in a stage", ("deals", "median days", "longest"), ages, width)
    now = [(title, (s.under_way, s.overdue, s.idle)) for title, s in stages if s.under_way]
    yield table("in a stage now", ("deals", "overdue", f"idle {report.idle_days} d"), now, width)
    yield table("done after it was due", ("actions",), [(title, (s.done_late,)) for title, s in stages if s.done_late], width)


def _visits(report: Report, stages: Sequence[tuple[str, StageFigures]], width: int) -> Iterator[list[str]]:
    rows = [(title, (s.entered, s.advanced + s.finished, s.returned, s.lost)) for title, s in stages]
    visits = table("visits to a stage", ("entered", "forward", "back", "lost"), rows, width)
    twice = sum(stage.lost for _, stage in stages) != report.main.deals.lost
    yield [*visits, *(wrapped(_TWICE, width, "", "  ") if twice else ())]
    spreads = ("median", "mean", "90th percentile")
    times = [(title, tuple(map(days, _of(s.time)))) for title, s in stages]
    yield table("days in a stage", spreads, times, width)
    working = [(title, tuple(map(days, _of(s.working_time)))) for title, s in stages if s.working_time is not None]
    yield table("working hours", spreads, working, width)


def _of(spread: Days | WorkingHours) -> tuple[float | None, ...]:
    if isinstance(spread, Days):
        return spread.median_days, spread.mean_days, spread.percentile_90_days
    return spread.median_hours, spread.mean_hours, spread.percentile_90_hours


def _groups(report: Report, named: Named, width: int) -> Iterator[list[str]]:
    """Two tables with a line for each group, and one for each currency."""
    if report.by is None:
        return
    head = f"by {report.by}"
    groups = [(named.groups.get(name, name), each) for name, each in report.groups.items()]
    rows = [(name, (g.deals.started, g.deals.open, g.deals.won, g.deals.lost)) for name, g in groups]
    yield table(head, ("started", "open", "won", "lost"), rows, width)
    yield table(head, ("offers", "hit rate", "at 95 %", "win rate"), [(name, _rates(g)) for name, g in groups], width)
    for currency in dict.fromkeys(name for _, g in groups for name in g.money):
        of_it = [(name, g.money[currency]) for name, g in groups if currency in g.money]
        sums = [(name, (m.n, amount(m.won_value), amount(m.mean), amount(m.expected))) for name, m in of_it]
        yield table(f"{head}, {currency}".rstrip(", "), ("won", "value", "mean", "an offer"), sums, width)


def _rates(group: MainFigures) -> tuple[object, ...]:
    hit = group.hit_rate
    between = "n/a" if hit.low is None or hit.high is None else f"{rounded(hit.low, 0)}-{rounded(hit.high, 0)}"
    return hit.n, percent(hit.percent), between, percent(group.win_rate.percent)


def amount(value: Decimal | None) -> str:
    """An amount, or ``n/a`` where there is none."""
    return "n/a" if value is None else f"{value:f}"


def _losses(report: Report, named: Named, width: int) -> list[str]:
    found = []
    for reason, loss in report.losses.items():
        places = ", ".join(f"{named.stages.get(stage, stage)} {part.deals}" for stage, part in loss.stages.items())
        worth = f", worth {money(loss.value)}" if loss.value else ""
        found.append((loss.deals, f"{titled(reason, named.reasons)}: {places}{worth}"))
    return _counts("lost because of", found, width)


def _refusals(report: Report, named: Named, width: int) -> list[str]:
    found = [(each.times + each.starts, obstacle(name, each, named.words)) for name, each in report.refusals.items()]
    return _counts("refused because", found, width)


def _waivers(report: Report, named: Named, width: int) -> list[str]:
    found = []
    for name, each in report.waivers.items():
        people = ", ".join(f"{person} {times}" for person, times in each.people.items())
        said = f" ({named.words[name]})" if name in named.words else ""
        found.append((each.times, f"{name}{said}: {counted(each.deals, 'deal')}{people and f', waived by {people}'}"))
    return _counts("waived", found, width)


def _measures(report: Report, named: Named, width: int) -> list[str]:
    lines = []
    for name, each in report.measures.items():
        value = money(each.money) if each.money else amount(each.value)
        of = f"{each.aggregate} of {each.field}, {counted(each.n, 'deal')} {each.over}"
        told = f"{named.measures.get(name, name)}: {value} ({of})"
        lines += wrapped(told, width, "  ", "    ")
    return ["measures", *lines] if lines else []


def _counts(head: str, counts: list[tuple[int, str]], width: int) -> list[str]:
    if not counts:
        return []
    lines = [part for n, name in counts[:_MOST] for part in wrapped(name, width, f"  {n:>6}  ", " " * 10)]
    more = len(counts) - _MOST
    return [head, *lines, *(wrapped(_MORE.format(more=more), width, "", "  ") if more > 0 else ())]
