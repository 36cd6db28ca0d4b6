"""Goals: what was reached of each, beside the share of the time that is gone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from procdef.pages.charts import Bar, Key, Mark, Point, Row, Rows
from procdef.pages.report.parts import Cell, Column, Picture, Section, Table, pictures_first
from procdef.pages.report.view import View
from procdef.reports.report import Goal

RATES = frozenset({"hit_rate", "win_rate"})


def goals(view: View) -> Section:
    """The goals of the process."""
    said, found = view.said, view.report.goals
    rows = tuple(
        Row(title(view, name), f"{reached(view, name)}: {state(view, goal)}", _marks(goal)) for name, goal in found.items()
    )
    deals = view.report.main.deals
    chart = Rows(
        said.text("goals_chart"), said.text("percent_of_target"), rows,
        (Key("bar", said.text("actual")), Key("limit", said.text("target")), Key("diamond", said.text("time_gone"))),
        view.foot(said.text("goals_n", won=said.of(deals.won, "deal"), started=said.of(deals.started, "deal"))),
        said.language, "\u00a0%",
    )  # fmt: skip
    return Section(
        "goals", said("goals"), (said("goals_intro"),), ("goals", "hit_rate", "win_rate"),
        pictures_first(Picture(chart, "goals") if rows else None, [_table(view), _growth(view), _reported(view)]),
        said("no_goals"),
    )  # fmt: skip


def title(view: View, name: str) -> str:
    """What a goal is called, with the time in which it is to be reached: ``Won value in 2025-Q3``."""
    said, goal = view.said, view.report.goals[name]
    called = said.text(f"goal_{name}")
    return said.text("goal_in", goal=called, time=_when(view, goal)) if goal.per else called


def _when(view: View, goal: Goal) -> str:
    """The week, month, quarter or year in which a goal is to be reached, where that is not just the time of the report."""
    if goal.start is None or (goal.start, goal.end) == (view.report.since, view.report.until):
        return view.said.text("this_time")
    first = date.fromisoformat(view.said.day(goal.start))
    match goal.per:
        case "week":
            return f"{first:%G-W%V}"
        case "month":
            return first.isoformat()[:7]
        case "quarter":
            return f"{first.year}-Q{(first.month + 2) // 3}"
    return f"{first.year}"


_STANDINGS = {
    "reached": "goal_reached", "on_track": "on_track", "missed": "goal_missed", "behind": "behind", None: "nothing_counted",
}  # fmt: skip


def reached(view: View, name: str) -> str:
    """What was reached of the target, in the units of the goal."""
    said, goal = view.said, view.report.goals[name]
    return said.text("of_target", actual=amount(view, name, goal.actual), target=amount(view, name, goal.target))


def amount(view: View, name: str, value: Decimal | None) -> str:
    """A number in the unit of a goal."""
    said, goal = view.said, view.report.goals[name]
    return said.percent(value) if name in RATES else said.money(value, goal.currency)


def state(view: View, goal: Goal) -> str:
    """Whether it is on track, in words."""
    said = view.said
    word = said.text(_STANDINGS[goal.standing])
    if goal.standing is None or goal.time_gone is None or goal.share is None:
        return word
    return said.text("state", word=word, share=said.percent(goal.share), gone=said.percent(goal.time_gone))


def _marks(goal: Goal) -> tuple[Mark, ...]:
    share = None if goal.share is None else float(goal.share)
    gone = () if goal.time_gone is None else (Point(float(goal.time_gone), "diamond"),)
    return (Bar(share), Point(100.0, "limit"), *gone)


def _table(view: View) -> Table:
    said = view.said
    columns = [Column(said("goal"))] + [
        Column(said(key), True) for key in ("actual", "target", "share_of_target", "share_of_time", "n")
    ] + [Column(said("state_head")), Column(said("time_span"))]  # fmt: skip
    rows = tuple(
        (
            Cell(title(view, name)),
            Cell(amount(view, name, goal.actual), goal.actual),
            Cell(amount(view, name, goal.target), goal.target),
            Cell(said.percent(goal.share), goal.share),
            Cell(said.percent(goal.time_gone), goal.time_gone),
            Cell(said.number(goal.n), goal.n),
            Cell(said(_STANDINGS[goal.standing])),
            Cell(_span(view, goal)),
        )
        for name, goal in view.report.goals.items()
    )
    return Table(said("goals_caption"), tuple(columns), rows)


def _span(view: View, goal: Goal) -> str:
    said = view.said
    if goal.start is None or goal.end is None:
        return view.period
    return said.text("period", first=said.day(goal.start), last=said.last_day(goal.end))


def _growth(view: View) -> Table | None:
    """This period beside the one before."""
    said, growth = view.said, view.report.growth
    if growth is None:
        return None
    columns = [Column(said("figure"))] + [Column(said(key), True) for key in ("before", "now", "change")]
    rows = [
        (Cell(said(key)), Cell(said.number(of.before), of.before), Cell(said.number(of.now), of.now), _change(view, of.change))
        for key, of in (("started", growth.started), ("won", growth.won))
    ]
    rows += [
        (Cell(said("won_value")), Cell(said.money(of.before, currency), of.before), Cell(said.money(of.now, currency), of.now),
         _change(view, of.change))
        for currency, of in growth.won_value.items()
    ]  # fmt: skip
    span = said.text("period", first=said.day(growth.since), last=said.last_day(growth.until))
    return Table(said("growth_caption", before=span), tuple(columns), tuple(rows))


def _reported(view: View) -> Table | None:
    """A period that is over, as it was told when it ended, where that has changed."""
    said, then, now = view.said, view.report.reported, view.report.main
    if then is None:
        return None
    rows: list[tuple[Cell, ...]] = [
        (Cell(said(key)), Cell(said.number(before), before), Cell(said.number(after), after))
        for key, before, after in (
            ("started", then.deals.started, now.deals.started), ("won", then.deals.won, now.deals.won),
            ("lost", then.deals.lost, now.deals.lost), ("offers_made", then.offers.made, now.offers.made),
        )
    ]  # fmt: skip
    for key, was, rate in (("hit_rate", then.hit_rate, now.hit_rate), ("win_rate", then.win_rate, now.win_rate)):
        rows.append((Cell(said(key)), *(Cell(said.percent(of.percent), of.percent) for of in (was, rate))))
    for currency in sorted({*then.money, *now.money}):
        values = [of.money[currency].won_value if currency in of.money else None for of in (then, now)]
        rows.append((Cell(said("won_value")), *(Cell(said.money(value, currency), value) for value in values)))
    columns = (Column(said("figure")), Column(said("as_reported"), True), Column(said("as_it_stands"), True))
    return Table(said("reported_caption"), columns, tuple(rows))


def _change(view: View, change: Decimal | None) -> Cell:
    text = view.said.percent(change)
    return Cell(f"+{text}" if change is not None and change > 0 else text, change)
