"""Probabilities and goals are percent: `0.15` is less than a quarter of one percent, and the forecast comes out near nothing.
Write `15` for 15 %."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from procdef.diagnostics import Finding, Place, Route, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule


def fraction_for_percent(draft: Draft) -> Iterator[Finding]:
    """A ``probability``, ``hit_rate`` or ``win_rate`` between 0 and 1, which was likely meant as a share of one."""
    for stage in draft.process.stages.values():
        if stage.probability is not None:
            yield from _asked(stage.probability, ("stages", stage.id, "probability"))
    for name in ("hit_rate", "win_rate"):
        if name in draft.process.goals:
            yield from _asked(draft.process.goals[name].amount, ("goals", name))


def _asked(amount: Decimal | int, route: Route) -> Iterator[Finding]:
    if 0 < amount < 1:
        percent = f"{(Decimal(amount) * 100).normalize():f}"
        yield Finding(
            "fraction-for-percent",
            Place(route),
            "`{key}` is in percent, and {subject} % is next to nothing; did you mean {fix}?",
            fix=percent,
            subject=f"{amount:f}",
            kind="value",
            key=str(route[-1]),
        )


RULE = Rule("fraction-for-percent", Severity.WARNING, "practice", __doc__, fraction_for_percent)
