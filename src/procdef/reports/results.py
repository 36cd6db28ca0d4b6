"""What became of deals: won, lost and open, the hit rate and the win rate, won value and the reasons of losses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from procdef.store.rows import DealRow


@dataclass(frozen=True, slots=True)
class Results:
    """Counts of deals. ``offers_won`` and ``offers_lost`` are those of them that had reached the offer.

    ``won_value`` is the sum over won deals with a value, by the currency of the version that each is pinned to.
    """

    started: int
    open: int
    won: int
    lost: int
    offers_won: int
    offers_lost: int
    won_value: Mapping[str, Decimal]
    lost_reasons: Mapping[str, int]

    @property
    def hit_rate(self) -> Decimal | None:
        """Won offers / (won offers + lost offers) x 100, in percent; ``None`` when there are none.

        A deal counts when it reached the offer milestone and was then won or lost; one lost after the win counts as lost.
        """
        return _share(self.offers_won, self.offers_lost)

    @property
    def win_rate(self) -> Decimal | None:
        """Won deals / (won + lost deals) x 100, in percent, over all closed deals; ``None`` when there are none."""
        return _share(self.won, self.lost)


def results(
    deals: Iterable[DealRow], currencies: Mapping[int, str | None], since: str | None, until: str | None
) -> Results:
    """Results of a period ``since <= t < until`` (UTC text): deals by when they started, were won, or were lost.
    ``currencies`` are those of the process's versions."""
    count: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    value: dict[str, Decimal] = {}
    for deal in deals:
        count["started"] += _within(deal.started, since, until)
        count["open"] += deal.outcome == "open" and _within(deal.started, since, until)
        if deal.outcome == "won" and _within(deal.won, since, until):
            count["won"] += 1
            count["offers_won"] += deal.offered is not None
            if deal.amount is not None:
                currency = currencies.get(deal.version) or ""
                value[currency] = value.get(currency, Decimal(0)) + Decimal(deal.amount)
        if deal.outcome == "lost" and _within(deal.lost, since, until):
            count["lost"] += 1
            count["offers_lost"] += deal.offered is not None
            reasons[deal.reason or ""] += 1
    return Results(
        count["started"], count["open"], count["won"], count["lost"], count["offers_won"], count["offers_lost"],
        value, dict(reasons.most_common()),
    )  # fmt: skip


def _within(moment: str | None, since: str | None, until: str | None) -> bool:
    return moment is not None and (since is None or moment >= since) and (until is None or moment < until)


def _share(won: int, lost: int) -> Decimal | None:
    return Decimal(100 * won) / (won + lost) if won + lost else None
