"""A report as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from procdef.reports import Report


def report_text(report: Report, titles: Mapping[str, str], currency: str | None) -> str:
    """Tables for a terminal; ``titles`` names the stages."""
    found = report.results
    lines = [f"{report.process}  {_period(report)}", ""]
    lines.append(
        f"{'stage':<28}{'entered':>8}{'forward':>8}{'back':>6}{'lost':>6}{'median':>9}{'mean':>9}{'90 %':>9}  days"
    )
    for stage in report.stages:
        times = "".join(f"{_days(value):>9}" for value in (stage.median, stage.mean, stage.percentile90))
        name = titles.get(stage.stage, stage.stage)[:27]
        forward = stage.advanced + stage.finished
        lines.append(f"{name:<28}{stage.entered:>8}{forward:>8}{stage.returned:>6}{stage.lost:>6}{times}")
    lines += [
        "",
        f"deals started {found.started}, open {found.open}, won {found.won}, lost {found.lost}",
        f"hit rate  {percent(found.hit_rate)}  (won offers / (won + lost offers); "
        f"{found.offers_won} won, {found.offers_lost} lost)",
        f"win rate  {percent(found.win_rate)}  (won / (won + lost) of all closed deals)",
        f"won value {found.won_value:f} {currency or ''}".rstrip(),
    ]
    lines += _counts("lost because of", [(reason, n) for reason, n in found.lost_reasons.items()])
    lines += _counts("refused because of", [(f"{item} ({code})", n) for item, code, n in report.obstacles.unmet])
    lines += _counts("waived", list(report.obstacles.waived))
    return "\n".join(lines)


def report_json(report: Report) -> str:
    """One object. Rates are percent as decimal text or ``null``, days are numbers, money is decimal text."""
    found = report.results
    return json.dumps(
        {
            "process": report.process,
            "from": report.since,
            "to": report.until,
            "stages": [
                {
                    "stage": s.stage, "entered": s.entered, "advanced": s.advanced, "returned": s.returned,
                    "lost": s.lost, "finished": s.finished, "median_days": _rounded(s.median),
                    "mean_days": _rounded(s.mean), "percentile_90_days": _rounded(s.percentile90),
                }
                for s in report.stages
            ],
            "deals": {"started": found.started, "open": found.open, "won": found.won, "lost": found.lost},
            "offers": {"won": found.offers_won, "lost": found.offers_lost},
            "hit_rate": _plain(found.hit_rate),
            "win_rate": _plain(found.win_rate),
            "won_value": f"{found.won_value:f}",
            "lost_reasons": dict(found.lost_reasons),
            "refusals": [{"item": item, "code": code, "count": n} for item, code, n in report.obstacles.unmet],
            "waivers": [{"criterion": item, "count": n} for item, n in report.obstacles.waived],
        },
        ensure_ascii=False,
    )  # fmt: skip


def percent(rate: Decimal | None) -> str:
    """A rate with two decimals, or ``n/a`` when there is none."""
    return "n/a" if rate is None else f"{_plain(rate)} %"


def _plain(rate: Decimal | None) -> str | None:
    return None if rate is None else str(rate.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 4)


def _days(days: float | None) -> str:
    return "n/a" if days is None else f"{days:.2f}"


def _period(report: Report) -> str:
    if report.since is None and report.until is None:
        return "all time"
    return f"from {(report.since or 'the beginning')[:10]} to {(report.until or 'now')[:10]}"


def _counts(head: str, counts: list[tuple[str, int]]) -> list[str]:
    if not counts:
        return []
    return ["", head, *(f"  {n:>6}  {name}" for name, n in counts[:15])]
