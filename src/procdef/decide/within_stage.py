"""Steps that leave a deal where it is: start, record, do, waive, assign, note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdef.commands import Assign, Do, Note, Record, Start, Waive
from procdef.decide import input_values
from procdef.decide.context import Sight
from procdef.decide.decision import without_empty
from procdef.decide.voiding import record as set_values
from procdef.log.event import Data, Entry, pointer_to
from procdef.model import Action, Criterion, Stage


def start(sight: Sight, command: Start, key: str) -> list[Entry]:
    """Begin a deal in a start stage, whose entry criteria are checked against the values given."""
    stage = _start_stage(sight, command)
    sight.require(stage.owner, stage.id)
    taken = input_values.admitted(sight, command.values)
    values = {name: value for name, value in taken.items() if value is not None}
    sight.change(values, {}, {})
    for criterion in stage.entry_criteria.values():
        sight.hold(criterion)
    data = without_empty(
        {
            "key": key,
            "process": sight.definition.id,
            "stage": stage.id,
            "values": values,
            "from": command.origin,
            "due": sight.due(stage),
            "facts": sight.facts(),
        }
    )
    return [Entry("deal.started", data, ("/key", *input_values.private_values(sight.definition, values, "values")))]


def _start_stage(sight: Sight, command: Start) -> Stage:
    starts, named = sight.definition.starts, command.stage
    input_values.declared(sight, command.values, *(() if named is None or named in sight.definition.stages else (named,)))
    if named is None:
        owners = [sight.definition.stages[one].owner for one in starts]
        if not any(map(sight.may, owners)):
            roles = dict.fromkeys(role for owner in owners for role in sight.allowed(owner))
            sight.stop("not-yours", *starts, roles=roles)
        if len(starts) > 1:
            sight.stop("several-targets", *starts)
        return sight.definition.stages[starts[0]]
    if named not in starts:
        sight.stop("elsewhere", named)
    return sight.definition.stages[named]


def record(sight: Sight, command: Record, reason: str | None) -> list[Entry]:
    """Set values, or correct them past the gate."""
    input_values.declared(sight, command.values)
    if command.correct:
        settings = sight.definition.deal
        if not settings.correct_by:
            sight.stop("not-yours", "correct")
        sight.require(settings.correct_by, "correct")
        if reason is None:
            sight.block("reason-missing", "record")
    else:
        sight.require(sight.stage.owner, sight.stage.id)
    taken = input_values.admitted(sight, command.values)
    return set_values(sight, taken, correct=command.correct, reason=reason)


def do(sight: Sight, command: Do) -> list[Entry]:
    """Complete an action of the present stage: record its values, void what they void, then complete it."""
    action = _declared_action(sight, command)
    sight.require(action.by or sight.stage.owner, action.path)
    if any(name not in action.records for name in command.values):
        sight.require(sight.stage.owner, sight.stage.id)
    taken = input_values.admitted(sight, command.values)
    entries = set_values(sight, taken) if command.values else []
    note = input_values.text(sight, "note", command.note)
    evidence = input_values.evidence(sight, action, command.evidence, note)
    _ready(sight, action, command, taken)
    _decided(sight, action, command, note)
    if evidence is not None and command.evidence is None and evidence.get("text") == note:
        note = None
    return [*entries, _completed(sight, action, command, evidence, note)]


def _declared_action(sight: Sight, command: Do) -> Action:
    path = command.action if "." in command.action else None
    action = sight.definition.actions.get(path) if path else sight.stage.action(command.action)
    known = sight.definition.actions.values()
    meant = [action] if action is not None else [other for other in known if other.id == command.action]
    missing = [] if meant else [command.action]
    if meant and command.way and not any(command.way in one.ways for one in meant):
        missing.append(command.way)
    input_values.declared(sight, command.values, *missing)
    if action is None or action.stage != sight.stage.id:
        sight.stop("elsewhere", *(one.path for one in meant))
    assert action is not None
    return action


def _ready(sight: Sight, action: Action, command: Do, taken: Mapping[str, Any]) -> None:
    """Its ``when`` is true, its ``needs`` hold, its ``records`` are filled, its way is named."""
    if action.when is not None:
        applies = sight.truth(action.when)
        if not applies:
            code = "when-unknown" if applies is None else "when-false"
            sight.block(code, action.path, why=sight.why(action.when))
    for path in action.needs:
        needed = sight.definition.actions[path]
        status = sight.actions[path] = sight.status(needed)
        if status in ("open", "unknown"):
            owner = sight.definition.stages[needed.stage].owner
            sight.block("needs-open", path, roles=sight.allowed(needed.by or owner))
    bad = [name for name in command.values if name not in taken]
    for name in action.records:
        if name not in sight.raw and name not in bad:
            sight.block("records-unset", name)
    sight.read.update(name for name in action.records if name in sight.raw)
    if action.ways and not command.way:
        sight.block("way-missing", action.path)


def _decided(sight: Sight, action: Action, command: Do, note: str | None) -> None:
    """A decision is approve or reject, a reject says why, and four eyes are two people's."""
    if not action.decision:
        if command.decision:
            sight.block("bad-value", "decision", why=f"{action.path} is no decision")
    elif not command.decision:
        sight.block("decision-missing", action.path)
    elif command.decision not in ("approve", "reject"):
        sight.block("bad-value", "decision", why="a decision is approve or reject")
    elif command.decision == "reject" and note is None:
        sight.block("note-missing", action.path)
    if action.four_eyes:
        _four_eyes(sight, action, rejecting=command.decision == "reject")


def _four_eyes(sight: Sight, action: Action, *, rejecting: bool) -> None:
    assert sight.deal is not None
    me = sight.person.id
    roles = sight.allowed(action.by or sight.stage.owner)
    if sight.deal.owner == me:
        sight.block("four-eyes", action.path, roles=roles, why=f"{me} owns the deal")
        return
    changed = [name for name in action.voided_by if sight.changed_by.get(name) == me]
    if changed:
        sight.block("four-eyes", action.path, roles=roles, why=f"{me} last changed {', '.join(changed)}")
    elif action.at_least > 1 and not rejecting and me in sight.standing.get(action.path, ()):
        sight.block("four-eyes", action.path, roles=roles, why=f"{me} has done it already, and others must too")


def _completed(sight: Sight, action: Action, command: Do, evidence: Data | None, note: str | None) -> Entry:
    assert sight.deal is not None
    sight.actions[action.path] = sight.status(action)
    milestone = action.milestone if sight.deal.offered is None and command.decision != "reject" else None
    if milestone and len(sight.standing.get(action.path, ())) + 1 < action.at_least:
        milestone = None
    data = without_empty(
        {
            "action": action.path,
            "way": command.way or None,
            "evidence": evidence,
            "decision": command.decision or None,
            "milestone": milestone,
            "note": note,
            "facts": sight.facts(),
        }
    )
    private = [pointer_to("note")] if note else []
    private += [pointer_to("evidence", leaf) for leaf in ("text", "url", "name") if evidence and leaf in evidence]
    return Entry("action.completed", data, tuple(private))


def waive(sight: Sight, command: Waive, reason: str | None) -> list[Entry]:
    """Let one criterion pass for the next move."""
    criterion = _counting(sight, command.criterion)
    if criterion.waivable_by:
        sight.require(criterion.waivable_by, criterion.path)
    else:
        sight.block("not-waivable", criterion.path)
    outcome = sight.criteria[criterion.path] = sight.judge(criterion)
    if outcome == "met":
        sight.block("already-met", criterion.path)
    if reason is None:
        sight.block("reason-missing", "waive")
    named = {"stage": criterion.stage, "side": criterion.side, "id": criterion.id}
    data = without_empty({"criterion": named, "reason": reason}) | {"reads": list(criterion.reads)}
    return [Entry("criterion.waived", data, (pointer_to("reason"),))]


def _counting(sight: Sight, name: str) -> Criterion:
    """The criterion of that name that counts now: an exit criterion here, or an entry criterion of a stage next."""
    here = sight.stage
    ahead = [sight.definition.stages[target] for target in here.next]
    counting = [*here.exit_criteria.values(), *(c for stage in ahead for c in stage.entry_criteria.values())]
    found = [c for c in counting if name in (c.id, c.path)]
    if not found:
        short = name.rpartition(".")[2]
        everywhere = [stage.criterion(short) for stage in sight.definition.stages.values()]
        declared = [c.path for c in everywhere if c is not None and name in (c.id, c.path)]
        if declared:
            sight.stop("elsewhere", *declared)
        sight.stop("not-declared", input_values.named(name, sight.definition))
    if len(found) > 1:
        sight.stop("several-criteria", *(c.path for c in found))
    return found[0]


def assign(sight: Sight, command: Assign) -> list[Entry]:
    """Make someone the owner, who answers for the deal from now on."""
    owners = sight.allowed(sight.stage.owner)
    sight.require(dict.fromkeys((*owners, *sight.definition.deal.assign_by)), "assign")
    return [Entry("deal.assigned", {"to": command.person})]


def note(sight: Sight, command: Note) -> list[Entry]:
    """Write down what was said or done."""
    playbook = sight.stage.playbook
    if command.objection and (playbook is None or command.objection not in playbook.objections):
        sight.stop("not-declared", input_values.named(command.objection, sight.definition))
    sight.require(sight.definition.roles, "note")
    words = input_values.text(sight, "note", command.note)
    if words is None and not sight.obstacles:
        sight.block("note-missing", "note")
    if command.kind and command.kind not in ("call", "email", "meeting"):
        sight.block("bad-value", "kind", why="a note's kind is call, email or meeting")
    data = without_empty({"kind": command.kind or None, "objection": command.objection or None, "text": words})
    return [Entry("deal.noted", data, (pointer_to("text"),))]
