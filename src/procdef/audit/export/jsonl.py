"""JSON lines: every event as stored, one a line, those that belong to no deal as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procdef.audit.export.event import Exported, Source
from procdef.log.canonical import encode


def json_lines(events: Iterable[Exported], source: Source) -> Iterator[bytes]:
    """The file, line by line. Without personal values the lines are the bytes that the log's hashes are over."""
    for e in events:
        yield (encode(e.event) if source.personal else e.body) + b"\n"
