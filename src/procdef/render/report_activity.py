"""What was done, what customers objected to, and what slipped: blocks of a report as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procdef.render.report_layout import counted, days, percent, table
from procdef.reports.report import ActivityFigures, ClosingMoved, Decided, Report, ValueMoved

_WIDEST = 3
"""So many ways of an action are shown."""


def activity_tables(report: Report, words: Mapping[str, str], width: int) -> Iterator[list[str]]:
    """Blocks of lines; none of a log that has no activities."""
    if report.activity is not None:
        yield from _done(report.activity, words, width)
    rows = [
        (name, (each.met.deals, _share(each.met), each.beside.deals, _share(each.beside)))
        for name, each in (report.objections or {}).items()
    ]
    yield table("objections", ("deals", "won of closed", "all there", "won of them"), rows, width)
    if report.slippage is not None:
        yield _slipped(report.slippage.close, report.slippage.value)


def _done(activity: ActivityFigures, words: Mapping[str, str], width: int) -> Iterator[list[str]]:
    actions = [(words.get(name, name), (each.times, each.deals)) for name, each in activity.actions.items()]
    yield table("what was done", ("times", "deals"), actions, width)
    notes = [(name, (each.times, each.deals)) for name, each in activity.notes.items()]
    yield table("notes", ("times", "deals"), notes, width)
    ways = [
        (words.get(name, name), ", ".join(f"{way} {times}" for way, times in [*each.ways.items()][:_WIDEST]))
        for name, each in activity.actions.items()
        if len(each.ways) > 1
    ]
    yield ["in which ways", *(f"  {name}: {told}" for name, told in ways)] if ways else []


def _share(of: Decided) -> str:
    return percent(of.win_rate.percent)


def _slipped(close: ClosingMoved, value: ValueMoved) -> list[str]:
    lines = []
    if close.later:
        lines.append(
            f"  closing put off in {close.later} of {counted(close.deals, 'deal')}, {counted(close.times, 'time')}, by "
            f"{days(close.days.median_days)} days (median), {days(close.days.percentile_90_days)} (90th percentile)"
        )
    if value.up or value.down:
        moved = ", ".join(f"+{each.up:f} and -{each.down:f} {currency}".rstrip() for currency, each in value.money.items())
        of = counted(value.deals, "deal")
        lines.append(f"  value since the offer: up in {value.up}, down in {value.down} of {of}: {moved}")
    return ["what slipped", *lines] if lines else []
