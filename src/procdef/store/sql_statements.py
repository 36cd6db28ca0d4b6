"""The SQL of every row and query, made once from the port's row types, so that columns and fields cannot drift apart.

Every table is named with its schema: in a connection of the application's a temporary table of the same name, or the table
of a database that is attached, must not be taken for the log's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from procdef.store.inspection_port import AllNodes, Places
from procdef.store.queries import (
    Activities,
    ActivityFacts,
    DealFacts,
    Deals,
    DealsByStream,
    Definitions,
    Directories,
    EventPlace,
    Events,
    Gates,
    Hashes,
    LastDirectory,
    LastEvent,
    LogOrder,
    MiddleDeal,
    Nodes,
    Notes,
    Private,
    Requests,
    Stays,
    Waking,
)
from procdef.store.rows import (
    ActivityFactsRow,
    ActivityRow,
    DealFactsRow,
    DealRow,
    DefinitionRow,
    DirectoryRow,
    EventRow,
    GateRow,
    LeafRow,
    MiddleRow,
    NodeRow,
    NoteRow,
    PlaceRow,
    PrivateRow,
    RequestRow,
    StayRow,
)

Make = Callable[[tuple[Any, ...]], Any]


class Statement(NamedTuple):
    """A query in SQL, its parameters, and what makes a row of the port from a row of the database."""

    sql: str
    parameters: tuple[object, ...]
    make: Make


def _columns(row: Any, prefix: str = "") -> str:
    return ", ".join(prefix + name for name in row._fields)


def _maker(row: type) -> Make:
    """What ``row._make`` does, without a call of Python for each row: how many columns there are is certain here."""
    return partial(tuple.__new__, row)


deal_row: Callable[[tuple[Any, ...]], DealRow] = _maker(DealRow)
request_row: Callable[[tuple[Any, ...]], RequestRow] = _maker(RequestRow)


def _insert(table: str, row: Any, verb: str = "INSERT") -> str:
    return f"{verb} INTO main.{table} ({_columns(row)}) VALUES ({', '.join('?' * len(row._fields))})"


def _select(table: str, row: Any) -> str:
    return f"SELECT {_columns(row)} FROM main.{table}"


INSERT_DEAL = _insert("deal", DealRow)
# Of a deal's row nearly every step changes these, and the state.
OFTEN = ("stage", "entered", "due", "active", "n", "head")
# SQLite writes every index anew whose columns an UPDATE names, changed or not: so these have a statement of their own.
INDEXED = ("key", "outcome", "owner")
TIMES = ("wake", "deadline")
SELDOM = tuple(name for name in DealRow._fields if name not in ("stream", "state", *OFTEN, *INDEXED, *TIMES))


def _of_deal(names: Iterable[str]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """What takes these columns of a deal's row."""
    return itemgetter(*map(DealRow._fields.index, names))


often, indexed, times, seldom = _of_deal(OFTEN), _of_deal(INDEXED), _of_deal(TIMES), _of_deal(SELDOM)


def _set(names: Iterable[str]) -> str:
    return f"UPDATE main.deal SET {', '.join(f'{name} = ?' for name in names)} WHERE stream = ?"


UPDATE_OFTEN = f"{_set((*OFTEN, 'state'))} AND n = ?"
UPDATE_SELDOM = _set(SELDOM)
UPDATE_INDEXED = f"{_set(INDEXED)} AND ({' OR '.join(f'{name} <> ?' for name in INDEXED)})"
UPDATE_TIMES = f"{_set(TIMES)} AND ({' OR '.join(f'{name} IS NOT ?' for name in TIMES)})"
SELECT_SYSTEM = "SELECT body FROM main.event WHERE stream = 'system' AND type LIKE 'log.%' ORDER BY n"
SELECT_LAST_OF_SYSTEM = (
    "SELECT stream, n, id, type, recorded, hash, body FROM main.event WHERE stream = 'system' ORDER BY n DESC LIMIT 1"
)
SELECT_MOVED = (
    "SELECT body FROM (SELECT type, body FROM main.event WHERE stream = 'system' ORDER BY n DESC LIMIT 1) last "
    "WHERE type = 'log.moved'"
)
"""Where the log goes on, if its last event says that it goes on elsewhere."""
INSERT_EVENT = _insert("event", EventRow)
INSERT_LEAF = "INSERT INTO main.leaf (idx, stream, n, hash) VALUES (?, ?, ?, ?)"
INSERT_PRIVATE = _insert("private", PrivateRow)
REPLACE_STAY = _insert("stay", StayRow, "INSERT OR REPLACE")
INSERT_GATE = _insert("gate", GateRow)
INSERT_ACTIVITY = _insert("activity", ActivityRow)
INSERT_REQUEST = _insert("request", RequestRow)
INSERT_DEFINITION = _insert("definition", DefinitionRow)
INSERT_DIRECTORY = _insert("directory", DirectoryRow)
DELETE_PRIVATE = "DELETE FROM main.private WHERE stream = ? AND n = ? AND path = ?"
DELETE_REQUEST = "DELETE FROM main.request WHERE stream = ? AND key = ?"
INSERT_NODE = _insert("node", NodeRow)
INSERT_NOTE = _insert("note", NoteRow, "INSERT OR IGNORE")
SELECT_TREE = "SELECT size, frontier FROM main.tree"
UPDATE_TREE = "UPDATE main.tree SET size = ?, frontier = ?"
UPDATE_KNOWN_TREE = f"{UPDATE_TREE} WHERE size = ? AND frontier = ?"
SELECT_STORED = "SELECT 1 FROM main.event WHERE stream = ? AND n = ? AND id = ?"
SELECT_DEAL = _select("deal", DealRow)
_WAKING = f"{SELECT_DEAL} WHERE wake <= ? AND (wake, stream) > (?, ?) ORDER BY wake, stream LIMIT ?"
SELECT_STAY = _select("stay", StayRow)
SELECT_REQUEST = _select("request", RequestRow)
SELECT_EVENT = _select("event", EventRow)
SELECT_LEAF = (
    f"SELECT l.idx, l.hash, {_columns(EventRow, 'e.')} FROM main.leaf l JOIN main.event e ON e.stream = l.stream AND e.n = l.n"
)


# Before layout 4, or 5, there were no such columns: in a log that may not be written to they read as if nothing was in them. A
# report finds in the states when deals were last worked on, or in older ones when anything happened to them. Only stages had
# due times then.
_FACTS_COLUMNS = f"SELECT {', '.join(DealFactsRow._fields[:-1])}"
_ACTIVE = "coalesce(CAST(state AS TEXT) ->> '$.active', CAST(state AS TEXT) ->> '$.latest', entered)"
_BEFORE_DEADLINES = SELECT_DEAL.replace("wake, deadline", "NULL AS wake, due AS deadline")
_BEFORE_ACTIVITIES = (
    (_FACTS_COLUMNS, _FACTS_COLUMNS.replace("active", _ACTIVE)),
    (_BEFORE_DEADLINES, _BEFORE_DEADLINES.replace("active", "'' AS active")),
    (SELECT_STAY, SELECT_STAY.replace("due", "NULL AS due")),
)


def on_earlier_layouts(text: str, *, activities: bool) -> str:
    """The query for a log of a layout before 5, which lacks columns of this one; also those of layout 4 where there are no
    ``activities``."""
    text = text.replace(SELECT_DEAL, _BEFORE_DEADLINES)
    for now, earlier in () if activities else _BEFORE_ACTIVITIES:
        text = text.replace(now, earlier)
    return text


@cache
def select_heads(column: str, count: int) -> str:
    """The query of key, stream and head of so many deals by ``stream`` or ``key``."""
    return f"SELECT key, stream, head FROM main.deal WHERE {column} IN ({', '.join('?' * count)})"


@cache
def select_deals(count: int) -> str:
    """The query of so many deals by stream."""
    return f"{SELECT_DEAL} WHERE stream IN ({', '.join('?' * count)})"


@cache
def select_requests(count: int) -> str:
    """The query of so many requests by stream and key."""
    return f"{SELECT_REQUEST} WHERE (stream, key) IN (VALUES {', '.join(['(?, ?)'] * count)})"


def where(select: str, order: str, *conditions: tuple[str, object]) -> tuple[str, tuple[object, ...]]:
    """The query with only those conditions whose value is given."""
    given = [(text, value) for text, value in conditions if value is not None]
    clause = " WHERE " + " AND ".join(text for text, _ in given) if given else ""
    return f"{select}{clause} ORDER BY {order}", tuple(value for _, value in given)


def _deals(query: Deals) -> Statement:
    sql, parameters = where(
        SELECT_DEAL,
        "key",
        ("process = ?", query.process),
        ("stage = ?", query.stage),
        ("owner = ?", query.owner),
        ("outcome = ?", query.outcome),
        ("mode = 'open' AND due < ?", query.overdue),
        ("deadline < ?", query.due_before),
        ("key > ?", query.after),
    )
    if query.limit is not None:
        sql, parameters = f"{sql} LIMIT ?", (*parameters, query.limit)
    return Statement(sql, parameters, _maker(DealRow))


def _waking(query: Waking) -> Statement:
    limit = -1 if query.limit is None else query.limit
    return Statement(_WAKING, (query.until, *query.after, limit), _maker(DealRow))


def _deals_by_stream(query: DealsByStream) -> Statement:
    return Statement(*where(SELECT_DEAL, "stream", ("stream = ?", query.stream)), _maker(DealRow))


_FACTS = f"{_FACTS_COLUMNS}{{values}} FROM main.deal"
_FIXED = len(DealFactsRow._fields) - 1


def _deal_facts(query: DealFacts) -> Statement:
    values = ", CAST(state AS TEXT) -> ?" * len(query.fields)  # the state is the canonical JSON of the deal
    paths = tuple(f'$.values."{name}"' for name in query.fields)
    sql, parameters = where(_FACTS.format(values=values), "stream", ("process = ?", query.process), *_between(query))
    return Statement(sql, (*paths, *parameters), facts_row)


def _between(query: DealFacts | Stays | Gates | Activities | ActivityFacts) -> tuple[tuple[str, object], ...]:
    """The conditions that leave the streams that are asked for."""
    return ("stream >= ?", query.first), ("stream < ?", query.end)


_MIDDLE = (
    "SELECT stream, (SELECT count(*) FROM main.deal) FROM main.deal "
    "ORDER BY stream LIMIT 1 OFFSET (SELECT count(*) / 2 FROM main.deal)"
)


def _middle(query: MiddleDeal) -> Statement:
    return Statement(_MIDDLE, (), _maker(MiddleRow))


def facts_row(row: tuple[Any, ...]) -> DealFactsRow:
    return tuple.__new__(DealFactsRow, (*row[:_FIXED], row[_FIXED:]))


def _events(query: Events) -> Statement:
    conditions = (("stream = ?", query.stream), ("n >= ?", query.first), ("type = ?", query.type))
    return Statement(
        *where(SELECT_EVENT, "stream, n", *(conditions if query.stream else conditions[2:])), _maker(EventRow)
    )


def _last(query: LastEvent) -> Statement:
    return Statement(f"{SELECT_EVENT} WHERE stream = ? ORDER BY n DESC LIMIT 1", (query.stream,), _maker(EventRow))


def _log_order(query: LogOrder) -> Statement:
    sql, parameters = where(SELECT_LEAF, "l.idx", ("l.idx >= ?", query.first), ("l.idx < ?", query.end))
    return Statement(sql, parameters, lambda row: LeafRow(row[0], EventRow._make(row[2:]), row[1]))


# A leaf is written with its event, so SQLite numbers the rows of both alike, the one from 0, the other from 1. That is a
# guess (whoever writes the file anew may number rows as he likes), and what it finds is held against what was asked for:
# unless each of the events has its leaf there, all leaves are looked through. An index would cost every step.
_NEAR = (
    "WITH near AS (SELECT l.stream, l.n, l.idx, l.hash FROM main.event e CROSS JOIN main.leaf l ON l.idx = e.rowid - 1 "
    "WHERE {asked} AND l.stream = e.stream AND l.n = e.n), "
    "known AS (SELECT (SELECT count(*) FROM near) = (SELECT max(1, count(*)) FROM main.event e WHERE {asked}) AS sound) "
    "SELECT near.* FROM known CROSS JOIN near WHERE sound "
    "UNION ALL SELECT e.stream, e.n, e.idx, e.hash FROM known CROSS JOIN main.leaf e WHERE NOT sound AND {asked} "
    "ORDER BY 1, 2, 3"
)
_OF_STREAM = _NEAR.format(asked="e.stream = ?1")
_OF_EVENT = _NEAR.format(asked="e.stream = ?1 AND e.n = ?2")


def _place(query: EventPlace) -> Statement:
    return Statement(_OF_EVENT, (query.stream, query.n), _maker(PlaceRow))


def _places(query: Places) -> Statement:
    if query.stream is None:
        return Statement(*where(_select("leaf", PlaceRow), "stream, n, idx"), _maker(PlaceRow))
    return Statement(_OF_STREAM, (query.stream,), _maker(PlaceRow))


def _private(query: Private) -> Statement:
    sql, parameters = where(_select("private", PrivateRow), "stream, n, path", ("stream = ?", query.stream))
    return Statement(sql, parameters, _maker(PrivateRow))


def _stays(query: Stays) -> Statement:
    sql, parameters = where(
        SELECT_STAY,
        "stream, k",
        ("stream = ?", query.stream),
        ("stream IN (SELECT stream FROM main.deal WHERE process = ?)", query.process),
        *_between(query),
    )
    return Statement(sql, parameters, _maker(StayRow))


def _gates(query: Gates) -> Statement:
    conditions = (("stream = ?", query.stream), ("process = ?", query.process), *_between(query))
    return Statement(*where(_select("gate", GateRow), "stream, n, k", *conditions), _maker(GateRow))


def _activities(query: Activities) -> Statement:
    conditions = (("stream = ?", query.stream), ("process = ?", query.process), *_between(query))
    return Statement(*_among(query.kinds, _select("activity", ActivityRow), conditions), _maker(ActivityRow))


def _activity_facts(query: ActivityFacts) -> Statement:
    conditions = (("process = ?", query.process), *_between(query))
    return Statement(*_among(query.kinds, _select("activity", ActivityFactsRow), conditions), _maker(ActivityFactsRow))


def _among(
    kinds: tuple[str, ...] | None, select: str, conditions: tuple[tuple[str, object], ...]
) -> tuple[str, tuple[object, ...]]:
    """The query of activities of these kinds, or of all."""
    sql, parameters = where(select, "stream, n, k", *conditions)
    if kinds is None:
        return sql, parameters
    asked = f" {'AND' if parameters else 'WHERE'} kind IN ({', '.join('?' * len(kinds)) or 'NULL'}) ORDER BY"
    return sql.replace(" ORDER BY", asked), (*parameters, *kinds)


def _requests(query: Requests) -> Statement:
    return Statement(*where(SELECT_REQUEST, "stream, first, key", ("stream = ?", query.stream)), _maker(RequestRow))


def _definitions(query: Definitions) -> Statement:
    conditions = (("id = ?", query.id), ("sha256 = ?", query.sha256))
    sql, parameters = where(_select("definition", DefinitionRow), "id, version", *conditions)
    return Statement(sql, parameters, _maker(DefinitionRow))


def _directories(query: Directories) -> Statement:
    sql, parameters = where(_select("directory", DirectoryRow), "sha256", ("sha256 = ?", query.sha256))
    return Statement(sql, parameters, _maker(DirectoryRow))


def _last_directory(_query: LastDirectory) -> Statement:
    sql = (
        f"{SELECT_EVENT} WHERE stream = 'system' AND type = 'people.published' AND EXISTS (SELECT 1 FROM main.directory) "
        "ORDER BY n DESC LIMIT 1"
    )
    return Statement(sql, (), _maker(EventRow))


def _hashes(query: Hashes) -> Statement:
    conditions = (("idx >= ?", query.first), ("idx < ?", query.end))
    return Statement(*where("SELECT hash FROM main.leaf", "idx", *conditions), lambda row: row[0])


def _nodes(query: Nodes) -> Statement:
    conditions = (("level = ?", query.level), ("idx >= ?", query.first), ("idx < ?", query.end))
    return Statement(*where(_select("node", NodeRow), "level, idx", *conditions), NodeRow._make)


def _all_nodes(query: AllNodes) -> Statement:
    return Statement(*where(_select("node", NodeRow), "level, idx"), NodeRow._make)


def _notes(query: Notes) -> Statement:
    return Statement(f"{_select('note', NoteRow)} ORDER BY size, text", (), NoteRow._make)


STATEMENTS: Mapping[type, Callable[[Any], Statement]] = {
    Deals: _deals,
    Waking: _waking,
    DealsByStream: _deals_by_stream,
    DealFacts: _deal_facts,
    MiddleDeal: _middle,
    Events: _events,
    LastEvent: _last,
    LogOrder: _log_order,
    EventPlace: _place,
    Private: _private,
    Stays: _stays,
    Gates: _gates,
    Activities: _activities,
    ActivityFacts: _activity_facts,
    Requests: _requests,
    Definitions: _definitions,
    Directories: _directories,
    LastDirectory: _last_directory,
    Hashes: _hashes,
    Nodes: _nodes,
    Notes: _notes,
}

INSPECTION_STATEMENTS: Mapping[type, Callable[[Any], Statement]] = {**STATEMENTS, Places: _places, AllNodes: _all_nodes}
"""What an inspection can ask as well."""
