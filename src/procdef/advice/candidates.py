"""What could have been named where a command named something else: the kind of thing, and the ids with their titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from procdef.advice.inquiry import Inquiry
from procdef.commands import Advance, Back, Do, Lose, Note, Start, Waive
from procdef.model import Criterion, Stage, Text


class Candidates(NamedTuple):
    """Things of a kind by their ids, with titles where they have any. ``of`` is what they belong to, ``introduction`` the
    beginning of a sentence that lists them."""

    kind: str
    introduction: str
    of: str
    titles: Mapping[str, Text | None]

    def introduced(self, language: str | None) -> str:
        """``the ways of call are phone (By phone), video (By video)``."""
        return f"{self.introduction} {self.listed(language)}"

    def listed(self, language: str | None) -> str:
        """``phone (By phone), video (By video)``."""
        return ", ".join(_titled(name, title, language) for name, title in self.titles.items())


def named(inquiry: Inquiry) -> Candidates:
    """The things that the command names by an id, fields aside."""
    definition, stage, command = inquiry.definition, inquiry.stage, inquiry.command
    process = definition.name
    if isinstance(command, Start) or stage is None:
        return Candidates("stage", "deals start in", process, _stages(inquiry, definition.starts))
    match command:
        case Do():
            action = stage.action(command.action.rpartition(".")[2])
            if action is not None:
                return Candidates("way", f"the ways of {action.id} are", action.id, dict(action.ways))
            return Candidates(
                "action", f"the actions of {stage.id} are", stage.id, {a.id: a.title for a in stage.actions}
            )
        case Advance():
            return Candidates("stage", f"from {stage.id} it goes on to", process, _stages(inquiry, stage.next))
        case Back():
            return Candidates("stage", f"from {stage.id} it goes back to", process, _stages(inquiry, stage.back))
        case Lose():
            reasons = definition.lost.reasons if definition.lost else {}
            return Candidates("reason", "the reasons for losing a deal are", process, dict(reasons))
        case Waive():
            ahead = (c for name in stage.next for c in definition.stages[name].entry_criteria.values())
            counting: Iterable[Criterion] = (*stage.exit_criteria.values(), *ahead)
            return Candidates(
                "criterion", "the criteria that count now are", stage.id, {c.id: c.message for c in counting}
            )
        case Note():
            return Candidates("objection", f"the objections of {stage.id} are", stage.id, objections(stage))
    return fields(inquiry)


def fields(inquiry: Inquiry) -> Candidates:
    """The fields of the process."""
    titles = {name: field.title for name, field in inquiry.definition.fields.items()}
    return Candidates("field", "the fields are", inquiry.definition.name, titles)


def objections(stage: Stage) -> dict[str, Text | None]:
    """The objections of a stage with what the customer says."""
    return {name: each.concern for name, each in stage.playbook.objections.items()} if stage.playbook else {}


def _stages(inquiry: Inquiry, ids: Iterable[str]) -> dict[str, Text | None]:
    return {name: inquiry.definition.stages[name].title for name in ids}


def _titled(name: str, title: Text | None, language: str | None) -> str:
    shown = title.in_language(language) if title else name
    return name if shown == name else f"{name} ({shown})"
