"""The parts of the page of a simulation: figures, months, people and queues, stages, and what stands in the way."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

from procdef.pages.charts import Bar, Key, Month, Months, Point, Row, Rows, Span
from procdef.pages.passages import Passage
from procdef.pages.report.parts import Card, Cell, Column, Picture, Section, Table
from procdef.pages.simulation.view import View
from procdef.simulation.results import BUSY, MOST_LISTED, Compared, MainRanges, Range


def cards(view: View) -> list[Card]:
    """What matters, in three answers."""
    figures, said = view.found.figures, view.said
    brings = Card(
        said("what_comes"),
        view.spread(figures.won_value, "won_value") if figures.won_value else view.spread(figures.won_deals),
        (said("won", n=view.spread(figures.won_deals)),),
        "figures",
    )
    takes = Card(
        said("how_long"),
        said.text("cycle_days") + ": " + view.spread(figures.cycle_days),
        tuple(
            f"{said.text(name)}: {view.spread(getattr(figures, name), name)}"
            for name in ("hit_rate", "win_rate", "overdue")
        ),
        "figures",
    )
    return [brings, takes, _held_up(view)]


def _held_up(view: View) -> Card:
    said, found = view.said, view.found
    roles = [(each.load.percentile_50, name) for name, each in found.roles.items() if each.load is not None]
    load, role = max(roles, default=(Decimal(0), ""))
    full = load >= BUSY
    details: list[str | Passage] = [_pile(view, stage) for stage in found.piles()[:2]]
    if (late := found.latest_action()) is not None:
        details.append(said("late_action", item=view.title(late[0]), share=view.spread(late[1], "overdue")))
    if role:
        held = found.roles[role]
        details.append(said("busy", role=view.title(role), n=held.people, load=said.percent(load, 0)))
        details.append(said("waited", hours=view.spread(held.wait_hours)))
    details += [said("stuck", n=view.number(n), item=view.title(item)) for item, n in list(found.stuck.items())[:2]]
    details += [said("dropped", n=view.number(found.dropped))] if found.dropped else []
    answer = said("bottleneck", role=view.title(role)) if full else said("no_bottleneck")
    return Card(said("who_is_busy"), answer, tuple(details), "people", well=not full and not found.stuck and not found.piles())


def _pile(view: View, stage: str) -> Passage:
    held = view.found.stages[stage]
    came, left, there = (view.spread(each) for each in (held.entered, held.left, held.there))
    return view.said("piles_up", stage=view.title(stage), came=came, left=left, there=there)


def sections(view: View) -> list[Section]:
    """All of them, in the order of the page."""
    return [_figures(view), _by_month(view), _people(view), _stages(view), _refusals(view)]


def _section(view: View, name: str, intro: tuple[str, ...], *parts: Picture | Table | None) -> Section:
    said = view.said
    shown = tuple(each for each in parts if each is not None)
    return Section(name, said(name), tuple(said(each) for each in intro), (), shown, said("nothing"))


def _columns(view: View, *names: str) -> tuple[Column, ...]:
    return tuple(Column(view.said(name), number=place > 0) for place, name in enumerate(names))


def _cells(view: View, found: Range | None, name: str = "") -> list[Cell]:
    if found is None:
        return [Cell(view.said.number(None))] * 3
    return [
        Cell(view.figure(name, each), each) for each in (found.percentile_10, found.percentile_50, found.percentile_90)
    ]


def _differences(view: View, found: Range, name: str) -> list[Cell]:
    places = (found.percentile_10, found.percentile_50, found.percentile_90)
    return [Cell(view.difference(name, each), each) for each in places]


def _middle(view: View, found: Range | None, name: str = "") -> Cell:
    return _cells(view, found, name)[1]


def _figures(view: View) -> Section:
    rows = []
    for each in fields(MainRanges):
        found = getattr(view.found.figures, each.name)
        if found is not None:
            rows.append((Cell(view.said(each.name)), *_cells(view, found, each.name)))
    table = Table(view.said("figures"), _columns(view, "figure", "low", "middle", "high"), tuple(rows))
    return _section(view, "figures", ("figures_intro",), table)


def _by_month(view: View) -> Section:
    said, money = view.said, view.found.figures.won_value is not None
    months = []
    for each in view.found.by_month:
        found = each.won_value if money else each.won_deals
        if found is not None:
            low, likely, high = (float(one) for one in (found.percentile_10, found.percentile_50, found.percentile_90))
            spread = view.spread(found, "won_value" if money else "")
            months.append(Month(each.month, spread, None, low, likely, high))
    words = tuple(said.text(name) for name in ("came", "likely", "band", "less", "now"))
    unit = (view.found.currency or said.text("won_value")) if money else said.text("deals")
    chart = Months(said.text("by_month_chart"), unit, tuple(months), words, view.foot(), said.language)  # type: ignore[arg-type]
    return _section(view, "by_month", (), Picture(chart, "months") if months else None)


def _people(view: View) -> Section:
    said, found = view.said, view.found
    rows = tuple(
        _spanned(view, view.title(name), each.load, "overdue") for name, each in found.roles.items() if each.load
    )
    keys = (Key("dot", said.text("likely")), Key("span", said.text("span")))
    load = Rows(said.text("load_chart"), said.text("load_unit"), rows, keys, view.foot(), said.language, " %")
    waiting = []
    for each in found.queues[:MOST_LISTED]:
        if each.waiting is not None and each.waiting.mean > 0:
            label = said.text("waits_for", item=view.title(each.item), role=view.title(each.role))
            hours = view.number(each.wait_hours.mean if each.wait_hours else None)
            told = said.text("waits", n=said.number(each.waiting.mean, 2), hours=hours)
            waiting.append(Row(label, told, (Bar(float(each.waiting.mean)),)))
    queue = Rows(said.text("queue_chart"), said.text("queue_unit"), tuple(waiting), (), view.foot(), said.language)
    return _section(
        view, "people", (), Picture(load, "load") if rows else None, Picture(queue, "queues") if waiting else None
    )


def _stages(view: View) -> Section:
    said = view.said
    rows, table = [], []
    for name, each in view.found.stages.items():
        if each.days is not None:
            rows.append(_spanned(view, view.title(name), each.days, ""))
        cells = (
            _middle(view, each.entered),
            _middle(view, each.forward, "win_rate"),
            _middle(view, each.overdue, "overdue"),
        )
        table.append((Cell(view.title(name)), *cells))
    keys = (Key("dot", said.text("likely")), Key("span", said.text("span")))
    chart = Rows(said.text("stage_chart"), said.text("days"), tuple(rows), keys, view.foot(), said.language)
    shown = Table(said("stages"), _columns(view, "stage", "entered", "forward", "late"), tuple(table))
    return _section(view, "stages", (), Picture(chart, "stage-days") if rows else None, shown, _deadlines(view))


def _deadlines(view: View) -> Table | None:
    """The actions that have a deadline of their own."""
    rows = [
        (Cell(view.title(path)), *_cells(view, each.overdue, "overdue"))
        for path, each in view.found.actions.items()
        if each.overdue is not None
    ]
    return Table(view.said("deadlines"), _columns(view, "action", "low", "middle", "high"), tuple(rows)) if rows else None


def _refusals(view: View) -> Section:
    said = view.said
    rows = [
        Row(view.title(name), view.spread(each.times), (Bar(float(each.times.mean)),))
        for name, each in list(view.found.refusals.items())[:MOST_LISTED]
    ]
    chart = Rows(said.text("refusal_chart"), said.text("times"), tuple(rows), (), view.foot(), said.language)
    return _section(view, "refusals", (), Picture(chart, "refused") if rows else None)


def _spanned(view: View, label: str, found: Range, name: str) -> Row:
    low, middle, high = (float(each) for each in (found.percentile_10, found.percentile_50, found.percentile_90))
    return Row(label, view.spread(found, name), (Span(low, high), Point(middle)))


def compared_section(view: View, found: Compared) -> Section:
    """By how much the two differ, and whether that is more than chance."""
    said, rows = view.said, []
    for name, each in found.differences.items():
        one, other = getattr(found.first.figures, name), getattr(found.second.figures, name)
        if each is None:
            continue
        real = said("yes" if each.more_than_chance else "no")
        means = [Cell(view.figure(name, of.mean if of else None), of.mean if of else None) for of in (one, other)]
        rows.append(
            (
                Cell(said(name)),
                *means,
                *_differences(view, each.range, name),
                Cell(said.number(each.chance, 3), each.chance),
                Cell(real),
            )
        )
    columns = _columns(view, "figure", "first", "second", "low", "middle", "high", "chance", "real")
    return _section(view, "compared", ("compared_intro",), Table(said("difference"), columns, tuple(rows)))


def compared_cards(view: View, found: Compared) -> list[Card]:
    """Each figure that differs by more than chance."""
    said = view.said
    real = [(name, each) for name, each in found.differences.items() if each is not None and each.more_than_chance]
    if not real:
        return [Card(said("compared"), said("no_difference"), (), "compared")]
    made = []
    for name, each in real:
        amount = view.difference(name, abs(each.range.mean), "points")
        key = "more" if each.range.mean > 0 else "fewer"
        low, high = (view.difference(name, of) for of in (each.range.percentile_10, each.range.percentile_90))
        spread = said("between", low=low, high=high)
        made.append(Card(said(name), said(f"{key}_{name}", amount=amount), (spread,), "compared"))
    return made
