"""Separation of duties: who decided on what they had asked for themselves, who acts under several roles, and how sure the
log is of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from procdef.audit.export import Exported
from procdef.deal import Deal
from procdef.engine.library import Library
from procdef.model import ProcessDefinition
from procdef.reports.exported import Tally
from procdef.reports.full_log import Person, person_of
from procdef.reports.histories import History, folded, told
from procdef.reports.sheet import Period
from procdef.store.port import Tx

LEVELS = ("claimed", "os", "app", "token", "signed")
"""How a person was authenticated, weakest first."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to look at. ``kind``: ``same-person`` (a decision by somebody who asked for it: ``why`` tells how),
    ``several-roles`` (``why`` are roles; it is about no event) or ``weak-auth`` (an event by somebody of whom the log is less
    sure than was required). ``four_eyes``: whether the definition forbids it (of decisions)."""

    kind: str
    person: str
    why: tuple[str, ...]
    stream: str | None = None
    n: int | None = None
    id: str | None = None
    time: str | None = None
    action: str | None = None
    decision: str | None = None
    four_eyes: bool | None = None
    place: str | None = None
    who: Person | None = None


@dataclass(slots=True)
class Duties:
    """What was looked at: events by authentication level, decisions, and of each person the roles with their events.
    ``tree`` is the size of the log, ``elsewhen`` counts events outside the period."""

    tree: int = 0
    elsewhen: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    decisions: int = 0
    roles: dict[str, Counter[str]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def events(self) -> int:
        """Those that happened in the period."""
        return self.levels.total()

    @property
    def difference(self) -> int:
        """What the log has beyond the events that were counted; it must be 0."""
        return self.tree - self.events - self.elsewhen

    @property
    def shown(self) -> dict[str, object]:
        """As the sheet tells it; every level and kind is there."""
        levels = {level: self.levels[level] for level in (*LEVELS, *sorted(self.levels.keys() - {*LEVELS}))}
        kinds = {kind: self.kinds[kind] for kind in ("same-person", "several-roles", "weak-auth")}
        return {
            "decisions": self.decisions, "people": len(self.roles), "events": self.events, "events_per_level": levels,
            "events_of_other_times": self.elsewhen, "tree_size": self.tree, "difference": self.difference, "found": kinds,
        }  # fmt: skip


def duties(
    tx: Tx, period: Period, required: str | None, found: Duties, tally: Tally | None = None
) -> Iterator[Duty]:
    """What happened in the period, deal by deal, then in the log's other streams (definitions, refused starts, and what
    the log tells of itself), and then the people with several roles; ``found`` counts along, every event.

    An event's level is the weaker one of who was authenticated and on whose behalf. With ``required`` every event below
    that level is told.
    """
    library = Library()

    def tell(history: History) -> Iterator[Duty]:
        volume = library.known(tx, history[0].event["definition"]["sha256"])
        for before, event, _ in folded(history):
            if period.holds(event.time):
                yield from _counted(event, required, found)
                yield from _decided(volume.definition, before, event, found)
            else:
                found.elsewhen += 1

    def aside(event: Exported) -> Iterator[Duty]:
        if period.holds(event.time):
            yield from _counted(event, required, found)
        else:
            found.elsewhen += 1

    yield from told(tx, tell, aside=aside, tally=tally)
    for person, roles in sorted(found.roles.items()):
        if len(roles) > 1:
            found.kinds["several-roles"] += 1
            yield Duty("several-roles", person, tuple(f"{role} ({roles[role]})" for role in sorted(roles)))


def level_of(event: Mapping[str, Any]) -> str:
    """How sure the log is of an event's people: of the one of whom it is less sure."""
    levels = [person["auth"] for person in (event["by"], event.get("for")) if person]
    return str(min(levels, key=_rank))


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else -1


def _counted(row: Exported, required: str | None, found: Duties) -> Iterator[Duty]:
    person, level = person_of(row.event), level_of(row.event)
    found.levels[level] += 1
    found.roles.setdefault(person.id, Counter()).update(person.roles)
    if required is not None and _rank(level) < LEVELS.index(required):
        found.kinds["weak-auth"] += 1
        yield Duty("weak-auth", person.id, (level,), row.case, row.n, row.id, row.time, who=person)


def _decided(definition: ProcessDefinition, before: Deal | None, row: Exported, found: Duties) -> Iterator[Duty]:
    person = person_of(row.event)
    data = row.event["data"]
    if row.type != "action.completed" or "decision" not in data or before is None:
        return
    found.decisions += 1
    asked = tuple(_asked(definition, before, data, person.id))
    if asked:
        found.kinds["same-person"] += 1
        action = definition.actions.get(data["action"])
        place = f"{definition.name}, line {action.line}" if action else None
        yield Duty(
            "same-person", person.id, asked, row.case, row.n, row.id, row.time, data["action"], data["decision"],
            action.four_eyes if action else None, place, person,
        )  # fmt: skip


def _asked(definition: ProcessDefinition, deal: Deal, data: Mapping[str, Any], person: str) -> Iterator[str]:
    """How the person had a hand in what was decided: owns the deal, recorded what the decision reads, did what it needs."""
    if deal.owner == person:
        yield "owns the deal"
    action = definition.actions.get(data["action"])
    reads = {*data.get("facts", {}).get("values", {})}
    if action is not None:
        reads |= {*action.voided_by, *action.records, *(action.when.fields if action.when else ())}
    for name in sorted(reads):
        if deal.changed_by.get(name) == person:
            yield f"recorded {name}"
    for path in action.needs if action else ():
        if person in deal.standing.get(path, ()):
            yield f"did {path}"
