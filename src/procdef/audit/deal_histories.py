"""Deals one after the other, each with all its events, as an auditor's questions go over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeVar

from procdef.audit.export import Exported
from procdef.audit.export.exported_events import MALFORMED, ExportTally, Selection, exported
from procdef.deal import Deal
from procdef.errors import LogBroken
from procdef.events.fold import fold, open_event
from procdef.store.port import Tx

T = TypeVar("T")
G = TypeVar("G")
History = list[Exported]
"""The events of one deal, from its start."""


def told(
    tx: Tx,
    tell: Callable[[History], Iterable[T]],
    streams: tuple[str, ...] = (),
    *,
    personal: bool = False,
    aside: Callable[[Exported], Iterable[T]] | None = None,
    tally: ExportTally | None = None,
) -> Iterator[T]:
    """What ``tell`` makes of each deal (of these streams, or all), with personal values in their places or without; and
    what ``aside`` makes of each event of the log's other streams, which may be long, so that no list is made of them.

    Raises ``LogBroken`` where events are not shaped as their types say.
    """
    selection = Selection(deals=streams, personal=personal)
    events = exported(tx, selection, tally or ExportTally(), asides=aside is not None)
    for stream, group in groupby(events, key=lambda event: event.case):
        if stream.startswith("deal:"):
            yield from _whole(stream, tell, list(group))
        elif aside is not None:
            for event in group:
                yield from _whole(stream, aside, event)


def _whole(stream: str, tell: Callable[[G], Iterable[T]], given: G) -> list[T]:
    try:
        return list(tell(given))
    except MALFORMED as error:
        raise LogBroken(f"{stream}: its events cannot be told") from error


def folded(history: History) -> Iterator[tuple[Deal | None, Exported, Deal]]:
    """Each event with the deal before it and after it. Raises ``NewerLog`` for what only a later procdef knows."""
    before: Deal | None = None
    for event in history:
        after = fold(before, open_event(event.event, event.hash))
        yield before, event, after
        before = after
