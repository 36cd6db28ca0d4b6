"""Personal values that a migration wrote anew under another name: what is erased is erased wherever it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from procdef.engine.queries import UNREADABLE
from procdef.events.types import deal_migrated
from procdef.store.port import Tx
from procdef.store.queries import Events, Private
from procdef.store.rows import Leaf


class Renaming(NamedTuple):
    """A migration: the number of its event, and the fields that it gave other names (``None``: dropped)."""

    n: int
    fields: Mapping[str, str | None]


def renamings(tx: Tx, stream: str) -> tuple[Renaming, ...]:
    """Those of a deal, in order; what cannot be read is passed over."""
    found = []
    for row in tx.scan(Events(stream, type=deal_migrated.EVENT.name)):
        try:
            found.append(Renaming(row.n, {**json.loads(row.body)["data"].get("fields", {})}))
        except (*UNREADABLE, LookupError, AttributeError):
            continue
    return tuple(found)


def present_name(told: Iterable[Renaming], n: int, name: str) -> str:
    """What a field that was set in event ``n`` is called now; one that was dropped keeps its last name."""
    for migration in told:
        if migration.n > n:
            now = migration.fields.get(name, name)
            if now is None:
                break
            name = now
    return name


def carried(tx: Tx, leaves: Iterable[Leaf]) -> set[Leaf]:
    """These places, and those to which migrations carried the same values."""
    found = set(leaves)
    for stream in {leaf.stream for leaf in found if leaf.stream.startswith("deal:")}:
        told = renamings(tx, stream)
        if not told:
            continue
        held = {Leaf(row.stream, row.n, row.path): row.value for row in tx.scan(Private(stream))}
        for leaf in [leaf for leaf in found if leaf.stream == stream and leaf in held]:
            found |= set(_further(leaf, told, held))
    return found


def _further(leaf: Leaf, told: Iterable[Renaming], held: Mapping[Leaf, bytes]) -> Iterable[Leaf]:
    parts = leaf.path.split("/")
    if len(parts) < 3 or parts[1] != "values":
        return
    name: str | None = parts[2]
    for migration in told:
        if migration.n <= leaf.n or name is None:
            continue
        if name in migration.fields:
            name = migration.fields[name]
            place = Leaf(leaf.stream, migration.n, "/".join(["", "values", str(name), *parts[3:]]))
            if held.get(place) == held[leaf]:
                yield place
