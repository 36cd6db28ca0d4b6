"""Erasing personal values: the values and their salts go, the events stay, and the log tells that, and on what basis."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from procdef.commands import Actor
from procdef.deal import Deal
from procdef.engine.carried_values import present_name, renamings
from procdef.engine.open_texts import open_texts
from procdef.engine.queries import UNREADABLE
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument, LogBroken
from procdef.events.data_check import misshapen
from procdef.events.types import privacy_erased, privacy_purged
from procdef.log.envelope import is_person
from procdef.log.event import personal
from procdef.model import ProcessDefinition
from procdef.results.personal_data import Held, HeldRequest
from procdef.store.log_queries import event_at
from procdef.store.port import Tx
from procdef.store.queries import Definitions, Events, Private, Requests
from procdef.store.rows import EventRow, Leaf, PrivateRow
from procdef.unsafe_characters import alike

NAME = "deal"
"""What stands for the deal's human id where fields are named; no field can be called so."""
_SHORTEST = 4
_is_basis = re.compile(privacy_erased.BASIS_FORM).fullmatch


Announce = Callable[[str, Mapping[Leaf, str | None]], None]
"""Is told the log's UUID and the places that are about to be erased, each with what its event commits to, where that can be
read. What it raises keeps them from being erased."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure as the log tells of it: ``leaves`` are the places of the values that are gone, ``purged`` whether the
    database's files were written anew without them."""

    stream: str
    n: int
    at: str
    by: str
    basis: str
    leaves: tuple[Leaf, ...]
    purged: bool


def basis_word(basis: object) -> str:
    """The basis as the log may tell it: it is public, so it is a word or a reference."""
    if not isinstance(basis, str) or not _is_basis(basis):
        form = "the basis is a word or a reference of letters, digits and ._:/- as in art-17 or ticket/88"
        raise InvalidArgument(form, "basis")
    return basis


def of_fields(tx: Tx, deal: Deal, definition: ProcessDefinition, fields: Iterable[str]) -> list[Leaf]:
    """Every value that the deal's log holds of these fields, whatever they were called before the deal was migrated, and of
    ``deal`` its human id."""
    names, told = set(fields), renamings(tx, deal.stream)
    held = [(row, present_name(told, row.n, _field(row.path))) for row in tx.scan(Private(deal.stream))]
    dropped = {name for _, name in held}
    unknown = sorted(name for name in names - dropped if name not in definition.fields and name != NAME)
    if unknown:
        known = ", ".join((NAME, *definition.fields))
        raise InvalidArgument(f"there is no field {unknown[0]!r} in {definition.name}; there are {known}", "fields")
    found = [row for row, name in held if name in names]
    return _places((*found, *(_refused_starts(tx, deal) if NAME in names else ())))


def of_deal(tx: Tx, deal: Deal) -> list[Leaf]:
    """Every personal value of a deal, and of the starts that were refused under its human id."""
    return _places((*tx.scan(Private(deal.stream)), *_refused_starts(tx, deal)))


def of_person(tx: Tx, value: str) -> list[Leaf]:
    """Every personal value, in whatever deal or refused start, that is or contains this text, whatever its case."""
    wanted = _wanted(value)
    return _places(row for row in tx.scan(Private()) if _names(row, wanted))


def unreadable(tx: Tx) -> list[Leaf]:
    """The personal values that were damaged: nobody can tell whom they are about."""
    return _places(row for row in tx.scan(Private()) if _names(row, "") is None)


def _names(row: PrivateRow, wanted: str) -> bool | None:
    """Whether a value contains the text; ``None`` where the value cannot be read."""
    try:
        return wanted in alike("\n".join(_texts(personal(row.stream, row.n, row.value))))
    except LogBroken:
        return None


def in_the_open(tx: Tx, value: str) -> Iterator[str]:
    """The events and definitions that say this text, whatever its case, where nothing erases it. Hashes, names of streams and
    the like are passed over: a short text stands in some of them by chance."""
    wanted = _wanted(value)
    for definition in tx.scan(Definitions()):
        if type(definition.source) is not bytes:
            raise LogBroken(f"the source of {definition.id} v{definition.version} was changed or damaged")
        if wanted in alike(definition.source.decode("utf-8", "replace")):
            yield f"the text of {definition.id} v{definition.version}"
    for row in tx.scan(Events()):
        if wanted in alike(_spelt(row.body)) and any(wanted in alike(text) for text in open_texts(row.body)):
            yield f"event {row.n} of {row.stream}"


def _wanted(value: str) -> str:
    wanted = alike(value)
    if not wanted:
        raise InvalidArgument("name the person by a value, such as an e-mail address", "value")
    return wanted


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, the names of its parts too."""
    if isinstance(value, Mapping):
        value = [part for pair in value.items() for part in pair]
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)
    else:
        yield str(value)


def _spelt(body: bytes) -> str:
    """The text of an event's bytes, without the escapes of JSON; what cannot be read stays as it is."""
    text = body.decode("utf-8", "replace")
    if "\\" in text:
        with suppress(*UNREADABLE):
            return "\n".join(_texts(json.loads(text)))
    return text


def requests_naming(tx: Tx, value: str) -> Iterator[HeldRequest]:
    """The request keys that are or contain this text."""
    wanted = _wanted(value)
    for row in tx.scan(Requests()):
        if wanted in alike(str(row.key)):
            deal = tx.load([row.stream]).deals.get(row.stream)
            recorded = _recorded(tx, row.stream, row.first)
            yield HeldRequest(deal.key if deal else None, row.stream, row.first, recorded, row.key)


def held(tx: Tx, leaves: Iterable[Leaf]) -> Iterator[Held]:
    """The values at these places."""
    for stream, places in groupby(sorted(leaves), key=lambda leaf: leaf.stream):
        values = {Leaf(row.stream, row.n, row.path): row.value for row in tx.scan(Private(stream))}
        deal = tx.load([stream]).deals.get(stream)
        for leaf in places:
            at = _recorded(tx, stream, leaf.n)
            yield Held(deal.key if deal else None, *leaf[:2], at, leaf.path, personal(*leaf[:2], values[leaf]))


def texts_at(tx: Tx, leaves: Iterable[Leaf]) -> tuple[list[str], int]:
    """What the values at these places say, each text once, as far as that can be looked for elsewhere; and how many values
    are too short for that, or are a yes or no, which stand everywhere."""
    found, short = dict[str, None](), 0
    for stream, places in groupby(sorted(leaves), key=lambda leaf: leaf.stream):
        wanted = set(places)
        for row in tx.scan(Private(stream)):
            if Leaf(row.stream, row.n, row.path) in wanted:
                try:
                    said = list(_texts(personal(row.stream, row.n, row.value)))
                except LogBroken:
                    said = []
                long = [text for text in said if is_long_enough(text) and text not in ("True", "False")]
                found |= dict.fromkeys(long)
                short += not long
    return list(found), short


def is_long_enough(text: str) -> bool:
    """Whether a text is looked for: of fewer than four characters, any file holds most by chance."""
    return len(alike(text)) >= _SHORTEST


def _recorded(tx: Tx, stream: str, n: int) -> str:
    """When an event was recorded; of one that is not there nothing is known."""
    event = event_at(tx, stream, n)
    return event.recorded if event is not None else ""


def erase(unit: UnitOfWork, leaves: Iterable[Leaf], basis: str, by: Actor) -> tuple[str, ...]:
    """Queue the erasure of these values, an event in each stream that held some; the streams of the deals."""
    streams: dict[str, list[Leaf]] = {}
    for leaf in sorted(leaves):
        streams.setdefault(leaf.stream, []).append(leaf)
    for stream, places in streams.items():
        entry = privacy_erased.EVENT.entry({"basis": basis, "leaves": [list(place) for place in places]})
        unit.erase(stream, entry, places, by)
    return tuple(stream for stream in streams if stream.startswith("deal:"))


def unpurged(tx: Tx, stream: str | None = None) -> list[tuple[str, int]]:
    """The erasures, of one stream or of all, whose bytes may still stand in the store's files."""
    erased = [(row.stream, row.n) for row in tx.scan(Events(stream, type=privacy_erased.EVENT.name))]
    if not erased:
        return []
    purges = tx.scan(Events("system", type=privacy_purged.EVENT.name))
    done = {(of, n) for row in purges for of, n in _told(row)["data"]["events"]}
    return [place for place in erased if place not in done]


def erasures_in(tx: Tx) -> list[Erasure]:
    """Every erasure, in the order of the log's time."""
    waiting, found = set(unpurged(tx)), []
    for row in tx.scan(Events(type=privacy_erased.EVENT.name)):
        event = _told(row)
        person = (event.get("for") or event["by"])["id"]
        leaves = tuple(Leaf(*leaf) for leaf in event["data"]["leaves"])
        purged = (row.stream, row.n) not in waiting
        found.append(Erasure(row.stream, row.n, event["at"], person, event["data"]["basis"], leaves, purged))
    return sorted(found, key=lambda erasure: (erasure.at, erasure.stream, erasure.n))


def _told(row: EventRow) -> dict[str, Any]:
    """The event of a row. Raises ``LogBroken`` where it is not shaped as its type says."""
    try:
        event: dict[str, Any] = json.loads(row.body)
        sound = is_person(event["by"]) and is_person(event.get("for", event["by"])) and type(event["at"]) is str
        if sound and misshapen(row.type, event["data"]) is None:
            return event
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):
        pass
    raise LogBroken(f"{row.stream}: event {row.n} cannot be read", row.stream)


def _refused_starts(tx: Tx, deal: Deal) -> list[PrivateRow]:
    """The personal values of the starts that were refused under the deal's human id."""
    rows = list(tx.scan(Private("system")))
    events = {row.n for row in rows if row.path == "/arguments/key" and _is(row, deal.key)}
    return [row for row in rows if row.n in events]


def _is(row: PrivateRow, text: str | None) -> bool:
    try:
        return bool(personal(row.stream, row.n, row.value) == text)
    except LogBroken:
        return False


def _field(path: str) -> str:
    """The field that a personal value belongs to; ``deal`` for the human id, nothing for other texts."""
    parts = path.removeprefix("/arguments").split("/")
    if parts[1:] == ["key"]:
        return NAME
    return parts[2] if parts[1:2] == ["values"] and len(parts) > 2 else ""


def _places(rows: Iterable[PrivateRow]) -> list[Leaf]:
    return sorted({Leaf(row.stream, row.n, row.path) for row in rows})
