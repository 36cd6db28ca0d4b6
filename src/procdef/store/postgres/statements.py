"""What PostgreSQL is told otherwise than SQLite. All else is the text of ``sql_statements``, made for the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from procdef.store import sql_statements as shared
from procdef.store.inspection_port import Places
from procdef.store.queries import DealFacts, EventPlace, Waking
from procdef.store.rows import (
    ActivityRow,
    DealFactsRow,
    DealRow,
    DefinitionRow,
    DirectoryRow,
    EventRow,
    GateRow,
    NodeRow,
    NoteRow,
    PlaceRow,
    PrivateRow,
    RequestRow,
    StayRow,
)
from procdef.store.sql_statements import Statement


@lru_cache(maxsize=1024)
def for_schema(text: str, schema: str) -> str:
    """A statement of ``sql_statements`` as the driver takes it, on the tables of a schema."""
    return text.replace("%", "%%").replace("?", "%s").replace("main.", f'"{schema}".')


_TYPES = {
    "version": "bigint",
    "n": "bigint",
    "k": "bigint",
    "expected_n": "bigint",
    "fold": "integer",
    "state": "bytea",
    "body": "bytea",
}


_BYTES = ("salt", "value", "fingerprint")
_NUMBERS = ("idx", "level", "first", "last")
_COPIED = {**_TYPES, **dict.fromkeys(_BYTES, "bytea"), **dict.fromkeys(_NUMBERS, "bigint")}


def types_of(table: str, columns: Iterable[str]) -> list[str]:
    """The types of these columns of a table that is filled by COPY."""
    return ["bytea" if (table, name) == ("node", "hash") else _COPIED.get(name, "text") for name in columns]


def in_arrays(text: str, schema: str) -> str:
    """A statement that takes an array for each column, as the driver takes it: in binary form, which takes a third of the time
    that texts do, and has bytes as they are whatever ``standard_conforming_strings`` says."""
    return for_schema(text, schema).replace("%s", "%b")


def _arrays(names: Iterable[str]) -> str:
    return ", ".join(f"?::{_TYPES.get(name, 'text')}[]" for name in names)


_STAY = ", ".join(f"{name} = excluded.{name}" for name in StayRow._fields[2:])

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "deal": DealRow._fields,
    "event": EventRow._fields,
    "stay": StayRow._fields,
    "private": PrivateRow._fields,
    "gate": GateRow._fields,
    "activity": ActivityRow._fields,
    "request": RequestRow._fields,
    "definition": DefinitionRow._fields,
    "directory": DirectoryRow._fields,
    "note": NoteRow._fields,
    "pending": ("stream", "n", "hash", "recorded"),
    "leaf": ("idx", "stream", "n", "hash"),
    "node": NodeRow._fields,
}
"""The columns of each table that are written."""
_OTHERWISE = {"stay": f" ON CONFLICT (stream, k) DO UPDATE SET {_STAY}", "note": " ON CONFLICT DO NOTHING"}


@cache
def insert(table: str, rows: int = 1) -> str:
    """The statement that inserts so many rows; of visits and notes some may be there."""
    columns = COLUMNS[table]
    values = ", ".join([f"({', '.join('?' * len(columns))})"] * rows)
    return f"INSERT INTO main.{table} ({', '.join(columns)}) VALUES {values}{_OTHERWISE.get(table, '')}"


UPDATE_DEAL = (
    f"UPDATE main.deal SET {', '.join(f'{name} = ?' for name in DealRow._fields[1:])} WHERE stream = ? AND n = ?"
)
INSERT_EVENTS = (
    f"INSERT INTO main.event ({', '.join(EventRow._fields)}) SELECT * FROM unnest({_arrays(EventRow._fields)})"
)
GUARDED = "SELECT row_security_active('main.event'::regclass), to_regclass('main.deal_named') IS NOT NULL"
"""Whether this role is held to policies when it adds events, and whether the tables are distributed."""
# The same for many rows in one statement: an array for each column.
KEEP_STAYS = (
    f"INSERT INTO main.stay ({', '.join(StayRow._fields)}) SELECT * FROM unnest({_arrays(StayRow._fields)}) "
    f"ON CONFLICT (stream, k) DO UPDATE SET {_STAY}"
)
_MOVED = (*DealRow._fields[1:], "stream", "expected_n")
UPDATE_DEALS = (
    f"UPDATE main.deal d SET {', '.join(f'{name} = v.{name}' for name in DealRow._fields[1:])} "
    f"FROM unnest({_arrays(_MOVED)}) AS v ({', '.join(_MOVED)}) WHERE d.stream = v.stream AND d.n = v.expected_n"
)
DELETES = {"erased": shared.DELETE_PRIVATE, "forgotten": shared.DELETE_REQUEST}

SELECT_DEALS = f"{shared.SELECT_DEAL} WHERE key = ANY(?) OR stream = ANY(?) ORDER BY stream"
# A plan that is made for one deal is kept; one for arrays is made anew each time, which takes longer than to find the row.
SELECT_DEAL_OF_KEY = f"{shared.SELECT_DEAL} WHERE key = ?"
SELECT_DEAL_OF_STREAM = f"{shared.SELECT_DEAL} WHERE stream = ?"
SELECT_REQUESTS = (
    f"SELECT {', '.join(f'r.{name}' for name in RequestRow._fields)} FROM main.request r "
    "JOIN unnest(?::text[], ?::text[]) AS asked (stream, key) ON r.stream = asked.stream AND r.key = asked.key"
)

# What waits is an event that is stored with that hash, and has no place in the tree. Anything else in pending is somebody's
# doing: nobody seals it, so that it holds nobody up, and an inspection names it. A subquery for each row, which no plan turns
# into a join over the whole of the tables.
_WAITS = (
    "(SELECT e.hash FROM main.event e WHERE e.stream = p.stream AND e.n = p.n) = p.hash AND p.hash ~ '^[0-9a-f]{64}$' "
    "AND (SELECT l.idx FROM main.leaf l WHERE l.stream = p.stream AND l.n = p.n) IS NULL"
)
STRAY = (
    "SELECT p.stream, p.n, EXISTS (SELECT 1 FROM main.leaf l WHERE l.stream = p.stream AND l.n = p.n) "
    f"FROM main.pending p WHERE ({_WAITS}) IS NOT TRUE ORDER BY seq LIMIT 20"
)

# The lock on the tree's one row is taken where nobody has it, and never waited for. What another sealer took meanwhile is gone
# from pending, and a DELETE passes over it: so one statement does for both, although it sees pending as it was before the lock.
# The rows are taken by their place in the table, as nobody can tell the planner how many there are.
DRAIN = (
    "WITH held AS MATERIALIZED (SELECT size, frontier FROM main.tree FOR UPDATE SKIP LOCKED), "
    "drained AS (DELETE FROM main.pending d WHERE d.ctid = ANY (ARRAY("
    f"SELECT p.ctid FROM main.pending p WHERE EXISTS (SELECT 1 FROM held) AND {_WAITS} ORDER BY seq LIMIT ?)) "
    "RETURNING d.seq, d.stream, d.n, d.hash) "
    "SELECT held.size, held.frontier, d.seq, d.stream, d.n, d.hash FROM held LEFT JOIN drained d ON true"
)
# A step takes the lock with all that it writes, and looks whether anything waits. What comes to wait after that look is of
# others' deals: what was before it in its own stream was there when it locked the deal.
HELD = (
    "held AS MATERIALIZED (SELECT size, frontier, EXISTS (SELECT FROM main.pending) AS waits "
    "FROM main.tree FOR UPDATE SKIP LOCKED)"
)
LOCKED_TREE = "SELECT layout FROM main.tree FOR UPDATE"
# Whoever inserts an event or changes a deal has a lock on the table that this one waits for, and whoever comes later waits.
ALONE = "LOCK TABLE main.deal, main.event IN SHARE ROW EXCLUSIVE MODE"
# A step looks for its deal with a lock before it asks who has which roles; this waits for that one, also where there is no deal
# yet. Only who may change deals can take it: an advisory lock, which any login may take, would let anyone stop all steps.
REPLACE_DIRECTORY = "LOCK TABLE main.deal IN EXCLUSIVE MODE"
WAITING = f"SELECT count(*), min(recorded) FROM main.pending p WHERE {_WAITS}"


def _waking(query: Waking) -> Statement:
    limit = "" if query.limit is None else " LIMIT ?"
    sql = f"{shared.SELECT_DEAL} WHERE wake <= ? AND (wake, stream) > (?, ?) ORDER BY wake, stream{limit}"
    parameters = (query.until, *query.after) if query.limit is None else (query.until, *query.after, query.limit)
    return Statement(sql, parameters, shared.deal_row)


_FACTS = ", ".join(DealFactsRow._fields[:-1])


def _deal_facts(query: DealFacts) -> Statement:
    """As in SQLite, but for how a value is taken from the state, which is the canonical JSON of the deal."""
    values = ", (convert_from(state, 'UTF8')::json -> 'values' -> ?)::text" * len(query.fields)
    asked = ("process = ?", query.process), ("stream >= ?", query.first), ("stream < ?", query.end)
    sql, parameters = shared.where(f"SELECT {_FACTS}{values} FROM main.deal", "stream", *asked)
    return Statement(sql, (*query.fields, *parameters), shared.facts_row)


_LEAVES = f"SELECT {', '.join(PlaceRow._fields)} FROM main.leaf"


# What waits will be sealed in this order, whoever does it: an inspection is told so, and finds a place for every event.
_EXPECTED = (
    f"SELECT * FROM ({_LEAVES} UNION ALL SELECT stream, n, "
    f"(SELECT size FROM main.tree) + row_number() OVER (ORDER BY seq) - 1, hash FROM main.pending p WHERE {_WAITS}) place"
)


def _place(query: EventPlace) -> Statement:
    return Statement(f"{_LEAVES} WHERE stream = ? AND n = ?", (query.stream, query.n), PlaceRow._make)


def _expected_place(query: EventPlace) -> Statement:
    return Statement(f"{_EXPECTED} WHERE stream = ? AND n = ?", (query.stream, query.n), PlaceRow._make)


def _places(query: Places) -> Statement:
    return Statement(*shared.where(_EXPECTED, "stream, n, idx", ("stream = ?", query.stream)), PlaceRow._make)


STATEMENTS: Mapping[type, Callable[[Any], Statement]] = {
    **shared.STATEMENTS,
    Waking: _waking,
    DealFacts: _deal_facts,
    EventPlace: _place,
}
INSPECTION_STATEMENTS: Mapping[type, Callable[[Any], Statement]] = {
    **shared.INSPECTION_STATEMENTS,
    **STATEMENTS,
    EventPlace: _expected_place,
    Places: _places,
}
