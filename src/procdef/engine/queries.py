"""What the engine is asked about deals: where one stands and what its log says. Reading changes and logs nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from functools import cache, partial
from operator import attrgetter
from typing import Any, NamedTuple

from procdef.deal import Deal, from_state
from procdef.engine.arguments import deal_name
from procdef.engine.definition_cache import DefinitionCache
from procdef.errors import LogBroken, ProcdefError, UnknownDeal
from procdef.events.data_check import is_shaped
from procdef.events.fold import fold, open_event
from procdef.events.types import FOLD, log_retimed
from procdef.log.chain import event_hash
from procdef.log.envelope import STREAMS
from procdef.log.event import ERASED, personal, reveal
from procdef.model import ProcessDefinition
from procdef.results.deal_view import DealView, view_of
from procdef.results.event import Event, opened, opened_or_erased
from procdef.results.listed_deal import ListedDeal
from procdef.store.port import Tx
from procdef.store.queries import Deals, Events, Private, Requests
from procdef.store.rows import DealRow, EventRow, Leaf

_COLUMNS = tuple(each.name for each in fields(ListedDeal) if each.name in DealRow._fields and each.name != "key")
_of_row = attrgetter(*_COLUMNS)


def deal_named(tx: Tx, name: str) -> Deal:
    """Where the deal of that key or stream stands. Raises ``UnknownDeal``."""
    row = tx.load([deal_name(name)]).deals.get(name)
    if row is None:
        raise UnknownDeal(f"there is no deal {name!r}", name)
    return awake(tx, row)


def awake(tx: Tx, row: DealRow) -> Deal:
    """The deal of a row; folded anew where another version of the fold made the row."""
    return from_state(row.state) if row.fold == FOLD else refold(tx, row.stream)


def refold(tx: Tx, stream: str, gone: Collection[tuple[int, str]] | None = None) -> Deal:
    """The deal as its events say. Given places ``gone`` (event, pointer): without the personal values there, and without
    those that are damaged, which keep no other from being erased.

    Raises ``UnknownDeal``, ``NewerLog`` for what only a later procdef reads, or ``LogBroken``.
    """
    private = _private(tx, stream, gone)
    deal: Deal | None = None
    for event in tx.scan(Events(stream)):
        deal = fold(deal, open_event(_sound(event, private.get(event.n, {})), event.hash))
    if deal is None:
        raise UnknownDeal(f"there is no deal {stream}", stream)
    return deal


def as_recorded(tx: Tx, stream: str, moment: str) -> Deal | None:
    """The deal by what was recorded before a time; ``None`` where nothing was.

    An imported event counts as recorded when it happened, which another system knew in time; but not before those that the
    deal's log has before it. Raises ``NewerLog`` or ``LogBroken``.
    """
    private = _private(tx, stream)
    deal: Deal | None = None
    known = ""
    for row in tx.scan(Events(stream)):
        event = _sound(row, private.get(row.n, {}))
        known = max(known, event["happened"] if event["via"] == "import" else row.recorded)
        if known >= moment:
            break
        deal = fold(deal, open_event(event, row.hash))
    return deal


def without(tx: Tx, deal: Deal, leaves: Iterable[Leaf]) -> Deal:
    """The deal as its events say once these values are gone. Its place in the log is not touched."""
    gone = {(leaf.n, leaf.path) for leaf in leaves if leaf.stream == deal.stream}
    folded = refold(tx, deal.stream, gone)
    key = None if any(path == "/key" for _, path in gone) else deal.key
    return folded._replace(key=key, n=deal.n, head=deal.head, at=deal.at, latest=deal.latest)


def events_of(tx: Tx, stream: str) -> list[Event]:
    """The events of a deal as stored, with personal values in place and the ``request`` each came from."""
    private = _private(tx, stream)
    requests = list(tx.scan(Requests(stream)))
    found = []
    for event in tx.scan(Events(stream)):
        shown = _sound(event, private.get(event.n, {}), opened_or_erased)
        asked = next((r.key for r in requests if r.first <= event.n <= r.last), None)
        if asked is not None:
            shown["request"] = asked
        found.append(shown)
    return found


def listed(tx: Tx, query: Deals, library: DefinitionCache) -> list[ListedDeal]:
    """Deals by key, without what only the engine needs."""
    return list(_listed(tx, query, library))


def _listed(tx: Tx, query: Deals, library: DefinitionCache) -> Iterator[ListedDeal]:
    definition_of = cache(partial(_readable, tx, library))
    for row in tx.scan(query):
        definition = definition_of(row.process, row.version)
        columns: dict[str, Any] = dict(zip(_COLUMNS, _of_row(row), strict=True))
        yield ListedDeal(
            name=row.key,
            key=None if row.key == row.stream else row.key,
            title=_title(tx, row, definition) if definition else None,
            currency=definition.currency if definition else None,
            **{**columns, "active": row.active or None},
        )


def _readable(tx: Tx, library: DefinitionCache, process: str, version: int) -> ProcessDefinition | None:
    """The definition; what cannot be read keeps nobody from listing deals."""
    try:
        return library.find(tx, process, version).definition
    except ProcdefError:
        return None


def _title(tx: Tx, row: DealRow, definition: ProcessDefinition) -> str | None:
    """What people call the deal beside its id; its state is read only where the process says what does."""
    try:
        return definition.title_of(awake(tx, row).values) if definition.deal.title else None
    except LogBroken:  # somebody changed the row or the log; `procdef audit verify` finds it
        return None


def viewed(tx: Tx, deal: Deal, library: DefinitionCache) -> DealView:
    """The deal for a caller."""
    try:
        definition = library.known(tx, deal.definition).definition
    except ProcdefError:  # where a deal stands can be told all the same
        definition = None
    return view_of(deal, definition)


def key_of(tx: Tx, stream: str) -> str | None:
    """The name of the deal of a stream. Raises ``UnknownDeal`` for what is no stream of this log."""
    if re.fullmatch(f"{STREAMS['system']}|{STREAMS['definition']}", stream):
        return None
    row = tx.load([stream]).deals.get(stream) if stream.startswith("deal:") else None
    if row is None:
        raise UnknownDeal(f"there is no stream {stream!r}", stream)
    return None if row.key == row.stream else row.key


UNREADABLE = (ValueError, TypeError, RecursionError)
"""What it raises to read a value that was damaged."""
Opening = Callable[[bytes, Mapping[str, Any]], Event]


def _sound(event: EventRow, private: dict[str, Any], opened: Opening = opened) -> Event:
    """The event with its personal values in place. Raises ``LogBroken`` where its bytes are no event's, or not of its hash."""
    try:
        if event_hash(event.body) == event.hash and is_shaped(found := opened(event.body, private)):
            return found
    except (ValueError, TypeError, LookupError, AttributeError):
        pass
    raise LogBroken(f"{event.stream}: event {event.n} was changed or damaged", event.stream)


def _private(
    tx: Tx, stream: str, gone: Collection[tuple[int, str]] | None = None
) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for row in tx.scan(Private(stream)):
        if gone is not None and (row.n, row.path) in gone:
            continue
        try:
            found.setdefault(row.n, {})[row.path] = personal(stream, row.n, row.value)
        except LogBroken:
            if gone is None:
                raise
    return found


def wrong_up_to(tx: Tx) -> str:
    """Up to which time the clock is on record as having been wrong; nothing where it is not."""
    up_to = ""
    for row in tx.scan(Events("system", type=log_retimed.EVENT.name)):
        with suppress(*UNREADABLE, LookupError):
            up_to = max(up_to, json.loads(row.body)["data"]["ahead"])
    return up_to


class Told(NamedTuple):
    """An event of a deal as people read it, ``event`` with its personal values in place and ``(erased)`` where they are gone,
    with the deal before it and after it, in which those are unset."""

    before: Deal | None
    event: Event
    hash: str
    after: Deal


def told_history(tx: Tx, stream: str, until: str) -> Iterator[Told]:
    """The events of a deal that were recorded up to that time (the log's text), in order.

    Raises ``LogBroken`` for what was changed, ``NewerLog`` for what only a later procdef reads.
    """
    private = _private(tx, stream)
    deal: Deal | None = None
    for row in tx.scan(Events(stream)):
        if row.recorded > until:
            return
        event = _sound(row, private.get(row.n, {}))
        before, deal = deal, fold(deal, open_event(event, row.hash))
        gone = {pointer: ERASED for pointer in event.get("private", ()) if pointer not in private.get(row.n, {})}
        if gone:
            event["data"] = reveal(event["data"], gone)
        yield Told(before, event, row.hash, deal)
