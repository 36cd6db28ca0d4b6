"""The fold: from a deal and its next event to the deal after it.

It evaluates no expression and asks no calendar, so that a later procdef cannot change what happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdef.deal import Changes, Deal, changed
from procdef.errors import LogBroken, NewerLog
from procdef.events.known_keys import unknown
from procdef.events.opened_event import OpenedEvent, open_known_event
from procdef.events.types import EVENT_TYPES
from procdef.events.types.deal_started import EVENT as STARTED
from procdef.events.types.deal_started import begin

_NOTHING: Changes = {}
_FOLDS = {kind.name: kind.fold for kind in EVENT_TYPES if kind.fold is not None}
_UNCHANGING = frozenset(kind.name for kind in EVENT_TYPES if kind.fold is None)
"""The types that leave a deal where it is, but for what every event changes. Some of them have no business with a deal,
which is for the verifier to say."""
_APPLIED = frozenset(kind.name for kind in EVENT_TYPES if kind.applied)
_BESIDE = frozenset(kind.name for kind in EVENT_TYPES if kind.timer or kind.beside)
_START = STARTED.name


def open_event(event: Mapping[str, Any], digest: str) -> OpenedEvent:
    """A stored event (with its personal values in place) as the fold reads it.

    Raises ``NewerLog`` for what only a later procdef knows.
    """
    newer = unknown(event)
    if newer is not None:
        raise NewerLog(f"{event.get('stream')}: event {event.get('n')} has {newer}, which only a later procdef reads")
    return open_known_event(event, digest)


def fold(deal: Deal | None, event: OpenedEvent) -> Deal:
    """The deal after this event.

    Raises ``NewerLog`` for a type of event that this procdef does not know, ``LogBroken`` where a deal does not begin
    with its start.
    """
    kind = event.type
    if kind == _START:
        return begin(event)
    if deal is None:
        raise LogBroken(f"{event.stream}: event {event.n} is {kind}, but a deal begins with {_START}", event.stream)
    step = _FOLDS.get(kind)
    if step is None and kind not in _UNCHANGING and not kind.startswith("x-"):
        raise NewerLog(f"{event.stream}: event {event.n} has the type {kind}, which only a later procdef reads")
    changes = _NOTHING if step is None else step(deal, event)
    occurred = event.happened or event.at if kind not in _BESIDE else ""
    return changed(deal, changes, event.n, event.hash, event.at, occurred, kind in _APPLIED)
