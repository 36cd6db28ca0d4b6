"""Separation of duties: who decided on or waived what they had asked for themselves, who acts under several roles, and how
sure the log is of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from procdef.audit.deal_histories import History, folded, told
from procdef.audit.export import Exported
from procdef.audit.export.exported_events import ExportTally
from procdef.audit.full_log import Person, person_of
from procdef.audit.rules_of_event import place_of
from procdef.deal import Deal
from procdef.engine.definition_cache import DefinitionCache
from procdef.events.types import action_completed, criterion_waived
from procdef.log.envelope import AUTH
from procdef.model import ProcessDefinition
from procdef.provenance import Period
from procdef.store.port import Tx
from procdef.verification.authentication import rank, weakest


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to look at. ``kind``: ``same-person`` (a decision or a waiver by somebody who wanted it: ``why`` tells how),
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
    waivers: int = 0
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
        levels = {level: self.levels[level] for level in (*AUTH, *sorted(self.levels.keys() - {*AUTH}))}
        kinds = {kind: self.kinds[kind] for kind in ("same-person", "several-roles", "weak-auth")}
        return {
            "decisions": self.decisions, "waivers": self.waivers, "people": len(self.roles), "events": self.events,
            "events_per_level": levels, "events_of_other_times": self.elsewhen, "tree_size": self.tree,
            "difference": self.difference, "found": kinds,
        }  # fmt: skip


def duties(
    tx: Tx, period: Period, required: str | None, found: Duties, tally: ExportTally | None = None
) -> Iterator[Duty]:
    """What happened in the period, deal by deal, then in the log's other streams (definitions, refused starts, and what
    the log tells of itself), and then the people with several roles; ``found`` counts along, every event.

    An event's level is the weaker one of who was authenticated and on whose behalf. With ``required`` every event below
    that level is told.
    """
    library = DefinitionCache()

    def tell(history: History) -> Iterator[Duty]:
        used = {n: event for event in history for n in event.event["data"].get("waivers", ())}
        for before, event, _ in folded(history):
            if period.holds(event.time):
                yield from _counted(event, required, found)
                if before is not None:
                    definition = library.known(tx, event.event["definition"]["sha256"]).definition
                    yield from _decided(definition, before, event, found)
                    yield from _waived(definition, before, event, used.get(event.n), found)
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


def _counted(row: Exported, required: str | None, found: Duties) -> Iterator[Duty]:
    person, level = person_of(row.event), weakest(row.event)
    found.levels[level] += 1
    found.roles.setdefault(person.id, Counter()).update(person.roles)
    if required is not None and rank(level) < rank(required):
        found.kinds["weak-auth"] += 1
        yield Duty("weak-auth", person.id, (level,), row.case, row.n, row.id, row.time, who=person)


def _decided(definition: ProcessDefinition, before: Deal, row: Exported, found: Duties) -> Iterator[Duty]:
    data, person = row.event["data"], person_of(row.event)
    if row.type != action_completed.EVENT.name or "decision" not in data:
        return
    found.decisions += 1
    asked = tuple(_asked(definition, before, data, person.id))
    if asked:
        action = definition.actions.get(data["action"])
        eyes = action.four_eyes if action else None
        yield _same(definition, row, asked, data["action"], data["decision"], eyes, found)


def _waived(
    definition: ProcessDefinition, before: Deal, row: Exported, use: Exported | None, found: Duties
) -> Iterator[Duty]:
    if row.type != criterion_waived.EVENT.name:
        return
    found.waivers += 1
    data, person = row.event["data"], person_of(row.event).id
    asked = [*_had_a_hand(before, person, data["reads"], data["reads"])]
    if use is not None and person_of(use.event).id == person:
        asked.append(f"moved on it in event {use.n}")
    if asked:
        name = criterion_waived.path_of(data["criterion"])
        yield _same(definition, row, tuple(asked), name, "waive", None, found)


def _same(
    definition: ProcessDefinition, row: Exported, why: tuple[str, ...], rule: str, decision: str, eyes: bool | None,
    found: Duties,
) -> Duty:  # fmt: skip
    found.kinds["same-person"] += 1
    person = person_of(row.event)
    return Duty(
        "same-person", person.id, why, row.case, row.n, row.id, row.time, rule, decision, eyes,
        place_of(definition, rule), person,
    )  # fmt: skip


def _asked(definition: ProcessDefinition, deal: Deal, data: Mapping[str, Any], person: str) -> Iterator[str]:
    """How the person had a hand in what was decided: owns the deal, recorded what the decision reads, did what it needs."""
    action = definition.actions.get(data["action"])
    reads = {*data.get("facts", {}).get("values", {})}
    if action is not None:
        reads |= {*action.voided_by, *action.records, *(action.when.fields if action.when else ())}
    if deal.owned_earlier(person, action.voided_by if action else ()):
        yield "owned the deal since that changed"
    yield from _had_a_hand(deal, person, sorted(reads), action.needs if action else ())


def _had_a_hand(deal: Deal, person: str, fields: Iterable[str], actions: Iterable[str]) -> Iterator[str]:
    if deal.owner == person:
        yield "owns the deal"
    for name in fields:
        if deal.changed_by.get(name) == person:
            yield f"recorded {name}"
    for path in actions:
        if person in deal.standing.get(path, ()):
            yield f"did {path}"
