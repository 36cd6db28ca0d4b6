"""The rows of a log: what stands in each table of a store, whatever database it is.

Most are projections of events, kept so that questions need no event bodies. Times are UTC text
(``YYYY-MM-DDTHH:MM:SS.ffffffZ``), which sorts as it reads; money is plain decimal text.
"""

from __future__ import annotations

from typing import NamedTuple, SupportsBytes


class DealRow(NamedTuple):
    """Where a deal is now. ``bytes(state)`` is the canonical JSON of the whole deal, which only stores outside of memory
    need to make; ``fold`` is the version of the fold that made it.

    ``mode`` is ``open``, ``lost`` or ``done``; ``n`` and ``head`` (hex hash) are those of the deal's last event. ``active`` is
    when somebody last took a step that was applied. ``deadline`` is the earliest due time of the stage and of what is still to
    be done in it; ``wake`` is when the deal is to be looked at next for what timers tell, too early at worst.
    """

    stream: str
    key: str
    process: str
    version: int
    stage: str
    mode: str
    outcome: str
    owner: str
    started: str
    entered: str
    due: str | None
    amount: str | None
    expected: str | None
    offered: str | None
    won: str | None
    lost: str | None
    finished: str | None
    reason: str | None
    active: str
    wake: str | None
    deadline: str | None
    n: int
    head: str
    fold: int
    state: SupportsBytes


class DealFactsRow(NamedTuple):
    """What figures need of a deal's row: never its state, nor its name, which is personal. ``values`` are those of the fields
    that were asked for, each as canonical JSON text, ``None`` where it has none."""

    stream: str
    version: int
    stage: str
    mode: str
    outcome: str
    owner: str
    started: str
    entered: str
    due: str | None
    amount: str | None
    expected: str | None
    offered: str | None
    won: str | None
    lost: str | None
    finished: str | None
    reason: str | None
    active: str
    values: tuple[str | None, ...]


class MiddleRow(NamedTuple):
    """The deal that halves all deals, of which there are so many."""

    stream: str
    deals: int


class EventRow(NamedTuple):
    """One event as stored: ``body`` are its canonical bytes, ``hash`` (hex) is over them, ``recorded`` is its ``at``."""

    stream: str
    n: int
    id: str
    type: str
    recorded: str
    hash: str
    body: bytes


class LeafRow(NamedTuple):
    """An event with its place in the order of the whole log (``idx`` counts from 0), and its hash as noted there."""

    idx: int
    event: EventRow
    hash: str


class PlaceRow(NamedTuple):
    """Where an event stands in the order of the whole log, and its hash as noted there."""

    stream: str
    n: int
    idx: int
    hash: str


class PrivateRow(NamedTuple):
    """A personal value: ``path`` is its JSON pointer into the event's data, ``value`` its canonical JSON, ``salt`` 32 bytes."""

    stream: str
    n: int
    path: str
    salt: bytes
    value: bytes


class StayRow(NamedTuple):
    """One visit to a stage; ``how`` it was left: ``advanced``, ``returned``, ``lost``, ``finished``; ``None`` while there.
    ``due`` is by when it was to be left, where the process says so."""

    stream: str
    k: int
    stage: str
    entered: str
    left_at: str | None
    how: str | None
    due: str | None


class GateRow(NamedTuple):
    """One thing that stood in a step's way (``result`` is ``unmet``) or was waived for it (``waived``)."""

    stream: str
    n: int
    k: int
    process: str
    version: int
    stage: str
    occurred: str
    step: str
    item: str
    code: str
    result: str


class ActivityRow(NamedTuple):
    """One thing that a figure asks for and that no column of a deal keeps: the ``k``-th of event ``n``, in the ``stage`` where
    the deal was before it. What ``item`` and ``detail`` are depends on the ``kind``, see ``store.activities``."""

    stream: str
    n: int
    k: int
    process: str
    version: int
    stage: str
    occurred: str
    kind: str
    item: str
    detail: str | None


class ActivityFactsRow(NamedTuple):
    """What figures need of an activity of a process: who the deal is of follows from its stream."""

    stream: str
    n: int
    occurred: str
    kind: str
    item: str
    detail: str | None


class RequestRow(NamedTuple):
    """A request key with the salted fingerprint of its command and the events (``first`` to ``last``) that it made."""

    stream: str
    key: str
    salt: bytes
    fingerprint: bytes
    first: int
    last: int


class DefinitionRow(NamedTuple):
    """A published version: ``source`` are the bytes of its file, ``sha256`` (hex) is over them."""

    sha256: str
    id: str
    version: int
    lang: int
    source: bytes


class DirectoryRow(NamedTuple):
    """A directory of people that was published: ``source`` is its canonical JSON, which names nobody but by their ids,
    ``sha256`` (hex) is over it."""

    sha256: str
    source: bytes


class NodeRow(NamedTuple):
    """A node of the Merkle tree that is kept: the root (32 bytes) over the ``2**level`` leaves from ``idx * 2**level`` on."""

    level: int
    idx: int
    hash: bytes


class NoteRow(NamedTuple):
    """A signed checkpoint: ``text`` is a C2SP signed note over the tree of the first ``size`` leaves."""

    size: int
    text: str


class Leaf(NamedTuple):
    """The place of one personal value: ``path`` is its JSON pointer into the event's data."""

    stream: str
    n: int
    path: str


class Copy(NamedTuple):
    """A table that holds a text which was looked for: in these columns, or none where it cannot be told; ``own``: it is one
    of procdef's; ``found``: it was looked into, else that could not be done."""

    table: str
    columns: tuple[str, ...] = ()
    own: bool = False
    found: bool = True
