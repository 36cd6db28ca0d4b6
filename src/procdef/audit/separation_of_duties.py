"""Separation of duties: who decided on or waived what they had asked for themselves, who acts under several roles, and how
sure the log is of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from procdef.audit.deal_histories import History, folded, told
from procdef.audit.export import Exported
from procdef.audit.export.exported_events import ExportTally
from procdef.audit.full_log import Person, person_of
from procdef.audit.rules_of_event import place_of
from procdef.commands.do import APPROVE
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
    """One thing to look at. ``kind``: ``same-person`` (a decision or a waiver by somebody who wanted it, or who stood in for
    somebody who did: ``why`` tells how), ``as-deputy`` (a decision or a waiver in the roles of absent people, ``why``),
    ``several-roles`` (``why`` are roles; it is about no event) or ``weak-auth`` (an event by somebody of whom the log is less
    sure than was required). ``four_eyes``: whether the definition forbids it (of decisions). ``row`` is that of the decision's
    table, ``until`` when an approval lapses."""

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
    row: int | None = None
    until: str | None = None


_KINDS = ("same-person", "as-deputy", "several-roles", "weak-auth")
_StandIns = dict[str, dict[str, tuple[str, ...]]]
"""By action who approved it in the roles of absent people, and in whose."""


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
    absent: dict[str, set[str]] = field(default_factory=dict)
    """For whom each person stood in, whose roles are among theirs then."""

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
        kinds = {kind: self.kinds[kind] for kind in _KINDS}
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
        stand_ins: _StandIns = {}
        for before, event, _ in folded(history):
            if period.holds(event.time):
                yield from _counted(event, required, found)
                if before is not None:
                    definition = library.known(tx, event.event["definition"]["sha256"]).definition
                    yield from _decided(definition, before, event, stand_ins, found)
                    yield from _waived(definition, before, event, used.get(event.n), found)
            else:
                found.elsewhen += 1
            if event.type == action_completed.EVENT.name:
                person = person_of(event.event)
                stand_ins.setdefault(event.event["data"]["action"], {})[person.id] = person.deputy_for

    def aside(event: Exported) -> Iterator[Duty]:
        if period.holds(event.time):
            yield from _counted(event, required, found)
        else:
            found.elsewhen += 1

    yield from told(tx, tell, aside=aside, tally=tally)
    for person, roles in sorted(found.roles.items()):
        if len(roles) > 1:
            found.kinds["several-roles"] += 1
            why = [f"{role} ({roles[role]})" for role in sorted(roles)]
            why += [f"standing in for {absent}" for absent in sorted(found.absent.get(person, ()))]
            yield Duty("several-roles", person, tuple(why))


def _counted(row: Exported, required: str | None, found: Duties) -> Iterator[Duty]:
    person, level = person_of(row.event), weakest(row.event)
    found.levels[level] += 1
    found.roles.setdefault(person.id, Counter()).update(person.roles)
    if person.deputy_for:
        found.absent.setdefault(person.id, set()).update(person.deputy_for)
    if required is not None and rank(level) < rank(required):
        found.kinds["weak-auth"] += 1
        yield Duty("weak-auth", person.id, (level,), row.case, row.n, row.id, row.time, who=person)


def _decided(
    definition: ProcessDefinition, before: Deal, row: Exported, stand_ins: _StandIns, found: Duties
) -> Iterator[Duty]:
    data, person = row.event["data"], person_of(row.event)
    if row.type != action_completed.EVENT.name or "decision" not in data:
        return
    found.decisions += 1
    action = definition.actions.get(data["action"])
    told = _Told(definition, row, data["action"], data["decision"], action.four_eyes if action else None)
    # What has lapsed by then is no part of what the decision rests on.
    deal = before.counting_at(data["facts"]["now"])
    asked = [*_asked(definition, deal, data, person.id)]
    for absent in person.deputy_for:
        asked += [f"stands in for {absent}, who {how}" for how in _asked(definition, deal, data, absent)]
    asked += _both_approved(deal, data, person, stand_ins.get(data["action"], {}))
    if asked:
        yield told.duty("same-person", tuple(asked), found)
    if person.deputy_for:
        yield told.duty("as-deputy", person.deputy_for, found)


def _both_approved(
    deal: Deal, data: Mapping[str, Any], person: Person, stand_ins: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """Two approvals that are one person's and of somebody who stands in for that person: two names, and one pair of eyes."""
    if data["decision"] != APPROVE:
        return
    for other in deal.standing.get(data["action"], ()):
        if other in person.deputy_for:
            yield f"stands in for {other}, who approved too"
        elif person.id in stand_ins.get(other, ()):
            yield f"approved beside {other}, who stood in for {person.id}"


def _waived(
    definition: ProcessDefinition, before: Deal, row: Exported, use: Exported | None, found: Duties
) -> Iterator[Duty]:
    if row.type != criterion_waived.EVENT.name:
        return
    found.waivers += 1
    data, person = row.event["data"], person_of(row.event)
    deal = before.counting_at(row.time)
    asked = [*_had_a_hand(deal, person.id, data["reads"], data["reads"])]
    for absent in person.deputy_for:
        asked += [f"stands in for {absent}, who {how}" for how in _had_a_hand(deal, absent, data["reads"], data["reads"])]
    if use is not None and person_of(use.event).id == person.id:
        asked.append(f"moved on it in event {use.n}")
    told = _Told(definition, row, criterion_waived.path_of(data["criterion"]), "waive", None)
    if asked:
        yield told.duty("same-person", tuple(asked), found)
    if person.deputy_for:
        yield told.duty("as-deputy", person.deputy_for, found)


class _Told(NamedTuple):
    """A decision or a waiver, ready to be told."""

    definition: ProcessDefinition
    row: Exported
    rule: str
    decision: str
    eyes: bool | None

    def duty(self, kind: str, why: tuple[str, ...], found: Duties) -> Duty:
        """One thing to look at, which is counted."""
        found.kinds[kind] += 1
        row, person, data = self.row, person_of(self.row.event), self.row.event["data"]
        return Duty(
            kind, person.id, why, row.case, row.n, row.id, row.time, self.rule, self.decision, self.eyes,
            place_of(self.definition, self.rule), person, data.get("row"), data.get("until"),
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
