"""Deals one after the other, each with all its events, as an auditor's questions go over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeVar

from procdef.audit.export import Exported
from procdef.deal import Deal, fold, happening
from procdef.errors import LogBroken
from procdef.reports.exported import Selection, Tally, exported
from procdef.store.port import Tx

T = TypeVar("T")
History = list[Exported]
"""The events of one deal, from its start."""

_MALFORMED = (LookupError, ValueError, TypeError, AttributeError)


def histories(tx: Tx, streams: tuple[str, ...] = (), *, personal: bool) -> Iterator[History]:
    """The history of each deal (of these streams, or all), with personal values in their places or without."""
    selection = Selection(deals=streams, personal=personal)
    for _, events in groupby(exported(tx, selection, Tally()), key=lambda event: event.case):
        yield list(events)


def told(found: Iterable[History], tell: Callable[[History], Iterable[T]]) -> Iterator[T]:
    """What ``tell`` makes of each deal. Raises ``LogBroken`` where events are not shaped as their types say."""
    for history in found:
        try:
            rows = list(tell(history))
        except _MALFORMED as error:
            raise LogBroken(
                f"{history[0].case}: its events cannot be told; `procdef audit verify` tells more"
            ) from error
        yield from rows


def folded(history: History) -> Iterator[tuple[Deal | None, Exported, Deal]]:
    """Each event with the deal before it and after it. Raises ``NewerLog`` for what only a later procdef knows."""
    before: Deal | None = None
    for event in history:
        after = fold(before, happening(event.event, event.hash))
        yield before, event, after
        before = after
