"""What became of deals: losses, offers in bands, groups, and the measures of the process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from procdef.pages.charts import Bar, Key, Mark, Point, Row, Rows, Span
from procdef.pages.report.parts import Cell, Column, Picture, Section, Table, pictures_first
from procdef.pages.report.view import View
from procdef.reports.report import MainFigures, MeasureFigures, Rate

NONE, _OTHERS = "(none)", "(others)"


def losses(view: View) -> Section:
    """Why deals were lost, and where."""
    said, found = view.said, view.report.losses
    rows = tuple(
        Row(
            view.named.reason(name).text,
            said.text("loss_row", deals=said.of(loss.deals, "deal"), value=said.sums(loss.value))
            if loss.value else said.of(loss.deals, "deal"),
            (Bar(loss.deals),),
        )
        for name, loss in found.items()
    )  # fmt: skip
    lost = view.report.main.deals.lost
    chart = Rows(
        said.text("losses_chart"), said.text("deals"), rows, (), view.foot(said.of(lost, "deal")), said.language,
        more=said.text("rows_drawn"),
    )  # fmt: skip
    return Section(
        "losses", said("losses"), (said("losses_intro"),), ("losses",),
        pictures_first(Picture(chart, "losses") if rows else None, [_where(view)]), said("no_losses"),
    )  # fmt: skip


def _where(view: View) -> Table:
    said = view.said
    columns = (
        Column(said("reason")), Column(said("stage")), Column(said("deals_head"), True), Column(said("value"), True),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(view.named.reason(reason)), Cell(view.named.stage(stage)), Cell(said.number(of.deals), of.deals),
            Cell(said.sums(of.value), sum(of.value.values()) if len(of.value) == 1 else None),
        )
        for reason, loss in view.report.losses.items()
        for stage, of in loss.stages.items()
    )  # fmt: skip
    return Table(said("losses_caption"), columns, rows)


def offers(view: View) -> Section:
    """The hit rate by what the figures were asked for in groups."""
    said, groups = view.said, view.report.groups
    rows = tuple(
        Row(group_name(view, name), _rate_said(view, of.hit_rate), tuple(_rate_marks(of.hit_rate)))
        for name, of in groups.items()
        if of.hit_rate.n
    )
    n = sum(of.hit_rate.n for of in groups.values())
    intro = [said("offers_intro")]
    if view.report.kind != "owner":
        intro.append(said("offers_by", process=view.report.process))
    chart = Rows(
        said.text("hit_rate_by", by=by_name(view)), said.text("percent_of_offers"), rows,
        (Key("dot", said.text("hit_rate")), Key("span", said.text("interval"))),
        view.foot(said.of(n, "offer_decided")), said.language, "\u00a0%", 100.0, said.text("rows_drawn"),
    )  # fmt: skip
    return Section(
        "offers", said("offers"), tuple(intro), ("hit_rate", "win_rate", "bands", "expected_value"),
        pictures_first(Picture(chart, "offers") if rows else None, [_groups(view)]), said("no_offers"),
    )  # fmt: skip


def by_name(view: View) -> str:
    """What groups are made by: a field's title, or one of the words for owner, stage, version and month."""
    by = view.report.by or ""
    own = by in ("owner", "stage", "version", "month")  # a date makes months as well, and is called by its title
    return view.said.text(f"by_{by}") if own else view.named.field(by).text


def group_name(view: View, name: str) -> str:
    """What one of the groups is called."""
    if name == NONE:
        return view.said.text("without_value")
    if view.report.kind == "stage":
        return view.named.stage(name).text
    if view.report.kind == "bands":
        return _band(view, name)
    if view.report.kind == "texts" and name == _OTHERS:
        return view.said.text("other_values")
    if view.report.kind != "options":
        return name
    by = view.report.by or ""
    return view.said.text(_TRUTHS[name]) if view.named.is_boolean(by) and name in _TRUTHS else view.named.option(by, name).text


_TRUTHS = {"true": "yes", "false": "no"}


_BANDS = (
    ("band_below", re.compile(r"below (?P<high>\S+)")),
    ("band_between", re.compile(r"(?P<low>\S+) to (?P<high>\S+)")),
    ("band_from", re.compile(r"(?P<low>\S+) and up")),
)
"""How bands are called in a report, and the words that say the same here."""


def _band(view: View, name: str) -> str:
    """A band in words of the page, with the unit of its field."""
    said, by = view.said, view.report.by or ""
    unit = "\u00a0%" if view.named.is_percent(by) else f"\u00a0{currency}" if (currency := view.named.currency_of(by)) else ""
    for key, form in _BANDS:
        if match := form.fullmatch(name):
            ends = {end: said.number(Decimal(text), 4) for end, text in match.groupdict().items()}
            return said.text(key, **ends) + unit
    return name


def _rate_said(view: View, rate: Rate) -> str:
    return view.said.text("rate_row", rate=view.said.rate(rate), n=view.said.number(rate.n))


def _rate_marks(rate: Rate) -> Iterator[Mark]:
    if rate.percent is not None:
        yield Span(_float(rate.low), _float(rate.high))
        yield Point(float(rate.percent))


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _groups(view: View) -> Table:
    said, groups = view.said, view.report.groups
    several = sorted({currency for of in groups.values() for currency in of.money})
    columns = [Column(by_name(view))] + [
        Column(said(key), True)
        for key in ("started", "offers_made", "offers_won", "offers_lost", "hit_rate", "won", "win_rate")
    ]  # fmt: skip
    for currency in several:
        columns += [Column(said(key, currency=currency), True) for key in ("mean_won_in", "expected_in")]
    rows = tuple((Cell(group_name(view, name)), *_group_cells(view, of, several)) for name, of in groups.items())
    return Table(said("groups_caption", by=by_name(view)), tuple(columns), rows)


def _group_cells(view: View, of: MainFigures, currencies: list[str]) -> Iterator[Cell]:
    said = view.said
    for count in (of.deals.started, of.offers.made, of.offers.won, of.offers.lost):
        yield Cell(said.number(count), count)
    yield Cell(said.percent(of.hit_rate.percent), of.hit_rate.percent)
    yield Cell(said.number(of.deals.won), of.deals.won)
    yield Cell(said.percent(of.win_rate.percent), of.win_rate.percent)
    for currency in currencies:
        money = of.money.get(currency)
        for value in (money.mean, money.expected) if money else (None, None):
            yield Cell(said.number(value), value)


def _measured(view: View, of: MeasureFigures) -> str:
    percent = view.named.is_percent(of.field) and of.aggregate != "count"
    return view.said.percent(of.value, 2) if percent else view.said.number(of.value, 2)


def measures(view: View) -> Section:
    """Values of deals, the cycle, and what the process itself measures."""
    said, main = view.said, view.report.main
    columns = (Column(said("figure")), Column(said("value"), True), Column(said("n"), True))
    rows: list[tuple[Cell, ...]] = []
    for currency, money in main.money.items():
        for key, value in (("won_value", money.won_value), ("mean_deal", money.mean), ("median_deal", money.median),
                           ("expected_value", money.expected)):  # fmt: skip
            rows.append((Cell(said(key)), Cell(said.money(value, currency), value), Cell(said.number(money.n), money.n)))
        a_day = said.money(money.velocity, currency)
        open_deals = main.deals.open if len(main.money) == 1 else None  # which of them are of which currency is not told
        rows.append((
            Cell(said("velocity")), Cell(a_day if money.velocity is None else said.text("a_day", money=a_day), money.velocity),
            Cell(said.number(open_deals), open_deals),
        ))  # fmt: skip
    rows.append((Cell(said("cycle")), Cell(said.spread(main.cycle), main.cycle.median_days), Cell(said.number(main.cycle.n))))
    for name, of in view.report.measures.items():
        text = said.sums(of.money) if of.money else _measured(view, of)
        label = said.text("measure_row", title=view.named.measure(name).text, aggregate=said.text(f"aggregate_{of.aggregate}"),
                          over=said.text(f"over_{of.over}"))  # fmt: skip
        rows.append((Cell(label), Cell(text, of.value), Cell(said.number(of.n), of.n)))
    return Section(
        "measures", said("measures"), (said("measures_intro"),), ("won_value", "cycle", "velocity", "measures"),
        (Table(said("measures_caption"), columns, tuple(rows)),), said("no_deals"),
    )  # fmt: skip
