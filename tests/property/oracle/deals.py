"""A deal as a plain dictionary, and the questions that the rules ask about it.

``stage mode outcome owner path values standing waived offered started entered lost`` say what they are called; ``active``
is when the last applied step happened, ``contacted`` when the last contact that a note of a kind tells of did;
``changed`` names who last changed each field; ``former`` are the owners before, each with what changed since.
``standing`` lists, for each action, who completed it (a decision: who approved it since the last reject), and ``until`` beside
it when each of that lapses, or ``None``. ``waived`` are the paths of the waived criteria, ``let`` when each was waived last.
"""

from __future__ import annotations

import copy
from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from oracle.conditions import Picture, Truth
from oracle.processes import ROLES, Process
from oracle.values import BAD, UNSET, meaning_of

Deal = dict[str, Any]
Item = tuple[str, frozenset[str]]


def item(code: str, *about: str) -> Item:
    return code, frozenset(about)


def listed(given: Any) -> list[str]:
    """One id or a list of them."""
    return [given] if isinstance(given, str) else list(given)


def new_deal(stage: str, owner: str, now: datetime) -> Deal:
    deal: Deal = {"stage": stage, "path": [stage], "owner": owner, "started": now, "entered": now}
    deal |= {"active": now, "contacted": None}
    deal |= {"mode": "open", "outcome": "open", "won": False, "offered": None, "lost": None}
    return deal | {"values": {}, "changed": {}, "former": {}, "standing": {}, "until": {}, "waived": [], "let": {}}


def holders(process: Process, stage: str, by: Any = None) -> set[str]:
    """The roles that may do what belongs to a stage, or to the ``by`` that takes the place of its owner."""
    return set(listed(by or process.stages[stage].get("owner") or ROLES))


def counted(deal: Deal, action: str, now: datetime | None) -> list[str]:
    """Whose completions have not lapsed; without a moment, whose stand at all."""
    people = zip(deal["standing"].get(action, ()), deal["until"].get(action, ()), strict=True)
    return [person for person, end in people if now is None or end is None or now < end]


def is_done(process: Process, deal: Deal, action: str, now: datetime | None) -> bool:
    told = process.actions[action]
    filled = all(field in deal["values"] for field in told.get("records", ()))
    return filled and len(counted(deal, action, now)) >= told.get("at_least", 1)


def settled(deal: Deal) -> set[str]:
    """The stages that the deal passed, for whose gates nothing lapses any more."""
    return set(deal["path"][:-1])


def picture(process: Process, deal: Deal, now: datetime, spared: Collection[str] = ()) -> Picture:
    zone = ZoneInfo(process.document.get("calendar", {}).get("timezone", "UTC"))
    return {
        "values": deal["values"],
        "done": {
            action
            for action in process.actions
            if is_done(process, deal, action, None if action.split(".")[0] in spared else now)
        },
        "now": now,
        "today": now.astimezone(zone).date(),
        "started": deal["started"],
        "entered": deal["entered"],
        "active": deal["active"],
        "contacted": deal["contacted"] or deal["started"],
    }


def holds(process: Process, deal: Deal, when: str | None, now: datetime, spared: Collection[str] = ()) -> Truth:
    return True if when is None else process.conditions[when].truth(picture(process, deal, now, spared))


def status(process: Process, deal: Deal, action: str, now: datetime, spared: Collection[str] = ()) -> str:
    """``done``, ``not_applicable``, ``open`` or ``unknown``, as the facts call it. Nothing lapses in ``spared`` stages."""
    applies = holds(process, deal, process.actions[action].get("when"), now, spared)
    if applies is None:
        return "unknown"
    if not applies:
        return "not_applicable"
    return "done" if is_done(process, deal, action, None if action.split(".")[0] in spared else now) else "open"


def criterion_truth(process: Process, deal: Deal, path: str, now: datetime) -> Truth:
    criterion = process.criteria[path]
    if "require" in criterion:
        return all(field in deal["values"] for field in criterion["require"])
    return holds(process, deal, criterion["check"], now)


def waived(process: Process, deal: Deal, now: datetime) -> list[str]:
    """The waivers that stand: nothing that their criterion reads has lapsed since they were given."""

    def lapsed(path: str) -> bool:
        ends = [end for action in process.reads(process.criteria[path]) for end in deal["until"].get(action, ())]
        return any(end is not None and deal["let"][path] < end <= now for end in ends)

    return [path for path in deal["waived"] if not lapsed(path)]


def failing(process: Process, deal: Deal, stage: str, side: str, now: datetime) -> set[Item]:
    """The criteria of one side of a stage that neither hold nor are waived."""
    found = set()
    for name in process.stages[stage].get(f"{side}_criteria", {}):
        truth = criterion_truth(process, deal, f"{stage}.{name}", now)
        if truth is not True and f"{stage}.{name}" not in waived(process, deal, now):
            found.add(item("criterion-unknown" if truth is None else "criterion-unmet", f"{stage}.{name}"))
    return found


def gate(process: Process, deal: Deal, now: datetime) -> set[Item]:
    """What keeps a deal in its stage: required actions and exit criteria."""
    found = failing(process, deal, deal["stage"], "exit", now)
    for name in process.stages[deal["stage"]].get("required_actions", {}):
        path = f"{deal['stage']}.{name}"
        code = {"open": "action-open", "unknown": "when-unknown"}.get(status(process, deal, path, now))
        found |= {item(code, path)} if code else set()
    return found


def sweep(deal: Deal, action: str, now: datetime) -> None:
    """Forget what has lapsed of an action."""
    deal["standing"][action] = counted(deal, action, now)
    deal["until"][action] = [end for end in deal["until"].get(action, ()) if end is None or now < end]


def lapse(process: Process, deal: Deal, changed: set[str]) -> None:
    """Waivers end when a field or a completion changes that their criterion reads."""
    criteria = process.criteria
    deal["waived"] = [path for path in deal["waived"] if not process.reads(criteria[path]) & changed]


def bad_values(given: dict[str, Any]) -> set[Item]:
    return {item("bad-value", field) for field, typed in given.items() if meaning_of(field, typed) is BAD}


def record(process: Process, before: Deal, given: dict[str, Any], person: str, void: bool = True) -> Deal:
    """The deal with those of the given values that are good; a real change voids completions and waivers."""
    deal = copy.deepcopy(before)
    for field, typed in given.items():
        form = meaning_of(field, typed)
        if form is BAD or form == deal["values"].get(field):
            continue
        deal["changed"][field] = person
        for since in deal["former"].values():
            since.add(field)
        if form is UNSET:
            del deal["values"][field]
        else:
            deal["values"][field] = form
    changed = changed_fields(before, deal)
    voided = {
        path
        for path, action in process.actions.items()
        if void and changed & set(action.get("voided_by", ())) and deal["standing"].get(path)
    }
    for beside in ("standing", "until"):
        deal[beside] = {path: each for path, each in deal[beside].items() if path not in voided}
    lapse(process, deal, changed | voided)
    return deal


def changed_fields(before: Deal, after: Deal) -> set[str]:
    return {
        field
        for field in before["values"].keys() | after["values"].keys()
        if before["values"].get(field) != after["values"].get(field)
    }


def shut_gates(process: Process, before: Deal, after: Deal, now: datetime) -> set[Item]:
    """The changed fields that undo a required action of a passed stage, each with that action."""
    found, passed = set(), settled(before)
    for stage in passed:
        for name in process.stages[stage].get("required_actions", {}):
            path = f"{stage}.{name}"
            fine = [status(process, deal, path, now, passed) in ("done", "not_applicable") for deal in (before, after)]
            if fine == [True, False]:
                found |= {item("gate-shut", field, path) for field in to_blame(process, before, after, path)}
    return found


def to_blame(process: Process, before: Deal, after: Deal, path: str) -> set[str]:
    """The changed fields that its ``when`` reads, and those that voided it, or an action that its ``when`` asks about, or
    that such an action records and that are empty now."""
    actions = process.actions
    when = process.conditions.get(actions[path].get("when", ""))
    fields = set(when.fields) if when else set()
    for read in {path, *(when.actions if when else ())}:
        if before["standing"].get(read):
            fields |= set(actions[read].get("voided_by", ()))
            fields |= {field for field in actions[read].get("records", ()) if field not in after["values"]}
    return fields & changed_fields(before, after)
