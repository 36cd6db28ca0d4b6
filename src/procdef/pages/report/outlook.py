"""The forecast: what the months ahead are likely to bring, and how far such forecasts were off."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from procdef.pages.charts import Month, Months
from procdef.pages.report.parts import Cell, Column, Picture, Section, Table, Words, pictures_first
from procdef.pages.report.view import View
from procdef.reports.forecast.results import (
    BackTest,
    Band,
    Compared,
    CurrencyForecast,
    Forecast,
    Miss,
    Misses,
    Outlook,
    TestedMonth,
)


def outlook(view: View, forecast: Forecast) -> Section:
    """The forecast of every currency, in money where deals have a value, in deals where they have none."""
    said = view.said
    parts: list[Picture | Table] = []
    intro: list[Words] = [said("forecast_intro")]
    for place, each in enumerate(forecast.currencies):
        in_money = any(_band(period.open, True) or _band(period.with_new, True) for period in each.periods)
        intro += _track_record(view, each, in_money)
        past, ahead = tuple(_past(view, each, in_money)), tuple(_ahead(view, each, in_money))
        if not ahead and each.open:
            intro.append(said("nothing_ahead", n=said.of(each.open, "open_deal")))
        months = (*past, *ahead) if ahead or not _nothing_came(each, in_money) else ()
        chart = Months(
            said.text("forecast_chart"), (each.currency or said.text("value")) if in_money else said.text("deals"),
            months,
            (said.text("came"), said.text("likely"), said.text("band"), said.text("open_alone"), said.text("as_of")),
            view.said.text("forecast_foot", n=said.of(each.open, "open_deal"), decided=said.of(forecast.decided, "deal"),
                           day=said.day(forecast.as_of), source=view.source),
            said.language,
        )  # fmt: skip
        parts += pictures_first(
            Picture(chart, f"forecast-{place}") if months else None,
            [_table(view, each, in_money) if ahead else None, _tested(view, each, in_money) if months else None,
             _categories(view, each)],
        )
    return Section("forecast", said("forecast"), tuple(intro), ("forecast", "back_test"), tuple(parts), said("no_forecast"))


def misses(each: BackTest, in_money: bool) -> Misses | None:
    """How far forecasts were off, in money or in deals."""
    return each.value if in_money else each.deals


def _track_record(view: View, each: CurrencyForecast, in_money: bool) -> Iterator[Words]:
    said, test, currency = view.said, each.back_test, each.currency if in_money else None
    found = misses(test, in_money)
    if found is None:
        yield said(f"lacking_{test.lacking or 'months'}")
        return
    if _nothing_came(each, in_money):
        yield said.counted(len(test.months), "nothing_came")
        return
    if found.naive_was_better:
        yield said("naive_was_better")
    yield said(
        "track_record", months=said.of(len(test.months), "month"), forecast=missed(view, found.forecast, currency),
        naive=missed(view, found.naive, currency), within=said.percent(found.within),
    )  # fmt: skip


def _nothing_came(each: CurrencyForecast, in_money: bool) -> bool:
    """Whether in no month that was looked at anything was won or expected."""
    found = misses(each.back_test, in_money)
    return found is not None and found.forecast.percent is None and not found.forecast.mean_absolute


def missed(view: View, miss: Miss, currency: str | None) -> str:
    """How far a forecast was off: in percent of what came, or where nothing came, in money (without ``currency`` in deals)."""
    if miss.percent is not None:
        return view.said.text("of_what_came", percent=view.said.percent(miss.percent, 1))
    return view.said.money(miss.mean_absolute, currency) if currency else view.said.number(miss.mean_absolute, 1)


def _band(outlook: Outlook | None, in_money: bool) -> Band | None:
    if outlook is None:
        return None
    return outlook.value if in_money else outlook.deals


def _compared(month: TestedMonth, in_money: bool) -> Compared | None:
    return month.value if in_money else month.deals


def _past(view: View, each: CurrencyForecast, in_money: bool) -> Iterator[Month]:
    for month in each.back_test.months:
        of = _compared(month, in_money)
        if of is None:
            continue
        said = view.said.text(
            "past_row", came=_amount(view, of.actual, each, in_money), likely=_amount(view, of.forecast, each, in_money),
            low=_amount(view, of.percentile_10, each, in_money), high=_amount(view, of.percentile_90, each, in_money),
        )  # fmt: skip
        yield Month(
            month.month, said, float(of.actual), float(of.percentile_10), float(of.forecast), float(of.percentile_90)
        )


def _ahead(view: View, each: CurrencyForecast, in_money: bool) -> Iterator[Month]:
    for period in each.periods:
        alone, every = _band(period.open, in_money), _band(period.with_new, in_money)
        band = every or alone
        if band is None:
            continue
        said = view.said.text(
            "ahead_row", likely=_amount(view, band.percentile_50, each, in_money),
            low=_amount(view, band.percentile_10, each, in_money), high=_amount(view, band.percentile_90, each, in_money),
            alone=_amount(view, alone.percentile_50 if alone else None, each, in_money),
        )  # fmt: skip
        label = period.month if period.whole else view.said.text("rest_of", month=period.month)
        less = float(alone.percentile_50) if alone and every else None
        yield Month(
            label, said, None, float(band.percentile_10), float(band.percentile_50), float(band.percentile_90), less
        )


def _amount(view: View, value: Decimal | None, each: CurrencyForecast, in_money: bool) -> str:
    return view.said.money(value, each.currency) if in_money else view.said.number(value, 1)


def _table(view: View, each: CurrencyForecast, in_money: bool) -> Table:
    said = view.said
    names = ("expected", "percentile_10", "percentile_50", "percentile_90")
    columns = [Column(said("month"))] + [Column(said(key), True) for key in names]
    columns.append(Column(said("open_expected"), True))
    rows = []
    for period in each.periods:
        alone, every = _band(period.open, in_money), _band(period.with_new, in_money)
        cells = [Cell(period.month if period.whole else said.text("rest_of", month=period.month))]
        for name in names:
            cells.append(_cell(view, getattr(every or alone, name, None)))
        rows.append((*cells, _cell(view, getattr(alone, "expected", None))))
    unit = (each.currency or "") if in_money else said.text("deals")
    return Table(said("forecast_caption", unit=unit), tuple(columns), tuple(rows))


def _cell(view: View, value: Decimal | None) -> Cell:
    return Cell(view.said.number(value, 0 if value is not None and abs(value) >= 100 else 1), value)


def _tested(view: View, each: CurrencyForecast, in_money: bool) -> Table:
    said = view.said
    columns = [Column(said("month"))] + [
        Column(said(key), True) for key in ("came_head", "forecast_then", "percentile_10", "percentile_90", "naive")
    ] + [Column(said("within_band"))]  # fmt: skip
    rows = []
    for month in each.back_test.months:
        of = _compared(month, in_money)
        if of is not None:
            figures = (of.actual, of.forecast, of.percentile_10, of.percentile_90, of.naive)
            rows.append((
                Cell(month.month), *(_cell(view, figure) for figure in figures), Cell(said("yes" if of.within else "no")),
            ))  # fmt: skip
    unit = (each.currency or "") if in_money else said.text("deals")
    return Table(said("back_test_caption", unit=unit), tuple(columns), tuple(rows))


def _categories(view: View, each: CurrencyForecast) -> Table:
    said = view.said
    columns = [Column(said("category"))] + [
        Column(said(key), True) for key in ("deals_head", "value", "expected_deals", "expected_of_these")
    ]
    rows = tuple(
        (
            Cell(said(f"category_{of.category}")), Cell(said.number(of.deals), of.deals),
            Cell(said.money(of.value or None, each.currency), of.value),
            Cell(said.number(of.expected_deals, 1), of.expected_deals),
            Cell(said.money(of.expected_value, each.currency), of.expected_value),
        )
        for of in each.categories
        if of.deals
    )  # fmt: skip
    return Table(said("categories_caption"), tuple(columns), rows)
