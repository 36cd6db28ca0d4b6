"""What is held on a person, and what was erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from procdef.results.result import Result

Place = tuple[str, int, str]
"""Where a personal value stands, or stood: its stream, the number of the event, and the JSON pointer into the event's data."""


@dataclass(frozen=True, slots=True)
class HeldCopy(Result):
    """A table of the database that holds an erased text still: in these columns, or none where it cannot be told. ``own``: it
    is one of procdef's; ``found``: it was looked into, else that could not be done."""

    table: str
    columns: tuple[str, ...] = ()
    own: bool = False
    found: bool = True


@dataclass(frozen=True, slots=True)
class Erased(Result):
    """What an erasure deleted, by place. ``deals`` are the streams of the deals that it touched; ``purged``: the store's files
    were written anew without it; ``requests``: how many request keys went with it; ``pending``: why it was not purged, where
    that failed; ``copies``: the tables of a purged store that hold the same text still; ``unsearched``: how many values were
    too short for that to be looked for. ``dry_run``: it was only tried."""

    leaves: tuple[Place, ...]
    deals: tuple[str, ...]
    purged: bool
    requests: int = 0
    dry_run: bool = False
    pending: str | None = None
    copies: tuple[HeldCopy, ...] = ()
    unsearched: int = 0


@dataclass(frozen=True, slots=True)
class Held(Result):
    """A personal value as it is held: in which deal (its name now), where, since when (``at``), and the value."""

    deal: str | None
    stream: str
    n: int
    at: str
    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class HeldRequest(Result):
    """A request key that is held: of which deal (its name now), with the first event that came of it and when that was."""

    deal: str | None
    stream: str
    n: int
    at: str
    request: str
