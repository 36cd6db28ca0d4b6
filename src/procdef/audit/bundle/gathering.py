"""A deal's bundle: its events as stored, with what proves that they stand in the log, gathered and put on record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from procdef.audit.bundle import Bundle, Opening, Proved, archive
from procdef.audit.bundle.verify_bundle import verify
from procdef.audit.export.exported_events import MALFORMED
from procdef.commands import Actor
from procdef.directory import gave_roles
from procdef.engine import Engine, utc_now
from procdef.errors import LogBroken, UnknownDeal
from procdef.events.types import log_rekeyed, people_published
from procdef.log.chain import SALT
from procdef.log.event import personal as opened
from procdef.log.event import timestamp
from procdef.log.keys import LogKey
from procdef.log.merkle import inclusion
from procdef.store.log_queries import log_keys, newest_note, perfect_of, place_of, stored_checkpoint
from procdef.store.port import Tx
from procdef.store.queries import Definitions, Directories, Events, Private
from procdef.store.rows import EventRow, PrivateRow
from procdef.store.sealed_reading import once_sealed, refuse_unsealed
from procdef.whole_file import beside, secured, settle, target


class Given(NamedTuple):
    """A bundle that was handed out: what it is, how many of the deal's events the checkpoint is over, whether that is
    signed, and the event that tells of it (none where the database is read-only)."""

    about: Mapping[str, Any]
    proved: int
    signed: bool
    recorded: EventRow | None

    @property
    def events(self) -> int:
        """How many events of the deal are in it."""
        return int(self.about["rows"])

    @property
    def shown(self) -> dict[str, Any]:
        """As programs read it, without the event."""
        size = self.about["checkpoint"]["size"]
        return {"events": self.events, "proved": self.proved, "size": size, "signed": self.signed, **self.about}


def hand_out(
    engine: Engine,
    deal: str,
    path: Path,
    *,
    by: Actor,
    personal: bool = False,
    force: bool = False,
    clock: Callable[[], datetime] = utc_now,
) -> Given:
    """Write a deal's bundle into ``path``, and that it left into the log. With ``force`` it replaces a file there.

    Raises ``UnknownDeal``, ``InvalidArgument`` where the file cannot lie there, and ``LogBroken`` where what is stored proves
    nothing.
    """
    path = target(path, "bundle", force=force)

    def reading() -> Bundle:
        with engine.store.transaction(write=False) as tx:
            return gather(tx, deal, personal=personal)

    bundle = once_sealed(engine.store, reading)
    members = bundle.members()
    wrong = verify(members).wrong
    if wrong:
        raise LogBroken(f"the deal as it is stored proves nothing: {wrong[0]}")
    made = archive(members)
    about = _about(bundle, sha256(made).hexdigest(), personal, timestamp(clock()))
    with beside(path) as part:
        part.write_bytes(made)
        secured(part)
        recorded = None
        if engine.store.writable:
            recorded = engine.exported("proof", about["filter"], about["rows"], about["sha256"], by=by)
        settle(part, path, force=force)
    proved = sum(event.place is not None for event in bundle.events)
    return Given(about, proved, bundle.note is not None, recorded)


def _about(bundle: Bundle, digest: str, personal: bool, made: str) -> dict[str, Any]:
    return {
        "what": "proof", "log": bundle.log, "checkpoint": {"size": bundle.size, "root": bundle.root.hex()}, "made": made,
        "filter": {"deals": [bundle.stream], "with_personal": personal}, "rows": len(bundle.events), "sha256": digest,
    }  # fmt: skip


def gather(tx: Tx, deal: str, *, personal: bool = False) -> Bundle:
    """What the log holds of a deal, by its newest checkpoint, or by the tree as it stands where none was signed.
    Raises ``NotSealedYet`` where one of its events waits for that."""
    row = tx.load([deal]).deals.get(deal)
    if row is None:
        raise UnknownDeal(f"there is no deal {deal!r}", deal)
    keys, wrong = log_keys(tx)
    if wrong:
        raise LogBroken("a key of the log was not signed for by the one before")
    size, root, note = _checkpoint(tx, keys)
    events = tuple(tx.scan(Events(row.stream)))
    openings = tuple(map(_opening, tx.scan(Private(row.stream)))) if personal else None
    rekeyings = tx.scan(Events("system", type=log_rekeyed.EVENT.name))
    pinned, directories = _named(events)
    return Bundle(
        tx.log, row.stream, size, root, note, _proved(tx, row.stream, events, size),
        tuple(e for e in _proved(tx, "system", rekeyings, size) if e.place is not None),
        {sha: row.source for sha in sorted(pinned) for row in tx.scan(Definitions(sha256=sha))}, openings,
        _proved(tx, "system", tx.scan(Events("system", type=people_published.EVENT.name)), size), _directories(tx, directories),
    )  # fmt: skip


def _opening(row: PrivateRow) -> Opening:
    if not isinstance(row.salt, bytes) or len(row.salt) != SALT:
        raise LogBroken(f"{row.stream}: the salt of a personal value of event {row.n} is none")
    return Opening(row.n, row.path, row.salt, opened(row.stream, row.n, row.value))


def _checkpoint(tx: Tx, keys: list[LogKey]) -> tuple[int, bytes, str | None]:
    newest = newest_note(tx)
    if newest is None:
        return tx.tree.size, tx.tree.root, None
    checkpoint = stored_checkpoint(tx, keys, newest)
    return checkpoint.size, checkpoint.root, newest.text


def _proved(tx: Tx, stream: str, events: Iterable[EventRow], size: int) -> tuple[Proved, ...]:
    perfect = perfect_of(tx)

    def proof(event: EventRow) -> Proved:
        idx = place_of(tx, stream, event.n)
        if idx is None:
            refuse_unsealed(tx, stream, event.n)
            raise LookupError(f"event {event.n} has no leaf")
        if idx >= size:
            return Proved(event.n, event.body, None)
        return Proved(event.n, event.body, idx, tuple(inclusion(idx, size, perfect)))

    try:
        return tuple(map(proof, events))
    except LookupError as error:
        raise LogBroken(f"the tree over the log cannot be read: {error}") from None


def _named(events: Iterable[EventRow]) -> tuple[set[str], set[str]]:
    """What these events name: definitions by their hashes, and directories of people, from which somebody had their roles, by
    the first digits of theirs. Raises ``LogBroken``."""
    definitions, directories = set(), set()
    for row in events:
        try:
            event = json.loads(row.body)
            definitions.add(str(event["definition"]["sha256"]))
            sources = [str(event[key].get("from", "")) for key in ("by", "for") if key in event]
        except MALFORMED as error:
            raise LogBroken(f"{row.stream}: event {row.n} cannot be read", row.stream) from error
        directories |= {source.split(":")[1] for source in sources if gave_roles(source)}
    return definitions, directories


def _directories(tx: Tx, named: set[str]) -> dict[str, bytes]:
    """The directories of these digits; no others, as they tell of everybody."""
    rows = tx.scan(Directories()) if named else ()
    return {row.sha256: row.source for row in rows if row.sha256[:16] in named}
