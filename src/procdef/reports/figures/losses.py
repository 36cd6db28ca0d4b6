"""Why deals were lost, and where."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from procdef.reports.figures.arithmetic import total, worth
from procdef.reports.history import History
from procdef.reports.report import Loss, LostIn
from procdef.reports.scope import Scope

_Values = dict[str, list[Decimal]]


class LossesTally:
    """Deals lost in the period, by reason and by the stage that they were lost in."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.lost: dict[str, dict[str, tuple[int, _Values]]] = {}

    def add(self, history: History) -> None:
        """Count one deal."""
        deal, (since, until) = history.deal, self._scope.window
        if deal.outcome == "lost" and deal.lost is not None and since <= deal.lost < until:
            values: _Values = {}
            if deal.amount is not None:
                values = {self._scope.currency(deal.version): [worth(deal.amount, deal.stream)]}
            self._count(deal.reason or "", deal.stage, 1, values)

    def _count(self, reason: str, stage: str, deals: int, values: _Values) -> None:
        stages = self.lost.setdefault(reason, {})
        count, known = stages.get(stage, (0, {}))
        for currency, amounts in values.items():
            known.setdefault(currency, []).extend(amounts)
        stages[stage] = (count + deals, known)

    def merge(self, other: LossesTally) -> None:
        """Count what the other has counted, of other deals."""
        for reason, stages in other.lost.items():
            for stage, (deals, values) in stages.items():
                self._count(reason, stage, deals, values)

    def figures(self) -> Mapping[str, Loss]:
        """What they come to, the most frequent reason first."""
        order = {name: place for place, name in enumerate(self._scope.newest.stages)}
        found = {}
        for reason, stages in self.lost.items():
            ordered = sorted(stages, key=lambda stage: (order.get(stage, len(order)), stage))
            here = {stage: LostIn(stages[stage][0], _sums([stages[stage][1]])) for stage in ordered}
            whole = sum(part.deals for part in here.values())
            found[reason] = Loss(whole, _sums([values for _, values in stages.values()]), here)
        return dict(sorted(found.items(), key=lambda item: (-item[1].deals, item[0])))


def _sums(parts: list[_Values]) -> Mapping[str, Decimal]:
    found: _Values = {}
    for values in parts:
        for currency, amounts in values.items():
            found.setdefault(currency, []).extend(amounts)
    return {currency: total(amounts) or Decimal(0) for currency, amounts in sorted(found.items())}
