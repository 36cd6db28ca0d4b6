"""What a report begins with: goals, rates, where deals stall, what blocks them, and what was won."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from procdef.render.report_layout import counted, days, interval, obstacle, percent
from procdef.render.text_layout import wrapped
from procdef.reports.periods import last_day
from procdef.reports.report import Goal, Rate, Report, StageFigures
from procdef.time_zones import zone

_MOST = 3
"""So many stages, and so many obstacles, are told first."""
_NOTABLE = 0.005
"""Days that are shown as 0.01: stays that are shorter are all alike."""


def headlines(report: Report, stages: Mapping[str, str], words: Mapping[str, str], width: int) -> Iterator[list[str]]:
    """Blocks of lines."""
    yield _block("goals", [_goal(name, goal, report) for name, goal in report.goals.items()], width)
    main, deals = report.main, report.main.deals
    rates = [
        f"hit rate  {_rate(main.hit_rate, 'won offers / (won + lost offers)', main.offers.won, main.offers.lost)}",
        f"win rate  {_rate(main.win_rate, 'won / (won + lost) of all closed deals', deals.won, deals.lost)}",
        f"deals     started {deals.started}, open {deals.open}, won {deals.won}, lost {deals.lost}, "
        f"finished {deals.finished}; now {deals.under_way} under way{_won_too(report)}, {deals.overdue} overdue, "
        f"{deals.idle} idle for {counted(report.idle_days, 'day')}",
        *_money(report),
        *_growth(report),
        *_reported(report),
    ]
    yield [part for line in rates for part in wrapped(line, width, "", "  ")]
    yield _block("where deals stall", list(_stalls(report, stages)), width)
    blocked = [obstacle(name, each, words) for name, each in report.refusals.items() if each.deals]
    yield _block("what blocks most deals", blocked[:_MOST], width)


def _block(head: str, told: list[str], width: int) -> list[str]:
    return [head, *(part for line in told for part in wrapped(line, width, "  ", "    "))] if told else []


def _rate(rate: Rate, formula: str, won: int, lost: int) -> str:
    between = f"; {interval(rate)}" if rate.n else ""
    return f"{percent(rate.percent)}  ({formula}; {won} won, {lost} lost{between})"


_UNITS = {"hit_rate": " %", "win_rate": " %", "won_deals": " deals", "new_deals": " deals"}
_STANDINGS = {"reached": "reached", "on_track": "on track", "missed": "MISSED", "behind": "BEHIND"}
_NAMES = {
    "hit_rate": "hit rate", "win_rate": "win rate", "won_value": "won value", "won_deals": "won deals",
    "new_deals": "new deals",
}  # fmt: skip


def _goal(name: str, goal: Goal, report: Report) -> str:
    unit = _UNITS.get(name, f" {goal.currency or ''}".rstrip())
    actual = "n/a" if goal.actual is None else f"{goal.actual:f}"
    share = "" if goal.share is None else f": {goal.share:f} % of it"
    gone = "" if goal.time_gone is None else f", {goal.time_gone:f} % of the time gone"
    whole = (goal.start, goal.end) == (report.since, report.until)
    per = "" if goal.per is None else " in the period" if whole else f" a {goal.per}{_measured(goal, report)}"
    verdict = f", {_STANDINGS[goal.standing]}" if goal.standing is not None else ""
    return f"{_NAMES.get(name, name)}  {actual} of {goal.target:f}{unit}{per}{share}{gone}{verdict}"


def _measured(goal: Goal, report: Report) -> str:
    """The days over which a goal with a time is measured, which need not be those of the report."""
    return "" if goal.start is None or goal.end is None else f" ({_dates(goal.start, goal.end, report)})"


def _dates(since: str, until: str, report: Report) -> str:
    """The first and the last day of a time, on the clocks of the process."""
    where = zone(report.timezone)
    return f"{datetime.fromisoformat(since).astimezone(where).date()} to {last_day(until, where)}"


def _won_too(report: Report) -> str:
    """That deals under way are more than those that are open."""
    deals = report.main.deals
    return " (won ones too)" if (deals.under_way or 0) > deals.open else ""


def _money(report: Report) -> Iterator[str]:
    main = report.main
    for currency, each in main.money.items():
        unit = f" {currency}".rstrip()
        if each.won_value is None:
            yield f"won value n/a{unit and f' ({unit.strip()})'}"
            continue
        told = f"won value {each.won_value:f}{unit}  ({counted(each.n, 'deal')}; mean {each.mean:f}, median {each.median:f}"
        yield told + (f"; velocity {each.velocity:f}{unit} a day)" if each.velocity is not None else ")")
    if main.cycle.n:
        yield f"to a win  {days(main.cycle.median_days)} days (median), {days(main.cycle.percentile_90_days)} (90th percentile)"


def _growth(report: Report) -> Iterator[str]:
    growth = report.growth
    if growth is None:
        return
    told = [f"{name} {each.now} after {each.before}" for name, each in (("started", growth.started), ("won", growth.won))]
    for currency, each in growth.won_value.items():
        now, before = (("n/a" if value is None else f"{value:f}") for value in (each.now, each.before))
        change = "" if each.change is None else f" ({each.change:+f} %)"
        told.append(f"won value {now} after {before} {currency}".rstrip() + change)
    yield f"growth    {', '.join(told)}, beside the period before ({_dates(growth.since, growth.until, report)})"


def _reported(report: Report) -> Iterator[str]:
    """What was told at the end of a period that is over, where it is another now."""
    then, now = report.reported, report.main
    if then is None:
        return
    told = []
    for currency in dict.fromkeys((*then.money, *now.money)):
        was, has = (each.money[currency].won_value if currency in each.money else None for each in (then, now))
        if was != has:
            told.append(f"won value {_or_none(was)} {currency}".rstrip() + f" (now {_or_none(has)})")
    for name in ("started", "open", "won", "lost", "finished"):
        count, today = getattr(then.deals, name), getattr(now.deals, name)
        if count != today:
            told.append(f"{name} {count} (now {today})")
    for name, rate, today in (("hit rate", then.hit_rate, now.hit_rate), ("win rate", then.win_rate, now.win_rate)):
        if rate.percent != today.percent:
            told.append(f"{name} {percent(rate.percent)} (now {percent(today.percent)})")
    yield f"as of the end of the period it was: {', '.join(told) or 'told otherwise, see --format json'}"


def _or_none(value: Decimal | None) -> str:
    return "n/a" if value is None else f"{value:f}"


def _stalls(report: Report, titles: Mapping[str, str]) -> Iterator[str]:
    """The stages where deals are late or idle, most of them first; then where they stay longest, and where most are lost."""
    deals = report.main.deals
    if deals.idle and deals.idle == deals.open and report.until is None:
        yield f"no open deal had a step for {counted(report.idle_days, 'day')}: is everything written down?"
    late = [(name, s) for name, s in report.stages.items() if s.overdue or s.idle]
    late.sort(key=lambda item: (-item[1].overdue, -item[1].idle))
    for name, stage in late[:_MOST]:
        yield (
            f"{titles.get(name, name)}: {stage.overdue} overdue and {stage.idle} idle of {counted(stage.under_way, 'deal')} "
            f"there now; {_stay(stage)}"
        )
    timed = [(name, s) for name, s in report.stages.items() if (s.time.median_days or 0) >= _NOTABLE]
    if timed:
        name, stage = max(timed, key=lambda item: item[1].time.median_days or 0)
        yield f"{titles.get(name, name)}: the longest stay, {_stay(stage)}"
    losing = [(name, s) for name, s in report.stages.items() if s.lost]
    if losing:
        name, stage = max(losing, key=lambda item: item[1].lost)
        yield f"{titles.get(name, name)}: the most losses, {stage.lost} of {counted(stage.entered, 'visit')}"


def _stay(stage: StageFigures) -> str:
    if stage.time.median_days is None:
        return "none has left it"
    return f"{days(stage.time.median_days)} days (median), {days(stage.time.percentile_90_days)} (90th percentile)"
