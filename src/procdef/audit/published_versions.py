"""Every published version of every process, with when and by whom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from procdef.audit.export.exported_events import MALFORMED, fitting
from procdef.audit.full_log import Person, person_of
from procdef.errors import InvalidArgument, LogBroken
from procdef.events.types import definition_published
from procdef.store.port import Tx
from procdef.store.queries import Definitions, Events
from procdef.store.rows import EventRow


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version. ``sha256`` is over the ``size`` bytes of its source, ``recorded`` when it was published; ``n``, ``id`` and
    ``hash`` are those of the event."""

    process: str
    version: int
    language: int
    sha256: str
    size: int
    recorded: str
    who: Person
    n: int
    id: str
    hash: str


def published(tx: Tx) -> Iterator[PublishedVersion]:
    """By process and version. Raises ``LogBroken`` for a version that no event published."""
    told: dict[str, tuple[EventRow, Person]] = {}
    of: str | None = None
    for row in list(fitting(tx.scan(Definitions()))):
        if row.id != of:
            of, told = row.id, publishings(tx, f"definition:{row.id}")
        if row.sha256 not in told:
            raise LogBroken(f"no event published {row.id} v{row.version}")
        event, who = told[row.sha256]
        yield PublishedVersion(
            row.id,
            row.version,
            row.lang,
            row.sha256,
            len(row.source),
            event.recorded,
            who,
            event.n,
            event.id,
            event.hash,
        )


def version_named(text: str) -> tuple[str, int]:
    """Process and version of ``ID@VERSION``. Raises ``InvalidArgument``."""
    process, at, version = text.rpartition("@")
    if not at or not process or not (version.isascii() and version.isdigit()) or len(version) > 9:
        raise InvalidArgument(f"{text!r} names no version; write ID@VERSION, as in sales@2")
    return process, int(version)


def publishings(tx: Tx, stream: str) -> dict[str, tuple[EventRow, Person]]:
    """By the SHA-256 of the source the event that published it, and who did. Raises ``LogBroken``."""
    found = {}
    for row in tx.scan(Events(stream, type=definition_published.EVENT.name)):
        try:
            event = json.loads(row.body)
            found[event["data"]["sha256"]] = (row, person_of(event))
        except MALFORMED as error:
            raise LogBroken(f"{stream}: event {row.n} cannot be read") from error
    return found
