"""What the log comes to: pure questions to the store's rows. ``report`` reads no event; ``exported`` tells of each, and
``export`` makes a file of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from procdef.reports.funnel import StageFigures, funnel
from procdef.reports.obstacles import Obstacles, obstacles
from procdef.reports.results import Results, results
from procdef.store.port import Deals, Gates, Stays, Tx

__all__ = ["Obstacles", "Report", "Results", "StageFigures", "report"]


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one process (all its versions) over a period."""

    process: str
    since: str | None
    until: str | None
    stages: tuple[StageFigures, ...]
    results: Results
    obstacles: Obstacles


def report(tx: Tx, process: str, stages: Iterable[str], since: str | None = None, until: str | None = None) -> Report:
    """The report of a process. ``since`` (inclusive) and ``until`` (exclusive) are UTC text as in the log.

    ``stages`` give the order; stages that only older versions had follow. What counts into the period: a visit by when
    the stage was entered, a deal by when it started, was won or lost, a refusal or waiver by when the step occurred.
    """
    return Report(
        process,
        since,
        until,
        funnel(tx.scan(Stays(process=process)), stages, since, until),
        results(tx.scan(Deals(process=process)), since, until),
        obstacles(tx.scan(Gates(process=process)), since, until),
    )
