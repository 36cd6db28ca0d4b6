"""What a refusal says to people: the fault, the subject, the remedy, who can help, and the line of the definition.

The definition's own texts come in the language asked for. Only values that are not personal are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from procdef.advice import suggested_commands
from procdef.advice.remedies import REMEDIES
from procdef.advice.suggested_commands import Case
from procdef.commands import Start
from procdef.decide.context import Context, public
from procdef.decide.decision import Obstacle
from procdef.errors import Unmet
from procdef.model import Criterion

_PLAIN = {
    "closed": "the deal is closed",
    "not-declared": "{0} is not declared in {process}",
    "elsewhere": "{0} does not count in this stage",
    "no-such-move": "there is no such move from here: {0}",
    "not-on-path": "{0} is not on the way this deal came",
    "not-won": "the deal is not won yet",
    "no-target": "no way forward is open: {all}",
    "several-targets": "several ways are open, name one: {all}",
    "several-criteria": "several criteria have this id, name the stage: {all}",
    "branch-closed": "the way to {0} is not open",
    "action-open": "{0} is not done",
    "when-unknown": "whether {0} is needed is not known yet",
    "when-false": "{0} is not needed now",
    "needs-open": "{0} must be done first",
    "records-unset": "{0} is not filled in",
    "reason-missing": "a reason is missing",
    "note-missing": "a note is missing",
    "way-missing": "the way is missing",
    "evidence-missing": "the evidence is missing",
    "decision-missing": "approve or reject is missing",
    "not-waivable": "nobody may waive {0}",
    "already-met": "{0} is met, there is nothing to waive",
    "four-eyes": "{0} takes a second person",
    "gate-shut": "{0} can no longer be changed here: it would undo {last}",
    "bad-value": "{0} does not fit",
    "too-late": "it is too late to reopen",
}
_FILLED_IN = {"records-unset", "reason-missing", "note-missing", "way-missing", "evidence-missing", "decision-missing"}


def words(case: Case, obstacles: Sequence[Obstacle], values: Mapping[str, object] | None = None) -> tuple[Unmet, ...]:
    """What to show of each obstacle to the person who met it; ``values`` are those the rules saw and may be told."""
    context = case.seen()
    offered = {name for each in obstacles for name in _offered(context, each)}
    said = [_said(case, context, each, values, offered) for each in obstacles]
    starts = isinstance(case.command, Start) and all(item.code.startswith("criterion-") for item in said)
    if said and (starts or all(item.code in _FILLED_IN for item in said)):
        reads = (name for item in said if starts for name in _criterion(case, item.about[0]).reads)
        command = suggested_commands.again(case, [name for name in reads if name in case.definition.fields])
        said[-1] = replace(said[-1], command=command) if command else said[-1]
    return tuple(said)


def _said(
    case: Case, context: Context, obstacle: Obstacle, values: Mapping[str, object] | None, offered: set[str]
) -> Unmet:
    definition, code, about = case.definition, obstacle.code, obstacle.about
    if code.startswith("criterion-"):
        return _of_criterion(case, context, obstacle, values, offered)
    action = definition.actions.get(about[-1]) if about and code != "gate-shut" else None
    shown = [case.short(name) for name in about]
    names = {"process": definition.name, "all": ", ".join(shown), "last": shown[-1] if shown else ""}
    message = _PLAIN[code].format(*(shown or ("",)), **names) if code in _PLAIN else ""
    place = f"{definition.name}, line {action.line}" if action is not None else None
    said = Unmet(code, about, message, why=obstacle.why, who=obstacle.roles, place=place)
    mend = REMEDIES.get(code)
    return mend(case, context, said, action) if mend else said


def _of_criterion(
    case: Case, context: Context, obstacle: Obstacle, values: Mapping[str, object] | None, offered: set[str]
) -> Unmet:
    criterion = _criterion(case, obstacle.about[0])
    text = criterion.check.text if criterion.check else None
    message = criterion.message.in_language(case.language) if criterion.message else None
    seen = _values(case, context, criterion, values)
    why = obstacle.why or _replayed(text, seen)
    if text and why and obstacle.code == "criterion-unknown" and text not in why:
        why = f"{text}, and {why}"  # an unknown check is explained by what is unset alone
    command, who = None, obstacle.roles
    if obstacle.roles:
        command = suggested_commands.waive(case, criterion.path)
    elif case.stage is not None:
        reads = criterion.require or (tuple(criterion.check.fields) if criterion.check else ())
        empty = [name for name in reads if name not in context.raw]
        if empty and not offered.issuperset(empty):
            command, who = suggested_commands.record(case, sorted(empty, key=reads.index)), context.allowed(case.stage.owner)
    return Unmet(
        obstacle.code,
        obstacle.about,
        message or why or f"{criterion.path} does not hold",
        expression=text,
        why=why if message else None,
        values=seen,
        fix=_fix(case, criterion),
        who=who,
        command=command,
        place=f"{case.definition.name}, line {criterion.line}",
    )


def _fix(case: Case, criterion: Criterion) -> str | None:
    """The definition's own advice; at a start, where nothing can be waived, it says so."""
    if criterion.fix is None:
        return None
    aside = " (nothing can be waived at a start)" if case.deal is None and criterion.waivable_by else ""
    return criterion.fix.in_language(case.language) + aside


def _criterion(case: Case, path: str) -> Criterion:
    stage, _, name = path.partition(".")
    criterion = case.definition.stages[stage].criterion(name)
    assert criterion is not None
    return criterion


def _values(case: Case, context: Context, criterion: Criterion, values: Mapping[str, object] | None) -> dict[str, object]:
    """The values that a criterion saw, but for personal ones."""
    fields, scores = case.definition.fields, criterion.check.scores if criterion.check else ()
    if values is not None:
        return {name: values[name] for name in (*criterion.reads, *(rule.id for rule in scores)) if name in values}
    known = {name: fields[name].type for name in criterion.reads if name in context.raw}
    seen = {name: public(kind, context.raw[name]) for name, kind in known.items() if not kind.private}
    totals = {rule.id: context.score(rule).total for rule in scores if not rule.private}
    return seen | {name: total for name, total in totals.items() if total is not None}


def _replayed(text: str | None, seen: Mapping[str, object]) -> str | None:
    """Why a criterion did not hold, of a refusal that the log remembers: its expression and what it saw."""
    if text is None:
        return None
    return ", and ".join([text, *(f"{name} is {value}" for name, value in seen.items() if not isinstance(value, list))])


def _offered(context: Context, obstacle: Obstacle) -> Iterable[str]:
    """The fields that the command for this obstacle asks for already."""
    action = context.definition.actions.get(obstacle.about[0]) if obstacle.code == "action-open" else None
    return () if action is None or suggested_commands.waiting_for(context, action) else action.records
