"""The population of an audit: every deal of a period, reconciled to the leaves of the log's tree; and samples of it."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import groupby
from typing import Any

from procdef.audit.export.exported_events import MALFORMED, fitting, refuse_changed
from procdef.audit.superseded import Superseded
from procdef.deal import Deal
from procdef.directory import absent_people
from procdef.errors import LogBroken
from procdef.events.fold import fold, open_event
from procdef.events.types import action_completed, deal_lost, deal_reopened, deal_started, deal_won
from procdef.log.event import instant
from procdef.provenance import Period
from procdef.store.port import Tx
from procdef.store.queries import DealsByStream, Events
from procdef.store.rows import DealRow, EventRow

_TURNS = {
    deal_started.EVENT.name: "started",
    deal_won.EVENT.name: "won",
    deal_lost.EVENT.name: "lost",
    deal_reopened.EVENT.name: "reopened",
}
"""What is counted of the period, by type of event, with the word that the sheet has for it."""
_DECIDED = ("decisions", "by_deputies", "by_a_row_of_a_table", "for_a_time")
"""What the sheet tells of decisions: all, those in the roles of absent people, those under a row of an approval table, and
approvals that lapse."""
_SOON = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Member:
    """A deal of the population. ``stage`` and ``outcome`` are as of the checkpoint; ``events`` are all that the deal has,
    ``in_period`` those that happened in the period, ``late`` those of them that were entered more than a day after.
    ``decisions`` are those taken in the period, ``by_deputies`` those of them in the roles of absent people.
    ``superseded_by`` is the version that was published when the deal began, where it began under an earlier one."""

    stream: str
    process: str
    version: int
    started: str
    stage: str
    outcome: str
    events: int
    in_period: int
    late: int
    decisions: int
    by_deputies: int
    superseded_by: int | None


@dataclass(slots=True)
class Reconciliation:
    """Where the leaves of the tree are: events of the population, of other deals, and of other streams, and all of them by
    type. ``waiting`` counts events that are stored and not sealed yet. ``difference`` is what the tree has beyond them, with
    those that wait, and must be 0; as many deals must have been started as there are.
    ``happened`` counts what happened in the period, ``decisions`` what was decided then and how, ``late`` the deals and
    events that were entered long after, ``superseded`` the deals that began under a version when a later one was published
    already."""

    tree: int
    waiting: int = 0
    deals: int = 0
    other_deals: int = 0
    events: int = 0
    events_of_other_deals: int = 0
    events_of_other_streams: int = 0
    types: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    superseded: int = 0

    @property
    def agrees(self) -> bool:
        """Whether the tree has these events, and these deals were started."""
        return not self.difference and self.started == self.deals + self.other_deals

    @property
    def started(self) -> int:
        """How many events start a deal, in the whole log."""
        return self.types[deal_started.EVENT.name]

    @property
    def seen(self) -> int:
        """How many events were counted so far."""
        return self.types.total()

    @property
    def difference(self) -> int:
        """What the tree has that no stream accounts for."""
        return self.tree + self.waiting - self.events - self.events_of_other_deals - self.events_of_other_streams

    def counted(self, events: Iterable[EventRow]) -> Iterator[EventRow]:
        """The events, of whatever stream, which count as they pass."""
        for event in events:
            self.types[event.type] += 1
            yield event

    @property
    def shown(self) -> dict[str, object]:
        """As the sheet tells it."""
        return {
            "deals": self.deals, "outcomes_now": dict(sorted(self.outcomes.items())),
            "happened_in_the_period": {word: self.happened[type_] for type_, word in _TURNS.items()},
            "entered_more_than_a_day_after": {"deals": self.late["deals"], "events": self.late["events"]},
            "decided_in_the_period": {word: self.decisions[word] for word in _DECIDED},
            "versions": dict(sorted(self.versions.items())),
            "started_under_a_superseded_version": self.superseded, "other_deals": self.other_deals,
            "deals_started": self.started, "events": self.events,
            "events_of_other_deals": self.events_of_other_deals,
            "events_of_other_streams": self.events_of_other_streams,
            "whole_log_by_type": dict(sorted(self.types.items())), "tree_size": self.tree,
            **({"waiting": self.waiting} if self.waiting else {}), "difference": self.difference,
        }  # fmt: skip


def population(tx: Tx, period: Period, found: Reconciliation) -> Iterator[Member]:
    """The deals with at least one event that happened in the period, by stream; ``found`` counts along.

    Stage and outcome are those that the events come to. Raises ``LogBroken`` where events and rows of deals contradict
    each other, or an event was changed, and ``NewerLog`` for what only a later procdef knows.
    """
    superseded = Superseded(tx)
    deals = tx.scan(DealsByStream())
    row = next(deals, None)
    for stream, events in groupby(found.counted(fitting(tx.scan(Events()))), key=lambda event: event.stream):
        if not stream.startswith("deal:"):
            found.events_of_other_streams += sum(1 for _ in events)
            continue
        if row is None or row.stream != stream:
            raise LogBroken(f"{stream}, or the deal before it, has no row or no events")
        member = _read(row, events, period, found, superseded)
        if member is not None:
            yield member
        row = next(deals, None)
    if row is not None:
        raise LogBroken(f"{row.stream}: a deal without events")


def _read(
    row: DealRow, events: Iterable[EventRow], period: Period, found: Reconciliation, superseded: Superseded
) -> Member | None:
    """The deal, read to its end, which counts along; ``None`` where nothing of it happened in the period."""
    deal: Deal | None = None
    begun, under = "", 0
    count = inside = late = 0
    decided: Counter[str] = Counter()
    for stored in events:
        count += 1
        refuse_changed(stored)
        try:
            event = json.loads(stored.body)
            deal = fold(deal, open_event(event, stored.hash))
            begun, under = (begun, under) if begun else (stored.recorded, deal.version)
            happened = event.get("happened")
            if period.holds(happened or stored.recorded):
                inside += 1
                late += happened is not None and instant(stored.recorded) - instant(happened) > _SOON
                found.happened[stored.type] += 1
                decided.update(_decision(event))
        except MALFORMED as error:
            raise LogBroken(f"{row.stream}: event {stored.n} cannot be read") from error
    if deal is None or (row.stage, row.outcome) != (deal.stage, deal.outcome):
        raise LogBroken(f"{row.stream}: the deal's row says another stage or outcome than its events")
    if not inside:
        found.other_deals += 1
        found.events_of_other_deals += count
        return None
    found.deals += 1
    found.events += count
    found.outcomes[row.outcome] += 1
    found.versions[f"{row.process} v{row.version}"] += 1
    found.decisions += decided
    found.late.update(deals=int(late > 0), events=late)
    newer = superseded.by(deal.process, under, deal.stream, begun)
    found.superseded += newer is not None
    return Member(
        row.stream, row.process, row.version, row.started, row.stage, row.outcome, count, inside, late,
        decided["decisions"], decided["by_deputies"], newer,
    )  # fmt: skip


def _decision(event: Mapping[str, Any]) -> Iterator[str]:
    """What of a decision is counted; nothing of any other event."""
    data = event["data"]
    if event["type"] != action_completed.EVENT.name or "decision" not in data:
        return
    yield "decisions"
    if absent_people((event.get("for") or event["by"]).get("from")):
        yield "by_deputies"
    if "row" in data:
        yield "by_a_row_of_a_table"
    if "until" in data:
        yield "for_a_time"


@dataclass(frozen=True)
class LeafPlace:
    """A place in a draw, and the hash that gave it."""

    place: int
    draw: str


@dataclass(frozen=True)
class Drawn(Member, LeafPlace):
    """A deal of a sample; the place comes first, as the fields of the last base do."""


def sample(members: Iterable[Member], size: int, seed: str) -> Iterator[Drawn]:
    """The ``size`` members with the lowest SHA-256 over seed and stream (one after the other, in UTF-8), lowest first.

    No generator of random numbers has a part in it, so anyone can draw it again; a larger sample begins with a smaller.
    """
    draws = ((sha256(f"{seed}{member.stream}".encode()).hexdigest(), member) for member in members)
    lowest = heapq.nsmallest(size, draws, key=lambda drawn: (drawn[0], drawn[1].stream))
    for place, (draw, member) in enumerate(lowest, 1):
        yield Drawn(place, draw, **asdict(member))
