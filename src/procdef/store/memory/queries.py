"""The questions of the port, answered from the dictionaries of a log in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Protocol

from procdef.deal import from_state
from procdef.log.canonical import encoded
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


class MemoryTables(Protocol):
    """What the answers are read from."""

    deals: dict[str, DealRow]
    events: dict[str, dict[int, EventRow]]
    leaves: list[EventRow]
    private: dict[tuple[str, int, str], PrivateRow]
    stays: dict[tuple[str, int], StayRow]
    gates: dict[tuple[str, int, int], GateRow]
    activities: dict[tuple[str, int, int], ActivityRow]
    requests: dict[tuple[str, str], RequestRow]
    definitions: dict[str, DefinitionRow]
    directories: dict[str, DirectoryRow]
    nodes: dict[tuple[int, int], NodeRow]
    notes: list[NoteRow]


def _deals(store: MemoryTables, query: Deals) -> list[DealRow]:
    def wanted(row: DealRow) -> bool:
        return (
            query.process in (None, row.process)
            and query.stage in (None, row.stage)
            and query.owner in (None, row.owner)
            and query.outcome in (None, row.outcome)
            and (query.overdue is None or (row.mode == "open" and row.due is not None and row.due < str(query.overdue)))
            and (query.due_before is None or (row.deadline is not None and row.deadline < str(query.due_before)))
            and (query.after is None or row.key > query.after)
        )

    return sorted(filter(wanted, store.deals.values()), key=lambda row: row.key)[: query.limit]


def _waking(store: MemoryTables, query: Waking) -> list[DealRow]:
    found = [(row.wake, stream) for stream, row in store.deals.items() if row.wake is not None and row.wake <= query.until]
    return [store.deals[stream] for _, stream in sorted(place for place in found if place > query.after)[: query.limit]]


def _deals_by_stream(store: MemoryTables, query: DealsByStream) -> list[DealRow]:
    return [row for stream, row in sorted(store.deals.items()) if query.stream in (None, stream)]


def _between(query: DealFacts | Stays | Gates | Activities, stream: str) -> bool:
    """Whether that is one of the streams that are asked for."""
    return stream >= (query.first or "") and (query.end is None or stream < query.end)


def _middle(store: MemoryTables, query: MiddleDeal) -> list[MiddleRow]:
    streams = sorted(store.deals)
    return [MiddleRow(streams[len(streams) // 2], len(streams))] if streams else []


def _deal_facts(store: MemoryTables, query: DealFacts) -> Iterator[DealFactsRow]:
    for stream, row in sorted(store.deals.items()):
        if row.process == query.process and _between(query, stream):
            known = from_state(row.state).values if query.fields else {}
            values = (known.get(name) for name in query.fields)
            texts = tuple(None if value is None else encoded(value) for value in values)
            yield DealFactsRow._make((*_facts(row), texts))


def _events(store: MemoryTables, query: Events) -> list[EventRow]:
    streams = sorted(store.events) if query.stream is None else [query.stream]
    rows = (row for stream in streams for _, row in sorted(store.events.get(stream, {}).items()))
    first = query.first if query.stream is not None else 1
    return [row for row in rows if row.n >= first and query.type in (None, row.type)]


def _last(store: MemoryTables, query: LastEvent) -> list[EventRow]:
    stream = store.events.get(query.stream)
    return [stream[max(stream)]] if stream else []


def _log_order(store: MemoryTables, query: LogOrder) -> list[LeafRow]:
    return [LeafRow(idx, row, row.hash) for idx, row in enumerate(store.leaves[query.first : query.end], query.first)]


def _place(store: MemoryTables, query: EventPlace) -> list[PlaceRow]:
    return [place for place in _places(store, Places(query.stream)) if place.n == query.n]


def _places(store: MemoryTables, query: Places) -> list[PlaceRow]:
    places = (PlaceRow(row.stream, row.n, idx, row.hash) for idx, row in enumerate(store.leaves))
    return sorted(place for place in places if query.stream in (None, place.stream))


def _private(store: MemoryTables, query: Private) -> list[PrivateRow]:
    return sorted(row for row in store.private.values() if query.stream in (None, row.stream))


def _of_process(store: MemoryTables, stream: str, process: str | None) -> bool:
    return process is None or (stream in store.deals and store.deals[stream].process == process)


def _stays(store: MemoryTables, query: Stays) -> list[StayRow]:
    places = (place for place in store.stays if query.stream in (None, place[0]) and _between(query, place[0]))
    return [store.stays[place] for place in sorted(places) if _of_process(store, place[0], query.process)]


def _gates(store: MemoryTables, query: Gates) -> list[GateRow]:
    rows = (row for row in store.gates.values() if query.stream in (None, row.stream) and _between(query, row.stream))
    return sorted(row for row in rows if query.process in (None, row.process))


def _activities(store: MemoryTables, query: Activities) -> list[ActivityRow]:
    rows = (row for row in store.activities.values() if query.stream in (None, row.stream) and _between(query, row.stream))
    rows = (row for row in rows if query.kinds is None or row.kind in query.kinds)
    return sorted((row for row in rows if query.process in (None, row.process)), key=lambda row: row[:3])


def _activity_facts(store: MemoryTables, query: ActivityFacts) -> list[ActivityFactsRow]:
    rows = _activities(store, Activities(None, query.process, query.kinds, query.first, query.end))
    return [ActivityFactsRow._make(_told(row)) for row in rows]


_told = attrgetter(*ActivityFactsRow._fields)


def _requests(store: MemoryTables, query: Requests) -> list[RequestRow]:
    rows = (row for row in store.requests.values() if query.stream in (None, row.stream))
    return sorted(rows, key=lambda row: (row.stream, row.first, row.key))


def _definitions(store: MemoryTables, query: Definitions) -> list[DefinitionRow]:
    rows = (row for row in store.definitions.values() if query.id in (None, row.id))
    return sorted((row for row in rows if query.sha256 in (None, row.sha256)), key=lambda row: (row.id, row.version))


def _directories(store: MemoryTables, query: Directories) -> list[DirectoryRow]:
    return sorted(row for row in store.directories.values() if query.sha256 in (None, row.sha256))


def _last_directory(store: MemoryTables, _query: LastDirectory) -> list[EventRow]:
    if not store.directories:
        return []
    return [row for row in store.events.get("system", {}).values() if row.type == "people.published"][-1:]


def _hashes(store: MemoryTables, query: Hashes) -> list[str]:
    return [row.hash for row in store.leaves[query.first : query.end]]


def _nodes(store: MemoryTables, query: Nodes) -> list[NodeRow]:
    rows = (row for row in store.nodes.values() if row.level == query.level)
    return sorted(row for row in rows if query.first <= row.idx and (query.end is None or row.idx < query.end))


def _all_nodes(store: MemoryTables, query: AllNodes) -> list[NodeRow]:
    return sorted(store.nodes.values())


def _notes(store: MemoryTables, query: Notes) -> list[NoteRow]:
    return sorted(store.notes)


_facts = attrgetter(*DealFactsRow._fields[:-1])

ANSWERS: Mapping[type, Callable[[MemoryTables, Any], Iterable[Any]]] = {
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

INSPECTION_ANSWERS: Mapping[type, Callable[[MemoryTables, Any], Iterable[Any]]] = {
    **ANSWERS,
    Places: _places,
    AllNodes: _all_nodes,
}
"""What an inspection can ask as well."""
