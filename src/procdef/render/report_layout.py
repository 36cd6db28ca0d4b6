"""How figures are written for people: rates, times, money, and tables that keep to a width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from procdef.advice.refusal_sentences import logged_sentence
from procdef.render.text_layout import breadth, clipped
from procdef.reports.figures.arithmetic import rounded
from procdef.reports.report import Rate, Refusal

_LABEL = 28
"""The most columns that names in a table take."""


def percent(rate: Decimal | None) -> str:
    """A rate with two decimals, or ``n/a`` when there is none."""
    return "n/a" if rate is None else f"{rate:f} %"


def days(length: float | None) -> str:
    """Days or hours with two decimals, or ``n/a`` when there are none."""
    return "n/a" if length is None else f"{rounded(Decimal(str(length)), 2):f}"


def money(values: Mapping[str, Decimal]) -> str:
    """Sums in their currencies, which are not added up."""
    return ", ".join(f"{value:f} {name}".rstrip() for name, value in values.items())


def interval(rate: Rate) -> str:
    """Between which rates the true one lies, as far as so few deals can tell."""
    return "" if rate.low is None or rate.high is None else f"{rate.low:f} to {rate.high:f} at 95 %"


def counted(number: int, noun: str) -> str:
    """``1 deal``, ``2 deals``."""
    return f"{number} {noun}{'s' * (number != 1)}"


def obstacle(name: str, refusal: Refusal, words: Mapping[str, str]) -> str:
    """What was unmet, in words: why most often, in how many deals, and what became of them. ``words`` are what the process
    says of its criteria and actions."""
    starts = counted(refusal.starts, "refused start") if refusal.starts else ""
    said = f" ({words[name]})" if name in words else ""
    if not refusal.deals:
        return f"{name or 'something else'}{said}: {starts}"
    first, *others = refusal.codes
    told = logged_sentence(first, (name,) if name else ()) + said
    told += f" and {counted(len(others), 'other cause')}" if others else ""
    later = f", {refusal.met_later} met it later" if refusal.met_later else ""
    after = refusal.days_to_success.median_days
    length = "" if after is None else f" (median {days(after)} days)"
    return f"{told}: {counted(refusal.deals, 'deal')}{later}{length}{starts and f', and {starts}'}"


def table(head: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[object]]], width: int) -> list[str]:
    """A line for each row, none without rows; a name that is too long for the width ends in an ellipsis."""
    if not rows:
        return []
    cells = [[str(value) for value in values] for _, values in rows]
    wide = [
        max(7, len(column), *(breadth(line[place]) for line in cells)) + 2 for place, column in enumerate(columns)
    ]
    first = min(_LABEL, max(12, width - sum(wide)))
    lines = [f"{clipped(head, first):<{first}}" + "".join(f"{c:>{w}}" for c, w in zip(columns, wide, strict=True))]
    for (name, _), line in zip(rows, cells, strict=True):
        label = clipped(name, first)
        values = "".join(f"{value:>{w}}" for value, w in zip(line, wide, strict=True))
        lines.append(f"{label}{' ' * (first - breadth(label))}{values}")
    return lines
