"""A forecast as text for people: what is expected next, how far such a forecast was off, then the tables behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from procdef.render.text_layout import WIDTH, breadth, clipped, wrapped
from procdef.reports.figures.arithmetic import rounded
from procdef.reports.forecast.results import (
    BackTest,
    Band,
    Compared,
    CurrencyForecast,
    Forecast,
    Miss,
    Misses,
    Outlook,
    Period,
    StageChance,
)

_CATEGORIES = {"commit": "commit", "best_case": "best case", "pipeline": "pipeline", "omitted": "omitted"}
_LACKING = {
    "history": "n/a: no month began three months or more after the first deal",
    "decisions": "n/a: no deal had been won or lost before any of the months that were looked at",
    "months": "n/a: no month was to be looked at",
}


def forecast_text(forecast: Forecast, titles: Mapping[str, str], width: int = WIDTH) -> str:
    """The answer in ``width`` columns; ``titles`` are those of the stages."""
    lines: list[str] = []
    for each in forecast.currencies:
        for sentence in _first(forecast, each):
            lines += wrapped(sentence, width, "", "  ")
    for each in forecast.currencies if forecast.deals else ():
        for table in (_months(each, True, width), _months(each, False, width), _categories(each, width)):
            lines += ["", *table] if table else []
        lines += ["", *_tested(each, width)]
    if forecast.deals:
        lines += ["", *_stages(forecast.stages, titles, width)]
    day = forecast.as_of[:16].replace("T", " ")
    foot = f"{forecast.process} as of {day} UTC; {forecast.draws:,} draws, seed {forecast.seed}"
    lines += ["", *wrapped(foot, width, "", "  ")]
    return "\n".join(lines)


def _first(forecast: Forecast, each: CurrencyForecast) -> Iterator[str]:
    """What matters, a sentence each."""
    misses, unit = _misses(each), _unit(each)
    if not forecast.deals:
        yield "Expected: n/a, no deal had been started by then."
        return
    if misses is not None and misses.naive_was_better:
        yield (
            f"The plain average of three months was closer than this forecast{_in(unit)}: off by {_off(misses.naive, each)} on "
            f"average against {_off(misses.forecast, each)}, {_span(each.back_test)}."
        )
    month = each.next_month()
    expected = month.with_new or month.open
    looked_at = each.open - each.without_chance - each.without_time - each.beyond_times
    source = f"{_counted(looked_at or each.open, 'open deal')}{' and new ones' if month.with_new and each.new_deals else ''}"
    if not each.open:
        expected, source = month.with_new, "new deals, as none is open" if month.with_new else "no open deal"
    if expected is None and each.open:
        yield f"Expected next month ({month.month}): n/a, as nothing can be told of {_counted(each.open, 'open deal')}."
    else:
        yield f"Expected next month ({month.month}): {_expected(expected, each)}, from {source}."
    if misses is None:
        yield f"How far such a forecast was off: {_LACKING[each.back_test.lacking or 'history']}."
    elif not misses.forecast.mean_absolute and misses.forecast.percent is None:
        yield f"Nothing was won {_span(each.back_test)}, and nothing was expected."
    elif not misses.naive_was_better:
        yield (
            f"This forecast was off by {_off(misses.forecast, each)} on average {_span(each.back_test)}; the plain average "
            f"of three months by {_off(misses.naive, each)}."
        )
    yield from _remarks(each)


def _in(unit: str) -> str:
    return f" in {unit}" if unit != "deals" else ""


def _remarks(each: CurrencyForecast) -> Iterator[str]:
    """What of the open deals is not as it should be."""
    deals = [each.without_value, each.without_chance, each.without_time, each.beyond_times]
    said = [
        "{deals} {have} no value yet; {each} is taken for " + _taken_for(each) + ".",
        "{deals} {are} in no figure: {their} stage declares no probability, and no deal has been won or lost yet.",
        "{deals} {are} in no month: no deal has been won from {their} stage yet, and no date of closing lies ahead.",
        "{deals} {are} in no month: {they} {have} been in {their} stage for longer than any deal that was won. Close what is "
        "dead, and give a date to what is not.",
    ]
    for count, sentence in zip(deals, said, strict=True):
        if count:
            one = count == 1
            yield sentence.format(
                deals=_counted(count, "open deal"), have="has" if one else "have", are="is" if one else "are",
                their="its" if one else "their", they="it" if one else "they", each="it" if one else "each",
            )  # fmt: skip


def _taken_for(each: CurrencyForecast) -> str:
    return "nothing" if each.mean_won is None else f"{number(each.mean_won)} {_unit(each)}, the mean of what was won"


def _misses(each: CurrencyForecast) -> Misses | None:
    return each.back_test.value or each.back_test.deals


def _unit(each: CurrencyForecast) -> str:
    return "deals" if each.value is None else each.currency or ""


def _expected(outlook: Outlook | None, each: CurrencyForecast) -> str:
    if outlook is None:
        return "n/a"
    band = outlook.value or outlook.deals
    return f"{number(band.expected)} {_unit(each)} ({number(band.percentile_10)} to {number(band.percentile_90)})"


def _off(miss: Miss, each: CurrencyForecast) -> str:
    if miss.percent is None:
        return f"{number(miss.mean_absolute)} {_unit(each)}"
    return _percent(miss.percent)


def _span(test: BackTest) -> str:
    return f"in the last {_counted(len(test.months), 'month')}" if len(test.months) > 1 else "in the month that was looked at"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("s" if count != 1 else "")


def _months(each: CurrencyForecast, money: bool, width: int) -> list[str]:
    """The months with what is expected of open deals, and of these and new ones."""
    if (money and each.value is None) or not any(period.open or period.with_new for period in each.periods):
        return []
    head = f"won value, {each.currency or 'no currency'}" if money else "deals won"
    rows = [("", "open deals", "10 % to 90 %", "and new ones", "10 % to 90 %")]
    for period in (*each.periods, each.total):
        rows.append((
            _label(period, each), *_cells(period.open, money), *_cells(period.with_new, money),
        ))  # fmt: skip
    rows[0] = (head, *rows[0][1:])
    return _table(rows, width)


def _label(period: Period, each: CurrencyForecast) -> str:
    if period is each.total:
        return "in all"
    return period.month if period.whole else f"{period.month}, rest"


def _cells(outlook: Outlook | None, money: bool) -> tuple[str, str]:
    band: Band | None = None if outlook is None else outlook.value if money else outlook.deals
    if band is None:
        return "n/a", "n/a"
    return number(band.expected, money), f"{number(band.percentile_10)} to {number(band.percentile_90)}"


def _categories(each: CurrencyForecast, width: int) -> list[str]:
    """The roll-up by category, where stages name one."""
    named = [total for total in each.categories if total.deals]
    if all(total.category == "pipeline" for total in named):
        return []
    rows = [("category", "deals", "value", "expected deals", "expected value")]
    for total in named:
        expected = (number(total.expected_deals, False), number(total.expected_value))
        rows.append((_CATEGORIES[total.category], f"{total.deals:,}", number(total.value or None), *expected))
    return _table(rows, width)


def _tested(each: CurrencyForecast, width: int) -> list[str]:
    """The back-test, month by month, in money where there is some."""
    misses, money = _misses(each), each.back_test.value is not None
    if misses is None:
        return wrapped(f"back-test: {_LACKING[each.back_test.lacking or 'history']}", width, "", "  ")
    found: list[tuple[str, Compared]] = []
    for month in each.back_test.months:
        compared = month.value if money else month.deals
        if compared is not None:
            found.append((month.month, compared))
    rows = [(f"back-test, {_unit(each)}", "came", "forecast", "10 % to 90 %", "declared", "average")]
    for label, of in found:
        rows.append((
            label, number(of.actual), number(of.forecast, money),
            f"{number(of.percentile_10)} to {number(of.percentile_90)}", number(of.declared, money),
            number(of.naive, money),
        ))  # fmt: skip
    methods = (misses.forecast, misses.declared, misses.naive)
    off = [number(None if miss is None else miss.mean_absolute, money) for miss in methods]
    bias = [number(None if miss is None else miss.bias, money) for miss in methods]
    within = f"{rounded(misses.within, 0)} % within"
    rows.append(("off on average", "", off[0], within, off[1], off[2]))
    rows.append(("too much (less: -)", "", bias[0], "", bias[1], bias[2]))
    return _table(rows, width)


def _stages(stages: Sequence[StageChance], titles: Mapping[str, str], width: int) -> list[str]:
    """How likely deals are won from each stage."""
    rows = [("stage", "open", "declared", "won of decided", "chance", "days to win")]
    for stage in stages:
        rows.append((
            clipped(titles.get(stage.stage, stage.stage), min(28, max(12, width - 60))), f"{stage.open:,}",
            _percent(stage.declared), f"{stage.won:,} of {stage.decided:,}", _percent(stage.chance),
            "n/a" if stage.median_days is None else f"{stage.median_days:,}",
        ))  # fmt: skip
    return _table(rows, width)


def _percent(rate: Decimal | None) -> str:
    return "n/a" if rate is None else f"{rounded(rate, 1).normalize():f} %"


def number(value: Decimal | None, whole: bool = True) -> str:
    """An amount without its decimals where it is large, an expected number of deals (not ``whole``) with one; or ``n/a``."""
    if value is None:
        return "n/a"
    if not whole:
        return f"{rounded(value, 1):,f}"
    return f"{rounded(value, 2 if abs(value) < 100 and value != value.to_integral_value() else 0):,f}"


def _table(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Columns as wide as what stands in them; numbers are to the right. What does not fit beside it follows below."""
    wide = [max(breadth(row[place]) for row in rows) for place in range(len(rows[0]))]
    parts: list[list[int]] = [[]]
    room = width - wide[0]
    for place in range(1, len(wide)):
        if parts[-1] and room < wide[place] + 2:
            parts.append([])
            room = width - wide[0]
        parts[-1].append(place)
        room -= wide[place] + 2
    lines: list[str] = []
    for part in parts:
        lines += [""] if lines else []
        for row in rows:
            cells = [row[0] + " " * (wide[0] - breadth(row[0]))]
            cells += [" " * (wide[place] - breadth(row[place])) + row[place] for place in part]
            lines.append("  ".join(cells).rstrip())
    return lines
