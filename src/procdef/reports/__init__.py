"""What the log comes to: figures of a process over a period, counted from the store's rows. No event is read.

``report`` asks an engine; ``counted`` counts over histories, wherever they come from. ``docs/metrics.md`` defines the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from procdef.engine import Engine
from procdef.reports.as_reported import AsReported, differing, is_over
from procdef.reports.asked import Asked, asked
from procdef.reports.behind import BehindFigure, Counted, behind, named
from procdef.reports.damaged_rows import rows_read
from procdef.reports.figures.main_figures import MainTally
from procdef.reports.history import History
from procdef.reports.processes_and_moments import Moment
from procdef.reports.report import Report
from procdef.reports.scope import IDLE_DAYS
from procdef.reports.sections import Sections
from procdef.reports.standing import histories_of, settled_in
from procdef.reports.two_processes import side_by_side
from procdef.store.port import Tx

__all__ = ["Asked", "BehindFigure", "Report", "asked", "counted", "deals_behind", "report", "report_in"]


def report(
    engine: Engine,
    process: str | None = None,
    *,
    since: Moment | None = None,
    until: Moment | None = None,
    last: str | None = None,
    by: str | None = None,
    bands: Sequence[Decimal | int | str] = (),
    idle_days: int = IDLE_DAYS,
    as_of: Moment | None = None,
    now: datetime | None = None,
) -> Report:
    """The figures of a process, of the only one where none is named.

    Of a period ``since <= t < until`` in the time zone of the process, where a day given as ``until`` is included, or of the
    ``last`` ``90d``, ``month``, ``quarter`` or ``year``; else over all time. ``by``: groups by ``owner``, ``stage``,
    ``version``, ``month`` or a field, one of numbers in quartiles or in ``bands`` that begin at these numbers. A deal is idle
    after ``idle_days`` without a step. With ``as_of`` the figures are those of the log as it stood then. Raises
    ``UnknownProcess`` and ``InvalidArgument``.
    """
    what = asked(
        engine, process, since=since, until=until, last=last, by=by, bands=bands, idle_days=idle_days, as_of=as_of, now=now
    )
    with engine.store.transaction(write=False) as tx:
        return report_in(tx, what)


def report_in(tx: Tx, what: Asked) -> Report:
    """The report as of a transaction that is open. Raises ``LogBroken`` for rows that cannot be counted."""
    with rows_read(what.scope.newest.id):
        what = settled_in(tx, what)
        return side_by_side(tx, partial(_counted_part, what=what)).report()


class _Counts:
    """The parts of a report, and beside them the main figures as they were reported, where the period is over."""

    def __init__(self, sections: Sections, reported: MainTally | None, with_activities: bool) -> None:
        self._sections, self._reported, self._with_activities = sections, reported, with_activities

    def merge(self, other: _Counts) -> None:
        """Count what the other has counted, of other deals."""
        self._sections.merge(other._sections)
        if self._reported is not None and other._reported is not None:
            self._reported.merge(other._reported)

    def report(self) -> Report:
        """What they come to."""
        reported = None if self._reported is None else differing(self._sections.main, self._reported)
        return self._sections.report(reported, self._with_activities)


def _counted_part(tx: Tx, first: str | None, end: str | None, what: Asked) -> _Counts:
    """What the deals from one stream on up to another come to."""
    rows = histories_of(tx, what, first, end)
    reported = AsReported(tx, what.scope) if rows.with_activities and is_over(what.scope) else None
    sections = counted(rows if reported is None else reported.watched(rows), what)
    sections.refusals.add_starts(rows.refused_starts)
    sections.stages.sort()
    return _Counts(sections, None if reported is None else reported.tally, rows.with_activities)


def counted(rows: Iterable[History], what: Asked) -> Sections:
    """What these deals come to; to be merged with what others come to."""
    sections = Sections(*what)
    for history in rows:
        sections.add(history)
    return sections


def deals_behind(tx: Tx, what: Asked, found: Report, figure: str) -> Iterator[BehindFigure]:
    """The deals that a count of a report counts, by the count's name. Raises ``InvalidArgument`` for a name that is none."""
    with rows_read(what.scope.newest.id):
        counted_there = named(found, figure)
    return _behind(tx, what, counted_there)


def _behind(tx: Tx, what: Asked, figure: Counted) -> Iterator[BehindFigure]:
    with rows_read(what.scope.newest.id):
        what = settled_in(tx, what)
        yield from behind(tx, histories_of(tx, what), what, figure)
