"""A report as one tidy table: a line for each figure, the same columns for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any, NamedTuple

from procdef.audit.export.csv import cell
from procdef.reports.report import (
    Change,
    Days,
    Goal,
    MainFigures,
    MeasureFigures,
    Money,
    MovedValue,
    Rate,
    Report,
    ValueChange,
    WorkingHours,
)


class Line(NamedTuple):
    """One figure. ``figure`` are its keys in JSON without those of what it is of, which is ``group``; ``unit``: ``count``,
    ``percent``, ``days``, ``hours``, ``money`` (of ``currency``) or ``number``. ``low`` and ``high`` are of an interval
    at 95 %."""

    figure: str
    group: str
    value: Decimal | float | int | None
    unit: str
    n: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str = ""


def csv_text(report: Report) -> str:
    """The table, a line for each figure. Texts that a spreadsheet would work out begin with an apostrophe."""
    rows = [",".join(Line._fields)]
    rows += [",".join(map(_cell, line)) for line in lines(report)]
    return "\n".join(rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return cell(value) if isinstance(value, str) else f"{value:f}" if isinstance(value, Decimal) else str(value)


def lines(report: Report) -> Iterator[Line]:
    """The figures in the order of the report."""
    yield from _main("", "", report.main)
    for name in ("goals", "stages", "losses", "refusals", "waivers", "measures"):
        for group, part in getattr(report, name).items():
            yield from _part(name, group, part)
    for name in ("activity", "slippage"):
        if (part := getattr(report, name)) is not None:
            yield from _part(name, "", part)
    for group, part in (report.objections or {}).items():
        yield from _part("objections", group, part)
    if report.reported is not None:
        yield from _main("reported", "", report.reported)
    if report.growth is not None:
        yield from _part("growth", "", report.growth)
    for group, main in report.groups.items():
        yield from _main("groups", group, main)


def _main(figure: str, group: str, main: MainFigures) -> Iterator[Line]:
    for part in fields(main):
        yield from _part(f"{figure}.{part.name}" if figure else part.name, group, getattr(main, part.name))


def _part(figure: str, group: str, part: Any) -> Iterator[Line]:
    """The figures of a part, whatever it is made of."""
    match part:
        case Rate():
            yield Line(figure, group, part.percent, "percent", part.n, part.low, part.high)
        case Days() | WorkingHours():
            for each in fields(part)[1:]:
                unit = "days" if isinstance(part, Days) else "hours"
                yield Line(f"{figure}.{each.name}", group, getattr(part, each.name), unit, part.n)
        case Goal():
            unit = "percent" if part.per is None else "money" if part.currency is not None else "count"
            for name, value, of in (
                ("actual", part.actual, unit),
                ("target", part.target, unit),
                ("share", part.share, "percent"),
                ("time_gone", part.time_gone, "percent"),
            ):
                yield Line(f"{figure}.{name}", group, value, of, part.n, currency=part.currency or "" if of == "money" else "")
        case Change():
            yield Line(f"{figure}.now", group, part.now, "count")
            yield Line(f"{figure}.before", group, part.before, "count")
            yield Line(f"{figure}.change", group, part.change, "percent")
        case MeasureFigures():
            for currency, value in part.money.items():
                yield Line(figure, group, value, "money", part.n, currency=currency)
            if not part.money:
                yield Line(figure, group, part.value, "number", part.n)
        case Mapping():
            yield from _mapping(figure, group, part)
        case bool() | None | str():
            return
        case int():
            yield Line(figure, group, part, "count")
        case _:
            for each in fields(part):
                yield from _part(f"{figure}.{each.name}", group, getattr(part, each.name))


def _mapping(figure: str, group: str, part: Mapping[str, Any]) -> Iterator[Line]:
    for name, each in part.items():
        match each:
            case Money():
                for of in fields(each)[1:]:
                    yield Line(f"{figure}.{of.name}", group, getattr(each, of.name), "money", each.n, currency=name)
            case ValueChange():
                yield Line(f"{figure}.now", group, each.now, "money", currency=name)
                yield Line(f"{figure}.before", group, each.before, "money", currency=name)
                yield Line(f"{figure}.change", group, each.change, "percent", currency=name)
            case MovedValue():
                yield Line(f"{figure}.up", group, each.up, "money", currency=name)
                yield Line(f"{figure}.down", group, each.down, "money", currency=name)
            case Decimal():
                yield Line(figure, group, each, "money", currency=name)
            case _:
                yield from _part(figure, f"{group} / {name}" if group else name, each)
