"""Times that rise within a deal: events of one command have one time in the log, and readers sort by time alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from procdef.audit.export.event import Exported
from procdef.errors import LogBroken
from procdef.events.types import deal_noted
from procdef.log.event import instant, timestamp

_LEAST = timedelta(microseconds=1)


def rising(events: Iterable[Exported]) -> Iterator[Exported]:
    """The events, of a deal each with a later time than the one before it: by a microsecond where it had the same.

    A note may be of earlier than the step before it; it keeps its own time, and only shares it with no other.
    """
    case, last = None, ""
    taken: set[str] = set()
    for e in events:
        if e.case != case:
            case, last = e.case, ""
            taken.clear()
        time = e.time
        if time <= last and e.type != deal_noted.EVENT.name:
            time = last
        while time in taken:
            time = _later(time, e)
        taken.add(time)
        last = max(last, time)
        yield e if time == e.time else e._replace(time=time)


def _later(time: str, e: Exported) -> str:
    try:
        return timestamp(instant(time) + _LEAST)
    except (ValueError, TypeError, OverflowError):
        raise LogBroken(f"{e.case}: an event has a time that is none", e.case) from None
