"""Texts looked for in every table of a SQLite file, ours and an application's, in full-text tables too."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

from procdef.store.rows import Copy
from procdef.store.sql_names import quoted
from procdef.store.sqlite.tables import TABLES
from procdef.store.texts_in_cells import holds, text_of
from procdef.unsafe_characters import alike

_virtual = re.compile(r"\s*CREATE\s+VIRTUAL\s+TABLE\b.*?\bUSING\s+(\w+)", re.IGNORECASE | re.DOTALL).match
_SEARCHED = ("fts3", "fts4", "fts5")
"""Kinds of virtual tables that find words in what they do not hold as it was written."""


def copies(connection: sqlite3.Connection, texts: Sequence[str]) -> Iterator[Copy]:
    """The tables of the database in which one of these texts stands, whatever its case, and those that nobody can look
    into."""
    wanted = [alike(text) for text in texts]
    with closing(connection.cursor()) as cursor:
        cursor.row_factory = None
        schema = [
            (text_of(name), text_of(sql))
            for name, sql in cursor.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        virtual = {name: kind[1].lower() for name, sql in schema if (kind := _virtual(sql))}
        for name, _ in schema:
            own = name.lower() in TABLES
            try:
                if name in virtual:
                    if virtual[name] in _SEARCHED and _matched(cursor, name, texts):
                        yield Copy(name, (), own)
                elif columns := _columns(cursor, name, wanted):
                    yield Copy(name, tuple(columns), own)
            except sqlite3.Error:
                yield Copy(name, (), own, False)
        if any(text in alike(sql) for _, sql in schema for text in wanted):
            yield Copy("sqlite_master", ("sql",))


def _columns(cursor: sqlite3.Cursor, table: str, wanted: Sequence[str]) -> list[str]:
    """The columns of a table that hold one of the texts."""
    rows = cursor.execute(f"SELECT * FROM main.{quoted(table)}")
    names = [column[0] for column in rows.description]
    words = [max(text.split(), key=len).encode() for text in wanted if text.isascii()]
    found: set[int] = set()
    for row in rows:
        for place, cell in enumerate(row):
            if cell is not None and place not in found and _may_hold(cell, words) and holds(cell, wanted):
                found.add(place)
        if len(found) == len(names):
            break
    return [names[place] for place in sorted(found)]


def _may_hold(cell: object, words: Sequence[bytes]) -> bool:
    """Whether a closer look is worth its time: in plain ASCII each text stands with its longest word as it is."""
    if not isinstance(cell, bytes) or not cell.isascii() or b"\\u" in cell:
        return True
    low = cell.lower()
    return any(word in low for word in words)


def _matched(cursor: sqlite3.Cursor, table: str, texts: Sequence[str]) -> bool:
    """Whether a full-text table finds one of the texts as a phrase, also where it keeps no text."""
    look = f"SELECT 1 FROM main.{quoted(table)} WHERE {quoted(table)} MATCH ? LIMIT 1"
    phrases = ('"' + text.replace('"', " ") + '"' for text in texts)
    return any(cursor.execute(look, (phrase,)).fetchone() for phrase in phrases if re.search(r"\w", phrase))
