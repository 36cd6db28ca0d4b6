"""What roles of PostgreSQL need for their work on a log, as a script for the owner of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain

from procdef.errors import InvalidArgument
from procdef.events.types import log_moved, log_opened, log_rekeyed, log_sealed, privacy_erased, privacy_purged
from procdef.store.postgres.tables import KEYS, TABLES
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
_OF_NAMES: Mapping[str, str] = {
    "writer": "SELECT, INSERT",
    "auditor": "SELECT",
    "eraser": "SELECT, INSERT, DELETE",
}
"""What roles may with the names of deals, where these have a table of their own."""
_SAID = {
    "writer": "takes steps; cannot change or delete an event, or a personal value",
    "reader": "reads events and figures, worth and expected day of deals among them; no other personal value",
    "auditor": "reads everything; writes nothing",
    "eraser": "takes steps, and deletes personal values; no event",
}

_OF_OWNER = ",".join(each.EVENT.name for each in (log_moved, log_opened, log_rekeyed, log_sealed, privacy_purged))
_ADDS = (
    f"((type <> ALL ('{{{_OF_OWNER}}}'::text[])) AND ((type <> '{privacy_erased.EVENT.name}'::text) OR "
    "has_table_privilege(('{s}private'::regclass)::oid, 'DELETE'::text)))"
)
"""What an event is that a role may add which does not own the table: none that closes the log or opens it, none that names its
key, and none that says that bytes of personal values are gone. That values were erased says who may delete them. So PostgreSQL
shows the condition."""

_WAITS = "2s"
"""How long the script waits for a lock on the events, and steps behind it."""

POLICIES = {
    "procdef_read": ("SELECT", "USING", "true"),
    "procdef_add": ("INSERT", "WITH CHECK", _ADDS),
}
"""The policies on ``event`` that the script makes: for which command, and what has to be true; ``{s}`` is the schema."""


@cache
def given_to_any(table: str) -> frozenset[str]:
    """The rights on a table that the script gives to roles of any kind, as ``select`` or ``update (size)``."""
    of_names = ((_OF_NAMES[kind], (KEYS,)) for kind in _OF_NAMES)
    given = (right for right, tables in (*chain(*_RIGHTS.values()), _ERASES, *of_names) if table in tables)
    return frozenset(chain.from_iterable(_each(right.lower()) for right in given))


def _each(right: str) -> Iterator[str]:
    """``update (size, frontier)`` as one right for each column, and ``select, insert`` as two."""
    verb, _, columns = right.partition(" (")
    if columns:
        return (f"{verb} ({column})" for column in columns.removesuffix(")").split(", "))
    return iter(verb.split(", "))


def policies_shown() -> frozenset[str]:
    """These policies as an inspection shows them, in whatever schema."""
    each = (
        f"policy event.{name} for {command.lower()} {kind.lower()} {told.replace('{s}', '')}"
        for name, (command, kind, told) in POLICIES.items()
    )
    return frozenset((*each, "row level security event"))


def _policies(schema: str) -> Iterator[str]:
    event = f"{quoted(schema)}.event"
    yield "-- events that close the log, name its key or say that bytes are gone are added by the owner of the tables alone"
    yield f"ALTER TABLE {event} ENABLE ROW LEVEL SECURITY;"
    for name, (command, kind, told) in POLICIES.items():
        yield f"DROP POLICY IF EXISTS {name} ON {event};"
        holds = told.replace("{s}", f"{quoted(schema)}.")
        yield f"CREATE POLICY {name} ON {event} FOR {command} {kind} ({holds});"


def grants_of(schema: str, roles: Mapping[str, str], *, distributed: bool = False) -> Iterator[str]:
    """The lines of the script, by kind of role, for tables on one server or ``distributed`` ones. Raises ``InvalidArgument``
    for a role that has no name, one name for two, and ``public``, which PostgreSQL takes for everybody."""
    names = list(roles.values())
    if any(not name or "\0" in name for name in names) or len(set(names)) < len(names):
        raise InvalidArgument("each role has a name of its own, as PostgreSQL knows it")
    if any(name.lower() == "public" for name in names):
        raise InvalidArgument("PUBLIC is everybody, and no role; make one (CREATE ROLE app LOGIN), and name that")
    yield "BEGIN;"
    yield "-- steps wait while this waits for somebody who reads: then nothing is changed, and it is to be run again"
    yield f"SET LOCAL lock_timeout = '{_WAITS}';"
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
        if distributed and kind in _OF_NAMES:
            yield f"GRANT {_OF_NAMES[kind]} ON {quoted(schema)}.{KEYS} TO {role};"
    yield from _policies(schema)
    yield "COMMIT;"
