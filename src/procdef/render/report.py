"""A report as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from procdef.advice.refusal_sentences import logged_sentence
from procdef.render.text_layout import WIDTH, breadth, clipped, wrapped
from procdef.render.values import titled
from procdef.reports import Report, plain_percent


class Named(NamedTuple):
    """What the ids of a report are called, and the days that it was asked for."""

    stages: Mapping[str, str]
    reasons: Mapping[str, str]
    since: str | None = None
    until: str | None = None


def report_text(report: Report, named: Named, currency: str | None, width: int = WIDTH) -> str:
    """Tables for a terminal, ``width`` columns at most."""
    found = report.results
    lines = [f"{report.process}  {_period(named)}", "", *_moves(report, named, width), "", *_times(report, named, width)]
    lines += _ages(report, named, width)
    rates = [
        f"deals started {found.started}, open {found.open}, won {found.won}, lost {found.lost}",
        f"hit rate  {percent(found.hit_rate)}  (won offers / (won + lost offers); "
        f"{found.offers_won} won, {found.offers_lost} lost)",
        f"win rate  {percent(found.win_rate)}  (won / (won + lost) of all closed deals)",
        f"won value {_money(found.won_value, currency)}",
    ]
    lines += ["", *(part for line in rates for part in wrapped(line, width, "", "  "))]
    if sum(stage.lost for stage in report.stages) != found.lost:
        lines += wrapped(_TWICE, width, "", "  ")
    reasons = [(titled(reason, named.reasons), n) for reason, n in found.lost_reasons.items()]
    lines += _counts("lost because of", reasons, width)
    unmet = [(logged_sentence(code, (item,)), n) for item, code, n in report.obstacles.unmet]
    lines += _counts("refused because", unmet, width)
    lines += _counts("waived", list(report.obstacles.waived), width)
    return "\n".join(lines)


_MOST_COUNTS = 15
_MORE = "and {more} more; `procdef report --format json` lists them all"
_TWICE = (
    "(the table counts visits to a stage that ended in a loss, by when they began, also those of deals that were taken up "
    "again; here a deal counts once, as it is now)"
)


def _moves(report: Report, named: Named, width: int) -> list[str]:
    rows = [
        (stage.stage, (stage.entered, stage.advanced + stage.finished, stage.returned, stage.lost))
        for stage in report.stages
    ]
    return _table("stage", ("entered", "forward", "back", "lost"), rows, named, width)


def _times(report: Report, named: Named, width: int) -> list[str]:
    rows = [
        (stage.stage, tuple(map(_days, (stage.median, stage.mean, stage.percentile90)))) for stage in report.stages
    ]
    return _table("days in a stage", ("median", "mean", "90th percentile"), rows, named, width)


def _ages(report: Report, named: Named, width: int) -> list[str]:
    """The deals that are still in a stage: beside those that left it, which tell nothing of them."""
    rows = [
        (stage.stage, (stage.present, _days(stage.median_age), _days(stage.longest_age)))
        for stage in report.stages
        if stage.present
    ]
    return ["", *_table("still in a stage", ("deals", "median days", "longest"), rows, named, width)] if rows else []


def _money(values: Mapping[str, Decimal], currency: str | None) -> str:
    """Sums in their currencies, which are not added up; nothing won is nothing of the present one."""
    return ", ".join(f"{value:f} {name}".rstrip() for name, value in (values or {currency or "": Decimal(0)}).items())


def _table(
    head: str, columns: Sequence[str], rows: Iterable[tuple[str, Sequence[object]]], named: Named, width: int
) -> list[str]:
    """A line for each stage; a title that is too long for the width ends in an ellipsis."""
    wide = [max(len(column), 7) + 2 for column in columns]
    first = min(28, max(12, width - sum(wide)))
    lines = [f"{head:<{first}}" + "".join(f"{c:>{w}}" for c, w in zip(columns, wide, strict=True))]
    for stage, values in rows:
        title = clipped(named.stages.get(stage, stage), first)
        cells = "".join(f"{value!s:>{w}}" for value, w in zip(values, wide, strict=True))
        lines.append(f"{title}{' ' * (first - breadth(title))}{cells}")
    return lines


def percent(rate: Decimal | None) -> str:
    """A rate with two decimals, or ``n/a`` when there is none."""
    return "n/a" if rate is None else f"{plain_percent(rate)} %"


def _days(days: float | None) -> str:
    return "n/a" if days is None else f"{days:.2f}"


def _period(named: Named) -> str:
    if named.since is None and named.until is None:
        return "all time"
    return f"from {named.since or 'the beginning'} to {named.until or 'now'}"


def _counts(head: str, counts: list[tuple[str, int]], width: int) -> list[str]:
    if not counts:
        return []
    lines = [part for name, n in counts[:_MOST_COUNTS] for part in wrapped(name, width, f"  {n:>6}  ", " " * 10)]
    more = len(counts) - _MOST_COUNTS
    return ["", head, *lines, *(wrapped(_MORE.format(more=more), width, "", "  ") if more > 0 else ())]
