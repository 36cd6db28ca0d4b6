"""What to add to a plain refusal, by its code: what exactly is missing, what to do about it, and the command for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from procdef.advice import candidates, suggested_commands
from procdef.advice.suggested_commands import Case
from procdef.commands import Advance, Back, Do, Finish, Lose, Record, Start
from procdef.decide.context import Context
from procdef.errors import Unmet
from procdef.expression.types import Kind
from procdef.log.event import NO_ID
from procdef.model import Action

_EVIDENCE = {
    "note": "write what was said or done",
    "link": "give an http(s) address",
    "document": 'give the path of a file, or, for one that lies elsewhere, its fingerprint: "NAME sha256:HEX"',
}
_NUMBERS = (Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.PERCENT)
_LONGEST = 24
_MOST = 12
"""No more ids than these are listed."""


def _action_open(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    """What the action lacks, and the command that does it, unless other actions come first."""
    assert action is not None
    waiting, empty = suggested_commands.waiting_for(context, action), _empty(context, action)
    parts = [f"{listed((case.short(path) for path in waiting), 'and')} must be done first"] * bool(waiting)
    parts += [f"{listed(empty, 'and')} {'is' if len(empty) == 1 else 'are'} not filled in"] * bool(empty)
    times = len(context.standing.get(action.path, ()))
    parts += [f"it takes {action.at_least} times, {times} of them done"] * (action.at_least > 1)
    rejected = context.deal.rejected.get(action.path) if context.deal and not times else None
    parts += [f"{rejected} rejected it"] * bool(rejected)
    others = listed(suggested_commands.barred(context, action))
    parts += [f"it takes somebody else than {others}"] * bool(others)
    message = f"{item.message}: {'; '.join(parts)}" if parts else item.message
    here = case.stage is not None and action.stage == case.stage.id
    command = suggested_commands.do(case, action, context.raw) if here and not waiting else None
    return replace(item, message=message, command=command)


def _needs_open(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    assert action is not None
    if case.stage is None or action.stage != case.stage.id:
        return replace(item, message=f"{item.message}, in {action.stage}")
    if context.status(action) == "unknown":
        return _when_unknown(case, context, item, action)
    return _action_open(case, context, item, action)


def _when_unknown(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    """The fields to fill in, so that it is known whether the action is needed."""
    assert action is not None
    assert action.when is not None
    why = item.why or context.why(action.when)
    empty = sorted(name for name in action.when.fields if name not in context.raw)
    item = replace(item, why=why, expression=action.when.text)
    if not empty or case.stage is None:
        return item
    fix = f"fill in {listed(empty, 'and')}"
    why = f"it depends on {listed(empty, 'and')}, which {'is' if len(empty) == 1 else 'are'} not filled in"
    who, command = context.allowed(case.stage.owner), suggested_commands.record(case, empty)
    return replace(item, why=why, fix=fix, who=who, command=command)


def _when_false(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    return replace(item, expression=action.when.text if action and action.when else None)


def _branch_closed(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    way = case.stage.next.get(item.id) if case.stage else None
    if way is None or way.when is None:
        return item
    return replace(item, expression=way.when.text, place=f"{case.definition.name}, line {way.line}")


def _not_yours(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    """Who could, and what the person who asked is; a role that the process does not have is told."""
    person, known = case.person, case.definition.roles
    is_ = listed(sorted(person.roles), "and") if person.roles else "nobody in particular"
    item = replace(item, message=f"this is for {listed(item.who) or 'nobody'}, and {person.id} is {is_}")
    strange = [f"no role {_meant(role, known)}" for role in sorted(person.roles) if role not in known]
    if strange:
        return replace(item, fix=f"{case.definition.id} has {listed(strange, 'and')}; take one of {listed(item.who)}")
    return _correctable(case, context, item)


def _correctable(case: Case, context: Context, item: Unmet) -> Unmet:
    """Whoever may not record may yet correct, where no completion of the present stage would be spared by it."""
    command, roles = case.command, case.definition.deal.correct_by
    if not isinstance(command, Record) or command.correct or case.person.roles.isdisjoint(roles):
        return item
    standing = [case.definition.actions[path] for path in context.standing if path in case.definition.actions]
    if any(name in each.voided_by for each in standing if each.stage == context.stage.id for name in command.values):
        return item
    offered = f"{suggested_commands.record(case, command.values)} --correct --reason ..."
    return replace(item, fix="where it is a typing error, correct it", who=roles, command=offered)


def _closed(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    deal, lost = case.deal, case.definition.lost
    if deal is None or deal.mode != "lost":
        return replace(item, message="the deal is finished; it takes nothing but notes")
    item = replace(item, message=f"the deal is lost ({deal.reason})")
    if not suggested_commands.reopenable(case) or lost is None or lost.reopen is None:
        return item
    return replace(item, who=lost.reopen.by, command=suggested_commands.reopen(case))


def _gate_shut(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    """Back to the stage that was passed, or past the gate by a correction: the rules said which."""
    command, who, stage = None, item.who, case.stage
    passed = item.about[-1].partition(".")[0]
    if isinstance(case.command, Record) and case.command.correct:
        message = f"{item.id} cannot be corrected: it is about {case.short(item.about[-1])} of the present stage"
        return replace(item, message=message, fix=item.why, why=None)
    if stage is not None and passed in stage.back and (item.why or "").startswith("go back"):
        command, who = suggested_commands.back(case, passed), context.allowed(stage.back[passed].by or stage.owner)
    elif who and not (item.why or "").startswith("go back"):
        command = f"{suggested_commands.record(case, [item.id])} --correct --reason ..."
    return replace(item, fix=item.why, why=None, command=command, who=who if command else ())


def _not_declared(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    """What kind of thing was meant, and those that there are; fields come last, and only where they are few."""
    values, known = getattr(case.command, "values", {}), case.definition.fields
    others = len(item.about) - sum(name not in known for name in values)
    told, there = [], []
    for place, name in enumerate(item.about):
        things = candidates.named(case) if place < others else candidates.fields(case)
        told.append(_unknown(case, name, things))
        if len(things.titles) <= _MOST and things.titles:
            there.append(f"{things.plural} {things.listed(case.language)}")
    return replace(item, message="; ".join(told), why="; ".join(dict.fromkeys(there)) or None)


def _unknown(case: Case, name: str, things: candidates.Candidates) -> str:
    """A thing that is not there; what was typed and may be anybody's name is not repeated."""
    if things.kind == "objection":
        homes = [stage.id for stage in case.definition.stages.values() if name in candidates.objections(stage)]
        if homes:
            return f"{name} is an objection of {listed(homes, 'and')}, and the deal is in {things.of}"
    if not things.titles and things.kind == "way":
        return f"{things.of} has no ways to choose from"
    if name == NO_ID:
        return f"what was named is no {things.kind} of {things.of}"
    return _meant(name, things.titles, f" is no {things.kind} of {things.of}")


def _elsewhere(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    """Where the thing belongs, and what there is here."""
    if isinstance(case.command, Start):
        return replace(item, message=f"no deal starts in {item.id}; it starts in {listed(case.definition.starts)}")
    stage = case.stage
    if stage is None:
        return item
    there = candidates.named(case).listed(case.language)
    here = f"here there is {there}" if there else "there is nothing of that kind here"
    homes = listed(dict.fromkeys(path.partition(".")[0] for path in item.about))
    message = f"{listed(item.about)} does not count in {stage.id}"
    if isinstance(case.command, Do):
        own = listed(dict.fromkeys(path.partition(".")[2] for path in item.about))
        message = f"{own} belongs to {homes}, and the deal is in {stage.id}"
    return replace(item, message=message, why=here)


def _no_such_move(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    stage, deal = case.stage, case.deal
    if stage is None or deal is None:
        return item
    behind = [name for name in stage.back if name in deal.passed]
    ways = [f"on to {listed(stage.next)}"] * bool(stage.next) + [f"back to {listed(behind)}"] * bool(behind)
    led = f"from {stage.id} a deal can go {' or '.join(ways)}" if ways else f"{stage.id} is where the process ends"
    said = {Lose: "this process has no lost deals", Finish: f"{stage.id} is not where the process ends"}
    message = said.get(type(case.command), f"{deal.stage} does not lead to {item.id}")
    if type(case.command) not in (Lose, Finish, Advance, Back):
        message = "no lost deal of this process is reopened" if deal.mode == "lost" else "the deal is not lost"
        return replace(item, message=message)
    return replace(item, message=message, why=None if type(case.command) is Lose else led)


def _several_targets(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    if not isinstance(case.command, Start):
        return item
    return replace(item, message=f"a deal starts in {listed(item.about)}: name one with --stage")


def _not_on_path(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    came = case.deal.passed if case.deal else ()
    return replace(item, why=f"it came by {' > '.join(came)}" if came else "it started here")


def _four_eyes(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    return replace(item, fix=f"ask another {listed(item.who)}")


def _way_missing(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    return replace(item, fix=f"name one of {candidates.named(case).listed(case.language)}" if action else None)


def _evidence_missing(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    return replace(item, fix=_EVIDENCE.get(action.evidence) if action else None)


def _bad_value(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    """The plain form of a number that was written as people write it, and how to name a document."""
    field = case.definition.fields.get(item.id)
    given = getattr(case.command, "values", {}).get(item.id)
    if field is None and item.id == "evidence" and "sha256:" in (item.why or ""):
        return replace(item, why="there is no such file", fix=_EVIDENCE["document"])
    if field is None or field.type.private or field.type.kind not in _NUMBERS or not isinstance(given, str):
        return item
    plain = _plain_numbers(given)
    unit = " %" if field.type.kind is Kind.PERCENT else ""
    return replace(item, fix=f"write {listed(f'{each}{unit}' for each in plain)}") if plain else item


def _plain_numbers(given: str) -> list[str]:
    """What a number with blanks, a decimal comma or a unit may have been meant to be; nothing where that is not clear."""
    bare = re.sub(r"[\s'\u2019]|[A-Za-z]{3}$|[\u20ac$\u00a3%]", "", given)
    bare = re.sub(r"[A-Za-z]{3}$", "", bare)
    if not re.fullmatch(r"[-+]?[0-9]+([.,][0-9]+)*", bare) or len(bare) > _LONGEST:
        return []
    marks = re.findall(r"[.,]", bare)
    whole = re.sub(r"[.,]", "", bare)
    point = max(bare.rfind("."), bare.rfind(","))
    if not marks:
        return [whole]
    parted = f"{re.sub(r'[.,]', '', bare[:point])}.{bare[point + 1 :]}"
    if len(marks) > 1 and len(set(marks)) == 1:
        return [whole]
    if marks == [","] and len(bare) - point == 4:
        return [whole, parted]
    return [parted]


def _reason_missing(case: Case, context: Context, item: Unmet, action: Action | None) -> Unmet:
    lost = case.definition.lost
    if isinstance(case.command, Lose) and lost is not None:
        return replace(item, fix=f"name one of {candidates.named(case).listed(case.language)}")
    return item


REMEDIES: Mapping[str, Callable[[Case, Context, Unmet, Action | None], Unmet]] = {
    "action-open": _action_open,
    "needs-open": _needs_open,
    "when-unknown": _when_unknown,
    "when-false": _when_false,
    "branch-closed": _branch_closed,
    "not-yours": _not_yours,
    "closed": _closed,
    "gate-shut": _gate_shut,
    "not-declared": _not_declared,
    "elsewhere": _elsewhere,
    "no-such-move": _no_such_move,
    "several-targets": _several_targets,
    "not-on-path": _not_on_path,
    "four-eyes": _four_eyes,
    "way-missing": _way_missing,
    "evidence-missing": _evidence_missing,
    "reason-missing": _reason_missing,
    "bad-value": _bad_value,
}
"""Codes whose plain sentence is not enough."""


def listed(names: Iterable[str], word: str = "or") -> str:
    """``a, b or c``."""
    *most, last = [*names] or [""]
    return f"{', '.join(most)} {word} {last}" if most else last


def _empty(context: Context, action: Action) -> list[str]:
    return [name for name in action.records if name not in context.raw]


def _meant(name: str, there: Iterable[str], fault: str = "") -> str:
    near = get_close_matches(name, tuple(there), 1)
    return f'"{name}"{fault} (did you mean "{near[0]}"?)' if near else f'"{name}"{fault}'
