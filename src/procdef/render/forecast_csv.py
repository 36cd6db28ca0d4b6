"""The months of a forecast as one tidy table, for spreadsheets: a line for each month, and what it is of."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from procdef.reports.forecast.results import Band, CurrencyForecast, Forecast, Outlook, Period


class Line(NamedTuple):
    """What is expected of a month, or of all together (``2026-12/2027-05``). ``of``: ``open`` deals, or ``with_new`` ones;
    ``unit``: ``deals``, or ``money`` of the currency. Nothing stands where nothing can be said."""

    currency: str
    month: str
    start: str
    end: str
    whole: str
    of: str
    unit: str
    expected: Decimal | None
    percentile_10: Decimal | None
    percentile_50: Decimal | None
    percentile_90: Decimal | None


_HEAD = ",".join(Line._fields).replace("start,end", "from,to")


def csv_text(forecast: Forecast) -> str:
    """The table, its head first. No cell needs quotes."""
    rows = [",".join(map(_cell, line)) for each in forecast.currencies for line in lines(each)]
    return "\n".join([_HEAD, *rows])


def lines(each: CurrencyForecast) -> Iterator[Line]:
    """Those of a currency, in the order of the months."""
    for period in (*each.periods, each.total):
        yield from _lines(each.currency or "", period, "open", period.open, money=each.value is not None)
        yield from _lines(each.currency or "", period, "with_new", period.with_new, money=each.value is not None)


def _lines(currency: str, period: Period, of: str, outlook: Outlook | None, *, money: bool) -> Iterator[Line]:
    place = (currency, period.month, period.start, period.end, "true" if period.whole else "false", of)
    yield Line(*place, "deals", *_band(None if outlook is None else outlook.deals))
    if money:
        yield Line(*place, "money", *_band(None if outlook is None else outlook.value))


def _band(band: Band | None) -> tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]:
    if band is None:
        return None, None, None, None
    return band.expected, band.percentile_10, band.percentile_50, band.percentile_90


def _cell(value: str | Decimal | None) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:f}"
