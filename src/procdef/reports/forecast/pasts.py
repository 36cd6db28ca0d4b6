"""What became of each deal of a process and when, read from the store side by side: deals, visits, and what they were worth
when.

Imported history counts from when it happened. Any other step that was entered late counts from when it was recorded: before
that nobody could know of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from procdef.reports.history import histories
from procdef.store.port import Tx
from procdef.store.rows import ActivityFactsRow

_KINDS = ("close", "late", "value")


class Visit(Protocol):
    """A stay in a stage. Times are UTC text."""

    @property
    def stage(self) -> str: ...
    @property
    def entered(self) -> str: ...
    @property
    def left_at(self) -> str | None: ...
    @property
    def how(self) -> str | None: ...


class Change(NamedTuple):
    """What a field held from a time on, or nothing."""

    since: str
    value: str | None


class Past(NamedTuple):
    """A deal: the version that it is pinned to, its visits in order, and what its value and its day of closing were when,
    oldest first."""

    version: int
    visits: Sequence[Visit]
    values: Sequence[Change]
    closes: Sequence[Change]


def before(changes: Sequence[Change], moment: str) -> str | None:
    """What the field held just before a moment."""
    for change in reversed(changes):
        if change.since < moment:
            return change.value
    return None


def pasts(tx: Tx, process: str, first: str | None = None, end: str | None = None) -> Iterator[Past]:
    """Every deal of the process that was started, from the stream ``first`` on, up to, not including, ``end``.

    In an older log that may not be written to, where nothing tells what deals were worth when, they were worth all the time
    what they are worth now.
    """
    for deal, visits, _, told in histories(tx, process, (), first, end, gates=False, kinds=_KINDS):
        values, closes = (_changes(told, kind) for kind in ("value", "close")) if told else ((), ())
        values = values or _since(deal.started, deal.amount)
        closes = closes or _since(deal.started, deal.expected)
        past = Past(deal.version, visits, values, closes)
        late = {row.occurred: row.item for row in told if row.kind == "late"} if told else None
        yield _as_recorded(past, late) if late else past


def _changes(rows: Iterable[ActivityFactsRow], kind: str) -> Sequence[Change]:
    return [Change(row.occurred, row.detail) for row in rows if row.kind == kind]


def _since(started: str, value: str | None) -> Sequence[Change]:
    """A value that has no history of its own: a personal one, of which nothing is kept beside the deal."""
    return () if value is None else (Change(started, value),)


def _as_recorded(past: Past, late: Mapping[str, str]) -> Past:
    """The deal with each step that was entered late at the time when that was done."""

    def moved(changes: Sequence[Change]) -> Sequence[Change]:
        return [Change(late.get(each.since, each.since), each.value) for each in changes]

    visits = [
        _Moved(
            visit.stage,
            late.get(visit.entered, visit.entered),
            None if visit.left_at is None else late.get(visit.left_at, visit.left_at),
            visit.how,
        )
        for visit in past.visits
    ]
    return Past(past.version, visits, moved(past.values), moved(past.closes))


class _Moved(NamedTuple):
    """A visit whose begin or end was recorded later."""

    stage: str
    entered: str
    left_at: str | None
    how: str | None
