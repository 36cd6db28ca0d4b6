"""What a list of erased values names: each by its place, and by what its event commits to, which no other value shares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from procdef.engine.queries import UNREADABLE
from procdef.store.log_queries import event_at
from procdef.store.port import Tx
from procdef.store.queries import Private
from procdef.store.rows import EventRow, Leaf

Listed = Mapping[Leaf, Mapping[str | None, str]]
"""By place: on what basis what its event committed to was erased; ``None`` where a list does not tell that."""


def commitments(tx: Tx, leaves: Iterable[Leaf]) -> dict[Leaf, str]:
    """What the events commit to at these places, whether the values are held or were erased."""
    found = {}
    for leaf in leaves:
        event = event_at(tx, leaf.stream, leaf.n)
        made = None if event is None else _committed(event, leaf.path)
        if made is not None:
            found[leaf] = made
    return found


def still_held(tx: Tx, listed: Listed, before: str) -> tuple[dict[str, list[Leaf]], list[Leaf]]:
    """Of the places listed where a value is held: those with the value that was erased, by basis; and the others.

    Where a list does not tell what was erased, it is the value of an event recorded up to the time ``before``.
    """
    again: dict[str, list[Leaf]] = {}
    others = []
    for row in tx.scan(Private()):
        leaf = Leaf(row.stream, row.n, row.path)
        known = listed.get(leaf)
        if known is None:
            continue
        event = event_at(tx, leaf.stream, leaf.n)
        made = None if event is None else _committed(event, leaf.path)
        basis = known.get(made) if made is not None else None
        if basis is None and event is not None and event.recorded <= before:
            basis = known.get(None)
        if basis is None:
            others.append(leaf)
        else:
            again.setdefault(basis, []).append(leaf)
    return again, others


def _committed(event: EventRow, path: str) -> str | None:
    try:
        made = json.loads(event.body)["private"][path]
    except (*UNREADABLE, LookupError):
        return None
    return made if isinstance(made, str) else None
