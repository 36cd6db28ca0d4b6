"""The log's events as exports tell of them: by deal and in order, one at a time, with the stage that each came in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

from procdef.audit.export import Exported
from procdef.audit.export.activity import activity
from procdef.errors import LogBroken, UnknownDeal
from procdef.events.data_check import is_shaped
from procdef.events.types import STAGE_KEYS, deal_migrated, deal_started
from procdef.log.chain import event_hash
from procdef.log.event import ERASED, personal, reveal
from procdef.store.port import Tx
from procdef.store.queries import Events, Private
from procdef.store.rows import EventRow, PrivateRow
from procdef.store.sealed_reading import sealed
from procdef.verification.tables.storage_classes import misfit

RowT = TypeVar("RowT")

MALFORMED = (LookupError, ValueError, TypeError, AttributeError, RecursionError)
"""What it raises to tell of an event that is not shaped as its type says."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for: events that happened in ``since <= time < until`` (UTC text), of these streams or of all.

    ``personal``: with personal values in their places.
    """

    since: str | None = None
    until: str | None = None
    deals: tuple[str, ...] = ()
    personal: bool = False

    @property
    def shown(self) -> dict[str, object]:
        """As the log and the file beside an export name it. A deal's name may be personal: only streams stand here."""
        shown: dict[str, object] = {"with_personal": self.personal}
        if self.since is not None:
            shown["from"] = self.since
        if self.until is not None:
            shown["to"] = self.until
        if self.deals:
            shown["deals"] = list(self.deals)
        return shown


@dataclass(slots=True)
class ExportTally:
    """How many events were looked at, how many rows left the log, and of how many deals."""

    seen: int = 0
    rows: int = 0
    deals: int = 0


def refuse_changed(row: EventRow) -> None:
    """Raises ``LogBroken`` for an event whose bytes are not those of its hash: nothing is told from it."""
    if event_hash(row.body) != row.hash:
        raise LogBroken(f"{row.stream}: event {row.n} was changed")


def fitting(rows: Iterable[RowT]) -> Iterator[RowT]:
    """The rows. Raises ``LogBroken`` for one with a column of another type than procdef writes, as SQLite stores any."""
    for row in rows:
        column = misfit(row)
        if column is not None:
            raise LogBroken(f"a table holds a {column} of another type than procdef writes: {row!r:.100}")
        yield row


def streams_of(tx: Tx, names: Iterable[str]) -> tuple[str, ...]:
    """The streams of these deals (keys, or ``deal:<uuid>``), sorted. Raises ``UnknownDeal``."""
    wanted = tuple(names)
    found = tx.load(wanted).deals
    for name in wanted:
        if name not in found:
            raise UnknownDeal(f"there is no deal {name!r}", name)
    return tuple(sorted({row.stream for row in found.values()}))


def exported(tx: Tx, selection: Selection, tally: ExportTally, *, asides: bool = False) -> Iterator[Exported]:
    """The events asked for, deal by deal; with ``asides`` those of the log's other streams too.

    Raises ``LogBroken`` for an event that is not shaped as its type says.
    """
    since, until = selection.since, selection.until
    personal = _Personal(tx, selection) if selection.personal else None
    here, told = _Stream("", None), -1
    for row in fitting(_rows(tx, selection)):
        tally.seen += 1
        if row.stream != here.stream:
            here, told = _Stream(row.stream, personal), tally.rows
        if not (here.of_a_deal or asides):
            continue
        # What was recorded before happened before; so most of what is not asked for need not be read at all, but for
        # what tells where a deal is.
        if since is not None and row.recorded < since and row.type not in STAGE_KEYS:
            continue
        try:
            found = here.read(row)
        except MALFORMED as error:
            raise LogBroken(f"{row.stream}: event {row.n} cannot be read") from error
        if (since is None or found.time >= since) and (until is None or found.time < until):
            tally.deals += here.of_a_deal and tally.rows == told
            tally.rows += 1
            yield found


def _rows(tx: Tx, selection: Selection) -> Iterator[EventRow]:
    if not selection.deals:
        return sealed(tx, tx.scan(Events()))
    return sealed(tx, chain.from_iterable(tx.scan(Events(stream)) for stream in selection.deals))


class _Personal:
    """Personal values, read alongside the events: both come in the order of their places."""

    def __init__(self, tx: Tx, selection: Selection) -> None:
        streams = selection.deals or (None,)
        self._rows = chain.from_iterable(tx.scan(Private(stream)) for stream in streams)
        self._next = next(self._rows, None)

    def of(self, event: EventRow) -> list[PrivateRow]:
        """The values of an event; events are asked for in their order, and need not all be."""
        found = []
        while (row := self._next) is not None and row[:2] <= event[:2]:
            if row[:2] == event[:2]:
                found.append(row)
            self._next = next(self._rows, None)
        return found


class _Stream:
    """One stream, with what is known of its deal so far."""

    def __init__(self, stream: str, personal: _Personal | None) -> None:
        self.stream, self.personal = stream, personal
        self.of_a_deal = stream.startswith("deal:")
        self.stage, self.process, self.version = "", "", 0
        self.name: str | None = None

    def read(self, row: EventRow) -> Exported:
        """The event of a row, in the stage that those before it led to. Raises ``LogBroken`` where it was changed."""
        refuse_changed(row)
        event: dict[str, Any] = json.loads(row.body.decode())
        if self.personal is not None and "private" in event:
            event["data"] = _opened(event, self.personal.of(row))
        if not is_shaped(event):
            raise ValueError("an event of another shape")
        kind, data = row.type, event["data"]
        if kind == deal_started.EVENT.name:
            self._learn(event)
        elif kind == deal_migrated.EVENT.name:
            self.version = event["definition"]["version"]
        person = event.get("for") or event["by"]
        found = Exported(
            self.stream,
            activity(kind, data),
            event.get("happened") or row.recorded,
            person["id"],
            ", ".join(person.get("roles", ())),
            self.stage,
            self.process,
            self.version,
            kind,
            row.recorded,
            row.n,
            row.id,
            row.hash,
            self.name,
            event,
            row.body,
        )
        if kind in STAGE_KEYS:
            self.stage = data[STAGE_KEYS[kind]]
        return found

    def _learn(self, event: dict[str, Any]) -> None:
        data, definition = event["data"], event["definition"]
        self.stage, self.process, self.version = data["stage"], definition["id"], definition["version"]
        if self.personal is not None:
            self.name = data["key"]


def _opened(event: dict[str, Any], rows: list[PrivateRow]) -> dict[str, Any]:
    """The data with its personal values in their places; what has no value any more was erased."""
    values: dict[str, Any] = dict.fromkeys(event["private"], ERASED)
    for row in rows:
        values[row.path] = personal(row.stream, row.n, row.value)
    return reveal(event["data"], values)
