"""What roles of PostgreSQL need for their work on a log, as a script for the owner of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procdef.errors import InvalidArgument
from procdef.store.postgres_tables import TABLES
from procdef.store.rows import DealRow
from procdef.store.sql_names import quoted

PERSONAL = ("key", "state")
"""Columns of ``deal`` with personal values: its name, and all of its fields."""
_NOT_PERSONAL = tuple(table for table in TABLES if table not in ("deal", "private", "request"))
_ADDED = (
    *("event", "private", "gate", "activity", "request", "pending", "leaf", "node", "note", "definition", "directory"),
    *("deal", "stay"),
)

_RIGHTS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "writer": (
        ("SELECT", TABLES),
        ("INSERT", _ADDED),
        ("UPDATE", ("deal", "stay")),
        ("UPDATE (size, frontier)", ("tree",)),
        ("DELETE", ("pending",)),
    ),
    "reader": (
        ("SELECT", _NOT_PERSONAL),
        (f"SELECT ({', '.join(name for name in DealRow._fields if name not in PERSONAL)})", ("deal",)),
    ),
    "auditor": (("SELECT", TABLES),),
    "eraser": (),
}
_ERASES = ("DELETE", ("private", "request"))
_SAID = {
    "writer": "takes steps; cannot change or delete an event, or a personal value",
    "reader": "reads events and figures; no personal value",
    "auditor": "reads everything; writes nothing",
    "eraser": "takes steps, and deletes personal values; no event",
}


def grants_of(schema: str, roles: Mapping[str, str]) -> Iterator[str]:
    """The lines of the script, by kind of role. Raises ``InvalidArgument`` for a role that has no name, or one name for two."""
    names = list(roles.values())
    if any(not name or "\0" in name for name in names) or len(set(names)) < len(names):
        raise InvalidArgument("each role has a name of its own, as PostgreSQL knows it")
    yield "BEGIN;"
    yield f"REVOKE ALL ON SCHEMA {quoted(schema)} FROM PUBLIC;"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {quoted(schema)} FROM PUBLIC;"
    for kind, name in roles.items():
        role = quoted(name)
        yield f"-- {name.replace(chr(10), ' ')} {_SAID[kind]}"
        yield f"REVOKE ALL ON SCHEMA {quoted(schema)} FROM {role};"
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {quoted(schema)} FROM {role};"
        yield f"GRANT USAGE ON SCHEMA {quoted(schema)} TO {role};"
        rights = (*_RIGHTS["writer"], _ERASES) if kind == "eraser" else _RIGHTS[kind]
        for right, tables in rights:
            yield f"GRANT {right} ON {', '.join(f'{quoted(schema)}.{table}' for table in tables)} TO {role};"
    yield "COMMIT;"
