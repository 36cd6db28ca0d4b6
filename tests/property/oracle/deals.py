"""A deal as a plain dictionary, and the questions that the rules ask about it.

``stage mode outcome owner path values standing waived offered started entered lost`` say what they are called; ``active``
is when the last applied step happened, ``contacted`` when the last contact that a note of a kind tells of did;
``changed`` names who last changed each field; ``former`` are the owners before, each with what changed since.
``standing`` lists, for each action, who completed it (a decision: who approved it since the last reject); ``until`` has beside
it when each of that lapses, or ``None``, and ``rows`` the row of its table by which it was given. ``waived`` are the paths
of the waived criteria, ``let`` when each was waived last.
"""

from __future__ import annotations

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
    return deal | {"values": {}, "changed": {}, "former": {}, "standing": {}, "until": {}, "rows": {}, "waived": [], "let": {}}


def holders(process: Process, stage: str, by: Any = None) -> set[str]:
    """The roles that may do what belongs to a stage, or to the ``by`` that takes the place of its owner."""
    return set(listed(by or process.stages[stage].get("owner") or ROLES))


def lasting(deal: Deal, action: str, now: datetime | None) -> list[tuple[str, datetime | None, int]]:
    """The completions that have not lapsed; without a moment, those that stand at all."""
    given = zip(*(deal[beside].get(action, ()) for beside in ("standing", "until", "rows")), strict=True)
    return [(person, end, row) for person, end, row in given if now is None or end is None or now < end]


def rows_of(process: Process, action: str) -> list[dict[str, Any]]:
    """The rows of an action's table."""
    by = process.actions[action].get("by")
    return [row for row in by if isinstance(row, dict)] if isinstance(by, list) else []


def approvers(
    process: Process, deal: Deal, action: str, now: datetime, spared: Collection[str] = ()
) -> tuple[int | None, set[str], int]:
    """The row that holds (0: no table; ``None``: not known), who may do the action, and how many times it takes."""
    told, stage, rows = process.actions[action], action.split(".")[0], rows_of(process, action)
    if not rows:
        return 0, holders(process, stage, told.get("by")), told.get("at_least", 1)
    truths = [holds(process, deal, row.get("when"), now, spared) for row in rows]
    known = truths.index(True)
    if None not in truths[:known]:
        return known + 1, {*listed(rows[known]["roles"])}, rows[known].get("at_least", 1)
    possible = [row for row, truth in zip(rows[: known + 1], truths, strict=False) if truth is not False]
    return None, {role for row in possible for role in listed(row["roles"])}, min(row.get("at_least", 1) for row in possible)


def counted(process: Process, deal: Deal, action: str, now: datetime, spared: Collection[str] = ()) -> list[str]:
    """Whose completions count: those that have not lapsed, and of a table those under the row that holds."""
    row = approvers(process, deal, action, now, spared)[0]
    lapsing = None if action.split(".")[0] in spared else now
    return [person for person, _, under in lasting(deal, action, lapsing) if row == 0 or under == row]


def is_done(process: Process, deal: Deal, action: str, now: datetime, spared: Collection[str] = ()) -> bool:
    filled = all(field in deal["values"] for field in process.actions[action].get("records", ()))
    wanted = approvers(process, deal, action, now, spared)[2]
    return filled and len(counted(process, deal, action, now, spared)) >= wanted


def settled(deal: Deal) -> set[str]:
    """The stages that the deal passed, for whose gates nothing lapses any more."""
    return set(deal["path"][:-1])


def picture(process: Process, deal: Deal, now: datetime, spared: Collection[str] = ()) -> Picture:
    def done(action: str) -> Truth:
        """Unknown while it is not known which row of the action's table holds."""
        if approvers(process, deal, action, now, spared)[0] is None:
            return None
        return is_done(process, deal, action, now, spared)

    zone = ZoneInfo(process.document.get("calendar", {}).get("timezone", "UTC"))
    return {
        "values": deal["values"],
        "done": done,
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
    if approvers(process, deal, action, now, spared)[0] is None:
        return "unknown"
    return "done" if is_done(process, deal, action, now, spared) else "open"


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
        applies = holds(process, deal, process.actions[path].get("when"), now)
        unknown = "when-unknown" if applies is None else "approver-unknown"
        code = {"open": "action-open", "unknown": unknown}.get(status(process, deal, path, now))
        found |= {item(code, path)} if code else set()
    return found


def sweep(deal: Deal, action: str, now: datetime) -> None:
    """Forget what has lapsed of an action."""
    left = lasting(deal, action, now)
    for place, beside in enumerate(("standing", "until", "rows")):
        deal[beside][action] = [given[place] for given in left]


def lapse(process: Process, deal: Deal, changed: set[str]) -> None:
    """Waivers end when a field or a completion changes that their criterion reads."""
    criteria = process.criteria
    deal["waived"] = [path for path in deal["waived"] if not process.reads(criteria[path]) & changed]


def copied(value: Any) -> Any:
    """A deal, or a part of one, that shares nothing that a step may change. ``deepcopy`` took an eighth of a walk."""
    if isinstance(value, dict):
        return {key: copied(held) for key, held in value.items()}
    return type(value)(map(copied, value)) if isinstance(value, list | tuple | set) else value


def bad_values(given: dict[str, Any]) -> set[Item]:
    return {item("bad-value", field) for field, typed in given.items() if meaning_of(field, typed) is BAD}


def record(process: Process, before: Deal, given: dict[str, Any], person: str, void: bool = True) -> Deal:
    """The deal with those of the given values that are good; a real change voids completions and waivers."""
    deal = copied(before)
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
    for beside in ("standing", "until", "rows"):
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
    """The changed fields that its ``when`` or its table reads, and those that voided it, or an action that one of these asks
    about, or that such an action records and that are empty now; of these actions also what their tables read."""
    actions = process.actions
    texts, asked = [actions[path].get("when"), *(row.get("when") for row in rows_of(process, path))], {path}
    fields: set[str] = set()
    for text in texts:
        if text is None:
            continue
        fields |= process.conditions[text].fields
        for other in process.conditions[text].actions - asked:
            asked.add(other)
            texts += [row.get("when") for row in rows_of(process, other)]
    for read in asked:
        if before["standing"].get(read):
            fields |= set(actions[read].get("voided_by", ()))
            fields |= {field for field in actions[read].get("records", ()) if field not in after["values"]}
    return fields & changed_fields(before, after)
