"""What layout 4 added to a log in SQLite, filled in from the events of a log that is older.

A log may be damaged: what cannot be read of it is passed over here, as it is for a verification to tell.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from procdef.errors import ProcdefError
from procdef.events.types import EVENT_TYPES, STAGE_KEYS, deal_migrated
from procdef.events.types.deal_migrated import renamed
from procdef.language import load_published
from procdef.model import ProcessDefinition
from procdef.store import sql_statements as sql
from procdef.store.activities import Teller, followed, items_of, late_items, rows_of
from procdef.store.rows import ActivityRow
from procdef.store.sqlite.sealing import Progress

_BEAT = 10_000
_APPLIED = frozenset(kind.name for kind in EVENT_TYPES if kind.applied)
_BEGINS = frozenset(kind.name for kind in EVENT_TYPES if kind.visit is not None and kind.visit.begins)
_RECORDED = frozenset(("deal.recorded", "deal.corrected"))
_STRANGE = (LookupError, ValueError, TypeError, AttributeError, RecursionError)
"""What it raises to read an event of another shape than its type says."""

_TYPES = (str, int, int, str, int, str, str, str, str, str | None)
"""Of the columns of ``activity``."""

_SELECT = "SELECT stream, n, body FROM main.event WHERE stream LIKE 'deal:%' ORDER BY stream, n"
_SET_ACTIVE = "UPDATE main.deal SET active = ? WHERE stream = ?"
_SET_DUE = "UPDATE main.stay SET due = ? WHERE stream = ? AND k = ?"


def _is_written(row: ActivityRow) -> bool:
    """Whether a database takes the row, whatever the event held."""
    return all(map(isinstance, row, _TYPES))


class _Filled(NamedTuple):
    """What is to be written, until there is enough of it."""

    activities: list[ActivityRow]
    active: list[tuple[str, str]]
    due: list[tuple[str | None, str, int]]

    def write(self, cursor: sqlite3.Cursor) -> None:
        """Write all, and begin anew."""
        for text, rows in ((sql.INSERT_ACTIVITY, self.activities), (_SET_ACTIVE, self.active), (_SET_DUE, self.due)):
            cursor.executemany(text, rows)
            rows.clear()


class _Told:
    """A deal as far as it was read."""

    def __init__(self, stream: str, library: dict[str, ProcessDefinition]) -> None:
        self.stream, self._library = stream, library
        self._fields: tuple[tuple[str, str], ...] = ()
        self._values: dict[str, Any] = {}
        self._dues: dict[str, str] = {}
        self.process, self.version, self.stage, self.owner, self.active, self.visits = "", 0, "", "", "", 0

    def take(self, n: int, event: dict[str, Any], filled: _Filled) -> None:
        """Go on with an event. Raises what one of another shape raises."""
        kind, data, at, happened = event["type"], event["data"], event["at"], event.get("happened")
        occurred, person = happened or at, (event.get("for") or event["by"])["id"]
        late = late_items(kind, at, happened, event["via"], event["cmd"]["i"])
        if kind == "deal.started":
            pinned = event["definition"]
            self.process, self.version = pinned["id"], pinned["version"]
            self.stage, self.owner = data["stage"], person
            definition = self._library.get(pinned["sha256"])
            self._fields = followed(definition) if definition is not None else ()
        self._follow(kind, data, event)
        told = items_of(kind, data, Teller(self._fields, person, self.owner, self._dues, occurred))
        if kind == deal_migrated.EVENT.name:
            told = [(figure, name, self._values.get(name)) for figure, name in self._fields]
        items = [*told, *late]
        if items:
            place = (self.stream, n, self.process, self.version, self.stage, occurred)
            filled.activities.extend(filter(_is_written, rows_of(items, place)))
        if kind in _APPLIED:
            self.active = max(self.active, occurred)
        if kind in STAGE_KEYS:
            self.stage = data[STAGE_KEYS[kind]]
        if kind in _BEGINS:
            self.visits += 1
            if isinstance(data.get("due"), str):
                filled.due.append((data["due"], self.stream, self.visits))
        if kind == deal_migrated.EVENT.name:
            self.version = event["definition"]["version"]
            filled.due.append((data.get("due"), self.stream, self.visits))
        if kind in _RECORDED and isinstance(data.get("due", 0), str | None):
            filled.due.append((data["due"], self.stream, self.visits))
        if kind == "deal.assigned":
            self.owner = data["to"]
        begins = kind in _BEGINS or kind == deal_migrated.EVENT.name
        dues = {**({} if begins else self._dues), **data.get("dues", {})}
        self._dues = {action: due for action, due in dues.items() if isinstance(due, str)}

    def _follow(self, kind: str, data: dict[str, Any], event: dict[str, Any]) -> None:
        """Keep the values that are not personal up to date, under the names of the version that the deal is pinned to."""
        if kind == deal_migrated.EVENT.name:
            self._values = renamed(self._values, data.get("fields", {})) | data["values"]
            definition = self._library.get(event["definition"]["sha256"])
            self._fields = followed(definition) if definition is not None else ()
        elif kind == "deal.started":
            self._values = dict(data["values"])
        elif "changed" in data and kind in _RECORDED:
            kept = {name: value for name, value in self._values.items() if name not in data["changed"]}
            self._values = kept | {name: value for name, value in data["values"].items() if name in data["changed"]}


def fill_activities(cursor: sqlite3.Cursor, progress: Progress) -> None:
    """Fill in activities, when deals were last worked on, and when visits were due, within the open transaction."""
    (size,) = cursor.execute("SELECT size FROM main.tree").fetchone()
    library, filled = dict(_library(cursor)), _Filled([], [], [])
    told = _Told("", library)
    with_events = cursor.connection.cursor()
    with_events.row_factory = None
    for count, (stream, n, body) in enumerate(with_events.execute(_SELECT), 1):
        if stream != told.stream:
            filled.active.append((told.active, told.stream))
            told = _Told(stream, library)
        with suppress(*_STRANGE):
            told.take(n, json.loads(body), filled)
        if count % _BEAT == 0:
            filled.write(cursor)
            progress(min(count, size), size)
    with_events.close()
    filled.active.append((told.active, told.stream))
    filled.write(cursor)


def _library(cursor: sqlite3.Cursor) -> Iterator[tuple[str, ProcessDefinition]]:
    """The definitions that can be read, by the hash of their source."""
    for sha256, name, version, source in cursor.execute("SELECT sha256, id, version, source FROM main.definition").fetchall():
        with suppress(ProcdefError, *_STRANGE):
            yield sha256, load_published(source, f"{name} v{version}")
