"""A simulation as text for people: what a month comes to, then where it takes time, who is busy, what waits, what stands in the
way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from zoneinfo import ZoneInfo

from procdef.render.report_layout import table
from procdef.render.text_layout import WIDTH, moment, wrapped
from procdef.simulation.results import BUSY, MOST_LISTED, MainRanges, Range, Simulated, StageRanges

FIGURES = {
    "started": ("new deals a month", "{}"),
    "won_deals": ("won deals a month", "{}"),
    "won_value": ("won value a month", "{} {currency}"),
    "hit_rate": ("hit rate", "{} %"),
    "win_rate": ("win rate", "{} %"),
    "cycle_days": ("days from start to win", "{}"),
    "overdue": ("overdue", "{} %"),
}
"""What the main figures are called, and how one is written."""
_SPREAD = ("10 %", "median", "90 %")
_MOST_PILES = 3


def simulation_text(found: Simulated, titles: Mapping[str, str], assumed: str, width: int = WIDTH) -> str:
    """The answer in ``width`` columns; ``titles`` are those of stages, roles, actions and criteria, ``assumed`` where the
    assumptions are from."""
    lines: list[str] = []
    for sentence in _first(found, titles):
        lines += wrapped(sentence, width, "", "  ")
    lines += ["", *_figures(found, width)]
    for part in (_stages, _actions, _roles, _queues, _refusals):
        shown = part(found, titles, width)
        lines += ["", *shown] if shown else []
    lines += ["", *wrapped(_foot(found, assumed), width, "", "  ")]
    return "\n".join(lines)


def written(value: Decimal | None) -> str:
    """A figure for people: large ones whole, with commas, others with one or two decimals."""
    if value is None:
        return "n/a"
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def spread(found: Range | None) -> tuple[str, str, str]:
    """The 10th, 50th and 90th percentile."""
    if found is None:
        return ("n/a",) * 3
    return written(found.percentile_10), written(found.percentile_50), written(found.percentile_90)


def _between(found: Range, unit: str = "") -> str:
    low, middle, high = spread(found)
    if low == high:
        return f"{middle}{unit}"
    return f"{middle}{unit} ({low} to {high} in eight of ten runs)"


def _first(found: Simulated, titles: Mapping[str, str]) -> Iterator[str]:
    """What matters, a sentence each."""
    for stage in found.piles()[:_MOST_PILES]:
        yield _pile(titles.get(stage, stage), found.stages[stage])
    figures = found.figures
    if figures.won_deals is not None:
        worth = ""
        if figures.won_value is not None:
            worth = f", worth {_between(figures.won_value, f' {found.currency}' if found.currency else '')}"
        yield f"On average a month wins {_between(figures.won_deals, ' deals')}{worth}."
    busiest = max(
        ((each.load.percentile_50, role) for role, each in found.roles.items() if each.load is not None), default=None
    )
    if busiest is not None:
        load, role = busiest
        name = titles.get(role, role)
        held = found.roles[role]
        if load >= BUSY and held.wait_hours is not None:
            yield (
                f"The bottleneck is {name}: {held.people} of them are at work for {written(load)} % of their hours, and what "
                f"they take up has waited for {written(held.wait_hours.percentile_50)} working hours."
            )
        else:
            yield f"Nobody is a bottleneck: the busiest, {name}, are at work for {written(load)} % of their hours."
    if (late := found.latest_action()) is not None:
        path, share = late
        stage = path.partition(".")[0]
        yield (
            f"The deadline of {titles.get(path, path)} passes in {_between(share, ' %')} of the visits to "
            f"{titles.get(stage, stage)}."
        )
    for item, deals in list(found.stuck.items())[:3]:
        yield (
            f"{written(deals)} deals of an average run get stuck in {item}, where nobody may take the next step or it is "
            "refused every time."
        )
    if found.dropped:
        yield f"{written(found.dropped)} deals of an average run are not started, as their stage refuses them."


def _pile(title: str, stage: StageRanges) -> str:
    came, left, there = _middle(stage.entered), _middle(stage.left), _middle(stage.there)
    leave = "none leaves it" if stage.left is None or not stage.left.percentile_90 else f"{left} leave it"
    return f"Deals pile up in {title}: {came} come in a month and {leave}; {there} are in it when a run ends."


def _figures(found: Simulated, width: int) -> list[str]:
    rows = []
    for each in fields(MainRanges):
        held: Range | None = getattr(found.figures, each.name)
        name, form = FIGURES[each.name]
        if held is not None:
            shown = [form.format(one, currency=found.currency or "").strip() for one in spread(held)]
            rows.append((name, shown))
    return table("over the runs", _SPREAD, rows, width)


def _stages(found: Simulated, titles: Mapping[str, str], width: int) -> list[str]:
    rows = [
        (
            titles.get(name, name),
            (_middle(each.entered), *spread(each.days), _middle(each.forward), _middle(each.overdue)),
        )
        for name, each in found.stages.items()
    ]
    return table("stage", ("a month", "days 10 %", "median", "90 %", "on, %", "overdue, %"), rows, width)


def _actions(found: Simulated, titles: Mapping[str, str], width: int) -> list[str]:
    rows = [
        (titles.get(path, path), spread(each.overdue)) for path, each in found.actions.items() if each.overdue is not None
    ]
    return table("action with a deadline", ("overdue, % 10 %", "median", "90 %"), rows, width)


def _roles(found: Simulated, titles: Mapping[str, str], width: int) -> list[str]:
    rows = [
        (titles.get(name, name), (each.people, *spread(each.load), _middle(each.waiting), _middle(each.wait_hours)))
        for name, each in found.roles.items()
    ]
    return table("people", ("number", "busy, % 10 %", "median", "90 %", "waiting", "hours waited"), rows, width)


def _queues(found: Simulated, titles: Mapping[str, str], width: int) -> list[str]:
    rows = [
        (
            titles.get(each.item, each.item),
            (titles.get(each.role, each.role), _middle(each.waiting), *spread(each.wait_hours)),
        )
        for each in found.queues[:MOST_LISTED]
        if each.waiting is not None and each.waiting.percentile_50 > 0
    ]
    return table("what waits for people", ("for", "waiting", "hours 10 %", "median", "90 %"), rows, width)


def _refusals(found: Simulated, titles: Mapping[str, str], width: int) -> list[str]:
    rows = [
        (titles.get(name, name), (*spread(each.times), _middle(each.deals)))
        for name, each in list(found.refusals.items())[:MOST_LISTED]
    ]
    return table("refused a month for", (*_SPREAD, "deals"), rows, width)


def _middle(found: Range | None) -> str:
    return "n/a" if found is None else written(found.percentile_50)


def _foot(found: Simulated, assumed: str) -> str:
    day = moment(found.since, ZoneInfo(found.timezone))[:10]
    runs = f"{found.runs:,} run{'s' * (found.runs != 1)}"
    if found.deals is not None:
        much = f"{found.deals:,} deal{'s' * (found.deals != 1)} each, from {day}"
    else:
        left_out = "1 month that does not count" if found.warm_up == 1 else f"{found.warm_up} months that do not count"
        before = f" after {left_out}" if found.warm_up else ""
        much = f"{found.months} month{'s' * (found.months != 1)} from {day}{before}"
    return f"{found.process} v{found.version} simulated: {runs} of {much}; seed {found.seed}; assumptions: {assumed}"

