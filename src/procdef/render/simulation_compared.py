"""Two simulations side by side, as text for people."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.render.report_layout import table
from procdef.render.simulation import FIGURES, spread, written
from procdef.render.text_layout import WIDTH, wrapped
from procdef.simulation.results import Compared, Range

_SENTENCES = {
    "started": ("With the second, {} more deals a month come in", "With the second, {} deals fewer a month come in"),
    "won_deals": ("The second wins {} deals more a month", "The second wins {} deals fewer a month"),
    "won_value": ("The second wins {}{currency} more a month", "The second wins {}{currency} less a month"),
    "hit_rate": (
        "The hit rate of the second is {} percentage points higher",
        "The hit rate of the second is {} percentage points lower",
    ),
    "win_rate": (
        "The win rate of the second is {} percentage points higher",
        "The win rate of the second is {} percentage points lower",
    ),
    "cycle_days": ("A win takes {} days longer with the second", "A win comes {} days sooner with the second"),
    "overdue": (
        "{} percentage points more visits are overdue with the second",
        "{} percentage points fewer visits are overdue with the second",
    ),
}
"""What a manager reads of a figure that differs: of one that is higher, and of one that is lower."""


def comparison_text(found: Compared, assumed: str, width: int = WIDTH) -> str:
    """The answer in ``width`` columns; ``assumed`` says where the assumptions are from, and what the second is."""
    lines: list[str] = []
    for sentence in _first(found):
        lines += wrapped(sentence, width, "", "  ")
    rows = []
    for name, (label, form) in FIGURES.items():
        one, other = getattr(found.first.figures, name), getattr(found.second.figures, name)
        difference = found.differences.get(name)
        if one is None and other is None:
            continue
        low, middle, high = spread(difference.range if difference else None)
        unit = form.format("", currency=found.first.currency or "").strip()
        sure = "n/a" if difference is None else "yes" if difference.more_than_chance else "no"
        chance = "n/a" if difference is None else f"{difference.chance:f}"
        rows.append(
            (f"{label}{f' ({unit})' if unit else ''}", (_mean(one), _mean(other), low, middle, high, chance, sure))
        )
    columns = ("first", "second", "diff. 10 %", "median", "90 %", "by chance", "real")
    lines += ["", *table("mean over the runs", columns, rows, width)]
    lines += ["", *_waits(found, width)]
    one = found.first
    foot = (
        f"{one.runs} pairs of runs on the same seeds (seed {one.seed}); by chance: how likely such differences are where "
        "there is none (Wilcoxon's signed-rank test), real below 0.05; differences of % are percentage points; "
        f"the first is {one.process} v{one.version}; assumptions: {assumed}"
    )
    return "\n".join([*lines, "", *wrapped(foot, width, "", "  ")])


def _mean(found: Range | None) -> str:
    return "n/a" if found is None else written(found.mean)


def _first(found: Compared) -> Iterator[str]:
    real = [name for name, each in found.differences.items() if each is not None and each.more_than_chance]
    if not real:
        yield "No figure differs by more than chance; more runs tell smaller differences apart."
    for name in real:
        each = found.differences[name]
        assert each is not None
        mean, currency = each.range.mean, f" {found.first.currency}" if found.first.currency else ""
        said = _SENTENCES[name][mean < 0].format(written(abs(mean)), currency=currency)
        yield f"{said}: more than chance."


def _waits(found: Compared, width: int) -> list[str]:
    rows = []
    for role in dict.fromkeys((*found.first.roles, *found.second.roles)):
        one, other = found.first.roles.get(role), found.second.roles.get(role)
        pairs = [(_mean(each.load), _mean(each.wait_hours)) if each else ("n/a", "n/a") for each in (one, other)]
        rows.append((role, (pairs[0][0], pairs[1][0], pairs[0][1], pairs[1][1])))
    return table("people", ("busy, % first", "second", "hours waited first", "second"), rows, width)
