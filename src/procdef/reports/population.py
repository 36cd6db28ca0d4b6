"""The population of an audit: every deal of a period, reconciled to the leaves of the log's tree; and samples of it."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from itertools import groupby

from procdef.errors import LogBroken
from procdef.reports.sheet import Period
from procdef.store.port import DealRow, DealsByStream, EventRow, Events, Tx

_MALFORMED = (LookupError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Member:
    """A deal of the population. ``stage`` and ``outcome`` are as of the checkpoint; ``events`` are all that the deal has,
    ``in_period`` those that happened in the period."""

    stream: str
    process: str
    version: int
    started: str
    stage: str
    outcome: str
    events: int
    in_period: int


@dataclass(slots=True)
class Reconciliation:
    """Where the leaves of the tree are: events of the population, of other deals, and of other streams, and all of them by
    type. ``difference`` is what the tree has beyond them, and must be 0; as many deals must have been started as there
    are."""

    tree: int
    deals: int = 0
    other_deals: int = 0
    events: int = 0
    events_of_other_deals: int = 0
    events_of_other_streams: int = 0
    types: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)

    @property
    def agrees(self) -> bool:
        """Whether the tree has these events, and these deals were started."""
        return not self.difference and self.started == self.deals + self.other_deals

    @property
    def started(self) -> int:
        """How many events start a deal, in the whole log."""
        return self.types["deal.started"]

    @property
    def seen(self) -> int:
        """How many events were counted so far."""
        return self.types.total()

    @property
    def difference(self) -> int:
        """What the tree has that no stream accounts for."""
        return self.tree - self.events - self.events_of_other_deals - self.events_of_other_streams

    def counted(self, events: Iterable[EventRow]) -> Iterator[EventRow]:
        """The events, of whatever stream, which count as they pass."""
        for event in events:
            self.types[event.type] += 1
            yield event

    @property
    def shown(self) -> dict[str, object]:
        """As the sheet tells it."""
        return {
            "deals": self.deals, "outcomes": dict(sorted(self.outcomes.items())),
            "versions": dict(sorted(self.versions.items())), "other_deals": self.other_deals,
            "deals_started": self.started, "events": self.events,
            "events_of_other_deals": self.events_of_other_deals,
            "events_of_other_streams": self.events_of_other_streams,
            "events_by_type": dict(sorted(self.types.items())), "tree_size": self.tree, "difference": self.difference,
        }  # fmt: skip


def population(tx: Tx, period: Period, found: Reconciliation) -> Iterator[Member]:
    """The deals with at least one event that happened in the period, by stream; ``found`` counts along.

    Raises ``LogBroken`` where events and the rows of deals do not belong together.
    """
    deals = tx.scan(DealsByStream())
    row = next(deals, None)
    for stream, events in groupby(found.counted(tx.scan(Events())), key=lambda event: event.stream):
        if not stream.startswith("deal:"):
            found.events_of_other_streams += sum(1 for _ in events)
            continue
        if row is None or row.stream != stream:
            raise LogBroken(f"{stream}: events and deals do not belong together; `procdef audit verify` tells more")
        count, inside = _counted(stream, events, period)
        if inside:
            yield _member(row, count, inside, found)
        else:
            found.other_deals += 1
            found.events_of_other_deals += count
        row = next(deals, None)
    if row is not None:
        raise LogBroken(f"{row.stream}: a deal without events; `procdef audit verify` tells more")


def _counted(stream: str, events: Iterable[EventRow], period: Period) -> tuple[int, int]:
    """How many events there are, and how many of them happened in the period."""
    if period == Period():
        whole = sum(1 for _ in events)
        return whole, whole
    count = inside = 0
    for event in events:
        count += 1
        try:
            inside += period.holds(json.loads(event.body).get("happened") or event.recorded)
        except _MALFORMED as error:
            raise LogBroken(f"{stream}: event {event.n} cannot be read; `procdef audit verify` tells more") from error
    return count, inside


def _member(row: DealRow, count: int, inside: int, found: Reconciliation) -> Member:
    found.deals += 1
    found.events += count
    found.outcomes[row.outcome] += 1
    found.versions[f"{row.process} v{row.version}"] += 1
    return Member(row.stream, row.process, row.version, row.started, row.stage, row.outcome, count, inside)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A deal of a sample: its place in the draw, and the hash that gave it that place."""

    place: int
    draw: str
    stream: str
    process: str
    version: int
    started: str
    stage: str
    outcome: str
    events: int
    in_period: int


def sample(members: Iterable[Member], size: int, seed: str) -> Iterator[Drawn]:
    """The ``size`` members with the lowest SHA-256 over seed and stream (one after the other, in UTF-8), lowest first.

    No generator of random numbers has a part in it, so anyone can draw it again; a larger sample begins with a smaller.
    """
    draws = ((sha256(f"{seed}{member.stream}".encode()).hexdigest(), member) for member in members)
    lowest = heapq.nsmallest(size, draws, key=lambda drawn: (drawn[0], drawn[1].stream))
    for place, (draw, member) in enumerate(lowest, 1):
        yield Drawn(place, draw, **asdict(member))
