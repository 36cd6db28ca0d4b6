"""An obstacle in words: fault, subject, remedy, who can help, and the command that does it."""

from __future__ import annotations

from procdef.decide.verdict import Obstacle
from procdef.errors import Unmet
from procdef.model import Action, Criterion, ProcessDefinition

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


def word(definition: ProcessDefinition, deal: str, obstacle: Obstacle, language: str | None = None) -> Unmet:
    """What to show of an obstacle to the person who met it."""
    code, about = obstacle.code, obstacle.about
    if code.startswith("criterion-"):
        return _criterion(definition, deal, obstacle, language)
    if code == "not-yours":
        message = f"this is for {_people(definition, obstacle.roles, language) or 'nobody'}"
    else:
        names = {"process": definition.name, "all": ", ".join(about), "last": about[-1] if about else ""}
        message = _PLAIN[code].format(*(about or ("",)), **names)
    action = definition.actions.get(about[-1]) if about else None
    return Unmet(
        code,
        about,
        message,
        why=obstacle.why,
        who=obstacle.roles,
        command=_command(deal, obstacle, action),
        place=f"{definition.name}, line {action.line}" if action is not None else None,
        expression=action.when.text if action and action.when and code.startswith("when-") else None,
    )


def _criterion(definition: ProcessDefinition, deal: str, obstacle: Obstacle, language: str | None) -> Unmet:
    criterion = _find(definition, obstacle.about[0])
    said = criterion.message.in_language(language) if criterion.message else None
    return Unmet(
        obstacle.code,
        obstacle.about,
        said or obstacle.why or f"{criterion.path} does not hold",
        expression=criterion.check.text if criterion.check else None,
        why=obstacle.why if said else None,
        fix=criterion.fix.in_language(language) if criterion.fix else None,
        who=obstacle.roles,
        command=f"procdef waive {deal} {criterion.path} --reason ..." if obstacle.roles else None,
        place=f"{definition.name}, line {criterion.line}",
    )


def _find(definition: ProcessDefinition, path: str) -> Criterion:
    stage, _, name = path.partition(".")
    criterion = definition.stages[stage].criterion(name)
    assert criterion is not None
    return criterion


def _people(definition: ProcessDefinition, roles: tuple[str, ...], language: str | None) -> str:
    return ", ".join(definition.roles[role].title.in_language(language) for role in roles if role in definition.roles)


def _command(deal: str, obstacle: Obstacle, action: Action | None) -> str | None:
    if action is not None and obstacle.code in ("action-open", "needs-open"):
        return f"procdef do {deal} {action.id}{_blanks(action)}"
    if obstacle.code == "records-unset":
        return f"procdef record {deal} {obstacle.about[0]}=..."
    return None


def _blanks(action: Action) -> str:
    parts = [" --way ..." if action.ways else "", " --evidence ..." if action.evidence != "none" else ""]
    parts.append(" --approve" if action.decision else "")
    return "".join(parts) + "".join(f" {name}=..." for name in action.records)
