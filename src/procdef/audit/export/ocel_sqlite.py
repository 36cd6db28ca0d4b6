"""OCEL 2.0 as a SQLite database: a table for each activity and each type of object, beside those that all share."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from procdef.audit.export.event import Exported, Source
from procdef.audit.export.ocel import EVENT, FIRST, OcelObject, OcelObjects, Relation, attributes, values
from procdef.errors import StoreError

_SHARED = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type (ocel_type)) WITHOUT ROWID;
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (
    ocel_event_id TEXT REFERENCES event (ocel_id),
    ocel_object_id TEXT REFERENCES object (ocel_id),
    ocel_qualifier TEXT,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)
) WITHOUT ROWID;
CREATE TABLE object_object (
    ocel_source_id TEXT REFERENCES object (ocel_id),
    ocel_target_id TEXT REFERENCES object (ocel_id),
    ocel_qualifier TEXT,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)
);
"""
_COLUMN = {"string": "TEXT", "integer": "INTEGER", "time": "TIMESTAMP"}
_TAKEN = ("object", "map_type")
"""Names that would make a shared table of a type's own."""
_BEAT = 1000


def write_ocel_sqlite(events: Iterable[Exported], source: Source, path: Path) -> None:
    """Fill an empty file. Raises ``StoreError`` where SQLite cannot write it."""
    try:
        # No journal: a file that is not finished is thrown away whole.
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;" + _SHARED)
            _Filling(connection, source).fill(events)
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise StoreError(f"the export cannot be written: {error}") from None


class _Filling:
    """A database that is being filled. Rows wait until there are some thousands, then go in by table."""

    def __init__(self, connection: sqlite3.Connection, source: Source) -> None:
        self._connection = connection
        self._attributes = attributes(source.personal)
        self._tables: dict[tuple[str, str], str] = {}
        self._waiting: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)

    def fill(self, events: Iterable[Exported]) -> None:
        """Put everything in."""
        for name in self._attributes:
            self._table("object", name)
        for count, (e, relations, things) in enumerate(OcelObjects(events).told(), 1):
            for thing in things:
                self._object(thing)
            if e is not None:
                self._event(e, relations)
            if count % _BEAT == 0:
                self._put()
        self._put()

    def _event(self, e: Exported, relations: Iterable[Relation]) -> None:
        self._add("event", (e.id, e.activity))
        self._add(self._table("event", e.activity), (e.id, e.time, *values(e)))
        self._waiting["event_object"] += [(e.id, thing, how) for thing, how in relations]

    def _object(self, thing: OcelObject) -> None:
        table, names = self._table("object", thing.type), self._attributes[thing.type]
        self._add("object", (thing.id, thing.type))
        first = dict(thing.values) | ({"stage": thing.stages[0][1]} if thing.stages else {})
        self._add(table, (thing.id, FIRST, None, *map(first.get, names)))
        for time, stage in thing.stages[1:]:
            self._add(table, (thing.id, time, "stage", *({"stage": stage}.get(name) for name in names)))
        for other, how in thing.related:
            self._add("object_object", (thing.id, other, how))

    def _table(self, kind: str, name: str) -> str:
        """The table of a type, made when it is met first."""
        table = self._tables.get((kind, name))
        if table is None:
            mapped = self._mapped(kind, name)
            table = self._tables[kind, name] = f"{kind}_{mapped}"
            known = EVENT if kind == "event" else self._attributes[name]
            columns = "".join(f', "{key}" {_COLUMN[of]}' for key, of in known.items())
            own = "ocel_id TEXT" + " PRIMARY KEY" * (kind == "event") + f" REFERENCES {kind} (ocel_id)"
            changed = ", ocel_changed_field TEXT" if kind == "object" else ""
            self._connection.execute(f'CREATE TABLE "{table}" ({own}, ocel_time TIMESTAMP{changed}{columns})')
            self._add(f"{kind}_map_type", (name, mapped))
        return table

    def _mapped(self, kind: str, name: str) -> str:
        """A name for the type's table that is no other's: SQLite tells tables apart without regard to case."""
        mapped = plain = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower()
        taken = {*_TAKEN, *(table.removeprefix(f"{kind}_") for of, table in self._tables.items() if of[0] == kind)}
        number = 1
        while not mapped or mapped in taken:
            number += 1
            mapped = f"{plain}_{number}"
        return mapped

    def _add(self, table: str, row: tuple[object, ...]) -> None:
        self._waiting[table].append(row)

    def _put(self) -> None:
        for table, rows in self._waiting.items():
            self._connection.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(rows[0]))})', rows)
        self._waiting.clear()
