"""What customers object to, what was done, and what slipped.

A log of an earlier layout that may only be read has none of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.commands.note import KINDS
from procdef.pages.charts import Key, Mark, Point, Row, Rows, Span
from procdef.pages.report.parts import Cell, Column, Picture, Section, Table, pictures_first
from procdef.pages.report.view import View
from procdef.reports.report import Decided, ObjectionFigures, Slippage

_MOST_BARS = 12


def objections(view: View) -> Section:
    """Of the deals that met an objection, how many of those decided were won, beside all that were in its stages."""
    said, found = view.said, view.report.objections or {}
    told = [name for name, of in found.items() if of.met.closed]
    rows = tuple(
        Row(
            view.named.objection(name).text,
            said.text("objection_row", met=_won(view, of.met), beside=_won(view, of.beside)),
            tuple(_marks(of)),
        )
        for name in told[:_MOST_BARS]
        for of in (found[name],)
    )
    chart = Rows(
        said.text("objections_chart"), said.text("percent_won"), rows,
        (Key("dot", said.text("met_it")), Key("span", said.text("interval")), Key("diamond", said.text("beside_it"))),
        view.foot(said.text("items_n", shown=said.number(len(rows)), all=said.of(len(found), "item"))), said.language,
        "\u00a0%", 100.0,
    )  # fmt: skip
    columns = [Column(said("objection"))] + [
        Column(said(key), True)
        for key in ("times_head", "deals_head", "decided", "won", "win_rate", "beside_deals", "beside_rate")
    ]  # fmt: skip
    table = Table(
        said("objections_caption"),
        tuple(columns),
        tuple(
            (
                Cell(view.named.objection(name)), Cell(said.number(of.times), of.times),
                Cell(said.number(of.met.deals), of.met.deals),
                Cell(said.number(of.met.closed), of.met.closed), Cell(said.number(of.met.won), of.met.won),
                Cell(said.percent(of.met.win_rate.percent), of.met.win_rate.percent),
                Cell(said.number(of.beside.deals), of.beside.deals),
                Cell(said.percent(of.beside.win_rate.percent), of.beside.win_rate.percent),
            )
            for name, of in found.items()
        ),
    )  # fmt: skip
    return Section(
        "objections", said("objections"), (said("objections_intro"),), ("objections", "win_rate"),
        pictures_first(Picture(chart, "objections") if rows else None, [table]), said("no_objections"),
    )  # fmt: skip


def _marks(of: ObjectionFigures) -> Iterator[Mark]:
    rate, beside = of.met.win_rate, of.beside.win_rate.percent
    if rate.percent is not None and rate.low is not None and rate.high is not None:
        yield Span(float(rate.low), float(rate.high))
        yield Point(float(rate.percent))
    if beside is not None:
        yield Point(float(beside), "diamond")


def _won(view: View, of: Decided) -> str:
    if of.win_rate.percent is None:
        return view.said.percent(None)
    return view.said.text("rate_of", percent=view.said.percent(of.win_rate.percent), n=view.said.number(of.closed))


def activity(view: View) -> Section:
    """What was done: completions by action and way, notes by kind."""
    said, of = view.said, view.report.activity
    names = Column(said("what_was_done")), Column(said("stage"))
    counts = Column(said("times_head"), True), Column(said("deals_head"), True)
    done = Table(
        said("actions_caption"),
        (*names, *counts, Column(said("ways"))),
        tuple(
            (
                Cell(view.named.item(name)), Cell(view.named.place(name)), Cell(said.number(each.times), each.times),
                Cell(said.number(each.deals), each.deals),
                Cell(", ".join(f"{_way(view, name, way)}\u00a0{said.number(times)}" for way, times in each.ways.items())),
            )
            for name, each in (of.actions if of else {}).items()
        ),
    )  # fmt: skip
    notes = Table(
        said("notes_caption"),
        (Column(said("kind")), *counts),
        tuple(
            (_kind(view, kind), Cell(said.number(each.times), each.times), Cell(said.number(each.deals), each.deals))
            for kind, each in (of.notes if of else {}).items()
        ),
    )
    return Section(
        "activity", said("activity"), (said("activity_intro"),), ("activity",), pictures_first(None, [done, notes]),
        said("no_activity"),
    )  # fmt: skip


def _kind(view: View, kind: str) -> Cell:
    """What a kind of note is called; one that procdef does not know stands as it is."""
    return Cell(view.said(f"kind_{kind}") if kind in (*KINDS, "other") else kind)


def _way(view: View, action: str, way: str) -> str:
    """The title of a way, or what was decided."""
    if view.named.decides(action) and way in ("approve", "reject"):
        return view.said.text(f"decision_{way}")
    return view.named.way(action, way).text


def slippage(view: View) -> Section:
    """Days of closing that were moved, and values that changed since the first offer."""
    said, of = view.said, view.report.slippage
    columns = (Column(said("figure")), Column(said("value"), True), Column(said("n"), True))
    table = Table(said("slippage_caption"), columns, tuple(_slipped(view, of)) if of else ())
    return Section(
        "slippage", said("slippage"), (said("slippage_intro"),), ("slippage",), pictures_first(None, [table]),
        said("no_slippage"),
    )  # fmt: skip


def _slipped(view: View, of: Slippage) -> Iterator[tuple[Cell, ...]]:
    said, close, value = view.said, of.close, of.value
    if close.deals:
        n = Cell(said.number(close.deals), close.deals)
        yield Cell(said("put_off")), Cell(said.of(close.later, "deal"), close.later), n
        yield Cell(said("put_off_times")), Cell(said.number(close.times), close.times), n
        yield Cell(said("put_off_by")), Cell(said.spread(close.days), close.days.median_days), Cell(said.number(close.days.n))
    if value.deals:
        n = Cell(said.number(value.deals), value.deals)
        yield Cell(said("value_up")), Cell(said.of(value.up, "deal"), value.up), n
        yield Cell(said("value_down")), Cell(said.of(value.down, "deal"), value.down), n
        for currency, moved in value.money.items():
            yield Cell(said("rose_by")), Cell(said.money(moved.up, currency), moved.up), Cell(said.number(value.up))
            yield Cell(said("fell_by")), Cell(said.money(moved.down, currency), moved.down), Cell(said.number(value.down))
