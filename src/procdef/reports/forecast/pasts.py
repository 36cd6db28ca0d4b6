"""What became of each deal of a process and when, read from the store side by side: deals and their visits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, Protocol

from procdef.store.port import DealsByStream, Stays, Tx


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


def pasts(tx: Tx, process: str) -> Iterator[Past]:
    """Every deal of the process that was started."""
    visits = groupby(tx.scan(Stays(process=process)), itemgetter(0))
    stream, stays = next(visits, ("", iter(())))
    for deal in tx.scan(DealsByStream()):
        if deal.process != process:
            continue
        while stream and stream < deal.stream:
            stream, stays = next(visits, ("", iter(())))
        if stream == deal.stream:
            known: Iterable[Visit] = stays
            yield Past(
                deal.version, list(known), _since(deal.started, deal.amount), _since(deal.started, deal.expected)
            )


def _since(started: str, value: str | None) -> Sequence[Change]:
    return () if value is None else (Change(started, value),)
