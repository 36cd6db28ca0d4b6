"""The stages: how deals come through them, and how long they stay."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.pages.charts import Bar, Key, Mark, Point, Row, Rows, Span
from procdef.pages.report.parts import Cell, Column, Picture, Section, Table, pictures_first
from procdef.pages.report.view import View


def funnel(view: View) -> Section:
    """Of the deals started in the period: how many entered each stage, and how many went on."""
    said, stages = view.said, view.report.stages
    rows = tuple(
        Row(
            view.named.stage(name).text,
            said.text("funnel_row" if view.named.leads_on(name) else "funnel_end", entered=said.number(of.cohort.entered),
                      went_on=said.number(of.cohort.went_on), share=said.percent(of.cohort.rate.percent)),
            (Bar(of.cohort.entered), Bar(of.cohort.went_on, True)),
        )
        for name, of in stages.items()
    )  # fmt: skip
    started = view.report.main.deals.started
    chart = Rows(
        said.text("funnel_chart"), said.text("deals"), rows,
        (Key("bar", said.text("entered")), Key("other", said.text("went_on"))),
        view.foot(said.of(started, "deal")), said.language,
        more=said.text("rows_drawn"),
    )  # fmt: skip
    return Section(
        "funnel", said("funnel"), (said("funnel_intro"),), ("funnel", "visits"),
        pictures_first(Picture(chart, "funnel") if started else None, [_visits(view)]), said("no_deals"),
    )  # fmt: skip


def _visits(view: View) -> Table:
    said = view.said
    columns = [Column(said("stage"))] + [
        Column(said(key), True) for key in ("visits", "forward", "back", "lost", "still_there", "forward_share")
    ]
    rows = tuple(
        (
            Cell(view.named.stage(name)),
            Cell(said.number(of.entered), of.entered),
            Cell(said.number(of.advanced + of.finished), of.advanced + of.finished),
            Cell(said.number(of.returned), of.returned),
            Cell(said.number(of.lost), of.lost),
            Cell(said.number(of.present), of.present),
            Cell(said.percent(of.forward.percent), of.forward.percent),
        )
        for name, of in view.report.stages.items()
        if of.entered
    )
    return Table(said("visits_caption"), tuple(columns), rows)


def times(view: View) -> Section:
    """How long deals stay, and how long those have stayed that are still there."""
    said, stages = view.said, view.report.stages
    rows = tuple(
        Row(view.named.stage(name).text, "; ".join(_times_said(view, name)), tuple(_marks(view, name)))
        for name, of in stages.items()
        if of.time.n or of.age.n
    )
    ended, going_on = sum(of.time.n for of in stages.values()), sum(of.age.n for of in stages.values())
    chart = Rows(
        said.text("times_chart"), said.text("days_of_24_hours"), rows,
        (Key("dot", said.text("median")), Key("tip", said.text("percentile_90")), Key("diamond", said.text("median_age"))),
        view.foot(said.text("visits_n", ended=said.of(ended, "visit"), going_on=said.number(going_on))), said.language,
        more=said.text("rows_drawn"),
    )  # fmt: skip
    tables = [_here_now(view), _late(view), _working(view)]
    return Section(
        "times", said("times"), (said("times_intro"),), ("time_in_stage", "overdue", "idle"),
        pictures_first(Picture(chart, "times") if rows else None, tables), said("no_visits"),
    )  # fmt: skip


def _times_said(view: View, name: str) -> Iterator[str]:
    said, of = view.said, view.report.stages[name]
    if of.time.n:
        yield said.text("times_row", median=said.number(of.time.median_days, 1),
                        most=said.number(of.time.percentile_90_days, 1), n=said.number(of.time.n))  # fmt: skip
    if of.age.n:
        yield said.text("ages_row", n=said.number(of.age.n), median=said.number(of.age.median_days, 1))


def _marks(view: View, name: str) -> Iterator[Mark]:
    of = view.report.stages[name]
    if of.time.n:
        yield Span(of.time.median_days, of.time.percentile_90_days)
        yield Point(of.time.median_days)
        yield Point(of.time.percentile_90_days, "tip")
    if of.age.n:
        yield Point(of.age.median_days, "diamond")


def _here_now(view: View) -> Table:
    """The deals that are in a stage now, whatever the period."""
    said = view.said
    columns = [Column(said("stage"))] + [Column(said(key), True) for key in ("here_now", "overdue", "idle", "longest")]
    rows = tuple(
        (
            Cell(view.named.stage(name)),
            Cell(said.number(of.under_way), of.under_way),
            Cell(said.number(of.overdue), of.overdue),
            Cell(said.number(of.idle), of.idle),
            Cell(said.days(of.age.longest_days), of.age.longest_days),
        )
        for name, of in view.report.stages.items()
        if of.under_way
    )
    return Table(said("here_now_caption", days=said.of(view.report.idle_days, "idle_day")), tuple(columns), rows)


def _late(view: View) -> Table:
    """The actions that were done in the period, but only after they were due."""
    said = view.said
    columns = (Column(said("stage")), Column(said("done_late"), True))
    rows = tuple(
        (Cell(view.named.stage(name)), Cell(said.number(of.done_late), of.done_late))
        for name, of in view.report.stages.items()
        if of.done_late
    )
    return Table(said("done_late_caption"), columns, rows)


def _working(view: View) -> Table:
    said = view.said
    columns = [Column(said("stage"))] + [Column(said(key), True) for key in ("visits", "median_hours", "percentile_90_hours")]
    rows = tuple(
        (
            Cell(view.named.stage(name)),
            Cell(said.number(of.working_time.n), of.working_time.n),
            Cell(said.number(of.working_time.median_hours, 1), of.working_time.median_hours),
            Cell(said.number(of.working_time.percentile_90_hours, 1), of.working_time.percentile_90_hours),
        )
        for name, of in view.report.stages.items()
        if of.working_time is not None and of.working_time.n
    )
    return Table(said("working_caption"), tuple(columns), rows)
