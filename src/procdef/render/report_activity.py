"""What was done, what customers objected to, and what slipped: blocks of a report as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procdef.render.report_layout import counted, days, percent, table
from procdef.render.text_layout import wrapped
from procdef.reports.report import ActivityFigures, ClosingMoved, Decided, Report, ValueMoved

_MOST_WAYS = 3
"""So many ways of an action are shown, the most frequent ones."""
_WON = '("won" of those that are won or lost by now; "there" are all deals that were in a stage whose playbook answers it)'


def activity_tables(report: Report, words: Mapping[str, str], width: int) -> Iterator[list[str]]:
    """Blocks of lines, ``width`` columns at most; none of a log that has no activities."""
    if report.activity is not None:
        yield from _done(report.activity, words, width)
    rows = [
        (name, (each.met.deals, _share(each.met), each.beside.deals, _share(each.beside)))
        for name, each in (report.objections or {}).items()
        if each.times
    ]
    if rows:
        yield [*table("objections", ("deals", "won", "there", "won"), rows, width), *wrapped(_WON, width, "", "  ")]
    if report.slippage is not None:
        yield _slipped(report.slippage.close, report.slippage.value, width)


def _done(activity: ActivityFigures, words: Mapping[str, str], width: int) -> Iterator[list[str]]:
    actions = [(words.get(name, name), (each.times, each.deals)) for name, each in activity.actions.items()]
    yield table("what was done", ("times", "deals"), actions, width)
    ways = [
        f"{words.get(name, name)}: " + ", ".join(f"{way} {times}" for way, times in [*each.ways.items()][:_MOST_WAYS])
        for name, each in activity.actions.items()
        if len(each.ways) > 1
    ]
    yield ["in which ways", *(part for told in ways for part in wrapped(told, width, "  ", "    "))] if ways else []
    notes = [(name, (each.times, each.deals)) for name, each in activity.notes.items()]
    yield table("notes", ("times", "deals"), notes, width)


def _share(of: Decided) -> str:
    return percent(of.win_rate.percent)


def _slipped(close: ClosingMoved, value: ValueMoved, width: int) -> list[str]:
    told = []
    if close.later:
        told.append(
            f"closing was put off in {close.later} of {counted(close.deals, 'deal')}, {counted(close.times, 'time')}, by "
            f"{days(close.days.median_days)} days (median), {days(close.days.percentile_90_days)} (90th percentile)"
        )
    if value.up or value.down:
        moved = ", ".join(f"+{each.up:f} and -{each.down:f} {currency}".rstrip() for currency, each in value.money.items())
        of = counted(value.deals, "deal")
        told.append(f"the value has risen since the offer in {value.up} and fallen in {value.down} of {of}: {moved}")
    return ["what slipped", *(part for line in told for part in wrapped(line, width, "  ", "    "))] if told else []
