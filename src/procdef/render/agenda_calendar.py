"""An agenda as a calendar (RFC 5545), for programs that subscribe to the file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from procdef.errors import ExtraMissing
from procdef.log.event import instant
from procdef.results.agenda_item import AgendaItem
from procdef.unsafe_characters import one_line
from procdef.version import __version__

_KINDS = {"overdue": "Overdue", "approve": "To approve", "rejected": "Rejected", "due": "Due", "lapses": "Lapses"}


def calendar(items: Iterable[AgendaItem], log: str, now: datetime) -> bytes:
    """Everything in the agenda that has a due time, or lapses at one, each at that time, in UTC.

    An entry keeps its name (``UID``) as long as it is of the same stage or action of the same deal: a calendar that reads the
    file again moves it rather than adding another. Raises ``ExtraMissing``.
    """
    try:
        import icalendar
    except ImportError:
        raise ExtraMissing('a calendar needs the package icalendar; run pip install "procdef[calendar]"') from None

    made = icalendar.Calendar()
    made.add("prodid", f"-//procdef//procdef {__version__}//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", "procdef")
    for item in items:
        if item.due is None:
            continue
        event = icalendar.Event()
        event.add("uid", f"{log}.{item.stream.removeprefix('deal:')}.{item.of}@procdef")
        event.add("dtstamp", now.replace(microsecond=0))
        event.add("dtstart", instant(item.due).replace(microsecond=0))
        called = f"{item.deal} ({item.title})" if item.title else item.deal
        late, ends = "OVERDUE " * (item.kind == "overdue"), " lapses" * (item.kind == "lapses")
        event.add("summary", one_line(f"{late}{called}: {item.what}{ends}"))
        whom = [f"Owner: {item.owner}", *([f"Roles: {', '.join(item.roles)}"] if item.roles else [])]
        told = [f"Deal: {called}", f"Process: {item.process} v{item.version}", f"Stage: {item.stage}", *whom]
        event.add("description", "\n".join(map(one_line, told)))
        event.add("categories", [_KINDS.get(item.kind, "Due")])
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    return bytes(made.to_ical())
