"""Steps that leave a deal where it is: start, record, do, waive, assign, note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from procdef.commands import Assign, Command, Do, Note, Record, Start, Waive
from procdef.commands.do import APPROVE, REJECT
from procdef.commands.note import KINDS
from procdef.decide import input_values
from procdef.decide.approvers import roles_named
from procdef.decide.context import Context
from procdef.decide.decision import without_empty
from procdef.decide.voiding import record as set_values
from procdef.errors import InvalidArgument
from procdef.events.types import action_completed, criterion_waived, deal_assigned, deal_noted, deal_started
from procdef.log.event import Data, Entry
from procdef.model import Action, Criterion, Stage


def start(context: Context, command: Start, key: str) -> list[Entry]:
    """Begin a deal in a start stage, whose entry criteria are checked against the values given."""
    stage = _start_stage(context, command)
    context.require(stage.owner, stage.id)
    taken = input_values.admitted(context, command.values)
    values = {name: value for name, value in taken.items() if value is not None}
    context.change(values, {}, {})
    for criterion in stage.entry_criteria.values():
        context.hold(criterion)
    data = without_empty(
        {
            "key": key,
            "process": context.definition.id,
            "stage": stage.id,
            "values": values,
            "from": command.origin,
            **context.due(stage),
            "facts": context.facts(),
        }
    )
    return [deal_started.EVENT.entry(data, input_values.private_values(context.definition, values, "values"))]


def _start_stage(context: Context, command: Start) -> Stage:
    starts, named = context.definition.starts, command.stage
    input_values.declared(context, command.values, *(() if named is None or named in context.definition.stages else (named,)))
    if named is None:
        owners = [context.definition.stages[one].owner for one in starts]
        if not any(map(context.may, owners)):
            roles = dict.fromkeys(role for owner in owners for role in context.allowed(owner))
            context.stop("not-yours", *starts, roles=roles)
        if len(starts) > 1:
            context.stop("several-targets", *starts)
        return context.definition.stages[starts[0]]
    if named not in starts:
        context.stop("elsewhere", named)
    return context.definition.stages[named]


def record(context: Context, command: Record) -> list[Entry]:
    """Set values, or correct them past the gate."""
    input_values.declared(context, command.values)
    if command.correct:
        settings = context.definition.deal
        if not settings.correct_by:
            context.stop("not-yours", "correct")
        context.require(settings.correct_by, "correct")
        if context.reason is None:
            context.block("reason-missing", command.verb)
    else:
        context.require(context.stage.owner, context.stage.id)
    taken = input_values.admitted(context, command.values)
    return set_values(context, taken, correct=command.correct, reason=context.reason)


def do(context: Context, command: Do) -> list[Entry]:
    """Complete an action of the present stage: record its values, void what they void, then complete it."""
    action = _declared_action(context, command)
    by_table = bool(action.table and command.values)  # the row is that of the deal with the values that come along
    context.require(roles_named(action.table) if by_table else context.approvers(action).roles, action.path)
    if any(name not in action.records for name in command.values):
        context.require(context.stage.owner, context.stage.id)
    taken = input_values.admitted(context, command.values, action.records)
    entries = set_values(context, taken) if command.values else []
    if by_table:
        context.require(context.approvers(action).roles, action.path)
    note = input_values.text(context, "note", command.note)
    evidence = input_values.evidence(context, action, command.evidence, note)
    _ready(context, action, command, taken)
    _decided(context, action, command, note)
    if evidence is not None and command.evidence is None and evidence.get("text") == note:
        note = None
    return [*entries, _completed(context, action, command, evidence, note)]


def _declared_action(context: Context, command: Do) -> Action:
    path = command.action if "." in command.action else None
    action = context.definition.actions.get(path) if path else context.stage.action(command.action)
    known = context.definition.actions.values()
    meant = [action] if action is not None else [other for other in known if other.id == command.action]
    missing = [] if meant else [command.action]
    if meant and command.way and not any(command.way in one.ways for one in meant):
        missing.append(command.way)
    input_values.declared(context, command.values, *missing)
    if action is None or action.stage != context.stage.id:
        context.stop("elsewhere", *(one.path for one in meant))
    assert action is not None
    return action


def _ready(context: Context, action: Action, command: Do, taken: Mapping[str, Any]) -> None:
    """Its ``when`` is true, its ``needs`` hold, its ``records`` are filled, its way is named."""
    if action.when is not None:
        applies = context.truth(action.when)
        if not applies:
            code = "when-unknown" if applies is None else "when-false"
            context.block(code, action.path, why=context.why(action.when))
    if action.table and (action.when is None or context.truth(action.when)):
        context.approver_known(action)
    for path in action.needs:
        needed = context.definition.actions[path]
        status = context.actions[path] = context.status(needed)
        if status in ("open", "unknown"):
            context.block("needs-open", path, roles=context.approvers(needed).roles)
    bad = [name for name in command.values if name not in taken]
    for name in action.records:
        if name not in context.raw and name not in bad:
            context.block("records-unset", name)
    context.read.update(name for name in action.records if name in context.raw)
    if action.ways and not command.way:
        context.block("way-missing", action.path)


def _decided(context: Context, action: Action, command: Do, note: str | None) -> None:
    """A decision is approve or reject, a reject says why, and four eyes are two people's."""
    if not action.decision:
        if command.decision:
            context.block("bad-value", "decision", cause="no_decision")
    elif not command.decision:
        context.block("decision-missing", action.path)
    elif command.decision not in (APPROVE, REJECT):
        context.block("bad-value", "decision", cause="unknown_decision")
    elif command.decision == REJECT and note is None:
        context.block("note-missing", action.path)
    if action.four_eyes:
        _four_eyes(context, action, rejecting=command.decision == REJECT)


def _four_eyes(context: Context, action: Action, *, rejecting: bool) -> None:
    assert context.deal is not None
    me, (_, roles, at_least, *_) = context.person.id, context.approvers(action)
    if context.deal.owner == me:
        context.block("four-eyes", action.path, roles=roles, cause="owner")
        return
    if context.deal.owned_earlier(me, action.voided_by):
        context.block("four-eyes", action.path, roles=roles, cause="owned")
        return
    changed = [name for name in action.voided_by if context.changed_by.get(name) == me]
    if changed:
        context.block("four-eyes", action.path, roles=roles, cause="changed", fields=changed)
    elif at_least > 1 and not rejecting and me in context.approvals(action):
        context.block("four-eyes", action.path, roles=roles, cause="done_already")


def _completed(context: Context, action: Action, command: Do, evidence: Data | None, note: str | None) -> Entry:
    assert context.deal is not None
    context.actions[action.path] = context.status(action)
    milestone = action.milestone if context.deal.offered is None and command.decision != REJECT else None
    row, _, at_least, *_ = context.approvers(action)
    if milestone and len(context.approvals(action)) + 1 < at_least:
        milestone = None
    data = without_empty(
        {
            "action": action.path,
            "way": command.way or None,
            "evidence": evidence,
            "decision": command.decision or None,
            "milestone": milestone,
            "until": None if command.decision == REJECT else context.lapse(action),
            "row": row or None,
            "note": note,
            "facts": context.facts(),
        }
    )
    return action_completed.EVENT.entry(data)


def waive(context: Context, command: Waive) -> list[Entry]:
    """Let one criterion pass for the next move."""
    criterion = _counting(context, command.criterion)
    if criterion.waivable_by:
        context.require(criterion.waivable_by, criterion.path)
    else:
        context.block("not-waivable", criterion.path)
    outcome = context.criteria[criterion.path] = context.judge(criterion)
    if outcome == "met":
        context.block("already-met", criterion.path)
    if context.reason is None:
        context.block("reason-missing", command.verb)
    named = {"stage": criterion.stage, "side": criterion.side, "id": criterion.id}
    reads = list(context.definition.turns_on(criterion))
    data = without_empty({"criterion": named, "reason": context.reason}) | {"reads": reads}
    return [criterion_waived.EVENT.entry(data)]


def _counting(context: Context, name: str) -> Criterion:
    """The criterion of that name that counts now: an exit criterion here, or an entry criterion of a stage next."""
    here = context.stage
    ahead = [context.definition.stages[target] for target in here.next]
    counting = [*here.exit_criteria.values(), *(c for stage in ahead for c in stage.entry_criteria.values())]
    found = [c for c in counting if name in (c.id, c.path)]
    if not found:
        short = name.rpartition(".")[2]
        everywhere = [stage.criterion(short) for stage in context.definition.stages.values()]
        declared = [c.path for c in everywhere if c is not None and name in (c.id, c.path)]
        if declared:
            context.stop("elsewhere", *declared)
        context.stop("not-declared", input_values.named(name, context.definition))
    if len(found) > 1:
        context.stop("several-criteria", *(c.path for c in found))
    return found[0]


def assign(context: Context, command: Assign) -> list[Entry]:
    """Make someone the owner, who answers for the deal from now on.

    Raises ``InvalidArgument`` for a person with a role of the process behind the id, as it is written for who takes a step: an
    owner of that name would be nobody, and separation of duties would look for nobody.
    """
    person, _, roles = command.person.rpartition(":")
    if person and all(role.strip() in context.definition.roles for role in roles.split(",")):
        raise InvalidArgument(f"a deal is handed to a person, without a role; write {person}", "person")
    owners = context.allowed(context.stage.owner)
    context.require(dict.fromkeys((*owners, *context.definition.deal.assign_by)), command.verb)
    return [deal_assigned.EVENT.entry({"to": command.person})]


def note(context: Context, command: Note) -> list[Entry]:
    """Write down what was said or done."""
    playbook = context.stage.playbook
    if command.objection and (playbook is None or command.objection not in playbook.objections):
        context.stop("not-declared", input_values.named(command.objection, context.definition))
    context.require(context.definition.roles, command.verb)
    words = input_values.text(context, "note", command.text)
    if words is None and not context.obstacles:
        context.block("note-missing", "note")
    if command.kind and command.kind not in KINDS:
        context.block("bad-value", "kind", cause="unknown_kind")
    data = without_empty({"kind": command.kind or None, "objection": command.objection or None, "text": words})
    return [deal_noted.EVENT.entry(data)]


WITHIN_STAGE: Mapping[type[Command], Callable[[Context, Any], list[Entry]]] = {
    Record: record,
    Do: do,
    Waive: waive,
    Assign: assign,
    Note: note,
}
"""What judges each command that leaves a deal where it is."""
