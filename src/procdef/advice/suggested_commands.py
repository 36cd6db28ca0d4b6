"""Commands to type. Each works once its ``...`` are filled in; no value that somebody gave is repeated in one."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from procdef.calendar import due
from procdef.commands import VERBS, Actor, Advance, Back, Command, Do, Lose, Note, Record, Start, Waive
from procdef.deal import Deal
from procdef.decide.context import Context
from procdef.expression.types import Kind
from procdef.log.event import instant, timestamp
from procdef.model import Action, ProcessDefinition, Stage, Transition


class Case(NamedTuple):
    """A deal as somebody asks about it: under the name that they used (``deal`` is ``None`` where it could not start)."""

    definition: ProcessDefinition
    name: str
    deal: Deal | None
    person: Actor
    now: datetime
    command: Command | None = None
    language: str | None = None

    @property
    def handle(self) -> str:
        """How a command line names the deal: quoted for a shell, by its stream where its key looks like an option."""
        return self.deal.stream if self.deal and self.name.startswith("-") else shlex.quote(self.name)

    @property
    def stage(self) -> Stage | None:
        """The present stage."""
        return self.definition.stages[self.deal.stage] if self.deal else None

    def short(self, path: str) -> str:
        """An action or criterion of the present stage by its own id, anything else as it is."""
        stage, dot, own = path.partition(".")
        return own if dot and self.deal and stage == self.deal.stage else path

    def seen(self) -> Context:
        """The deal as this person sees it now, before the step that was asked for."""
        return Context(self.definition, self.deal, self.person, timestamp(self.now))


def do(case: Case, action: Action, filled: Iterable[str], decision: str = "approve") -> str:
    """Complete an action; of its ``records`` those that are not ``filled`` are asked for."""
    known = frozenset(filled)
    parts = ["procdef do", case.handle, action.id]
    parts += [blank(case.definition, name) for name in action.records if name not in known]
    parts += ["--way ..."] * bool(action.ways) + ["--evidence ..."] * (action.evidence != "none")
    if action.decision:
        parts.append("--approve" if decision != "reject" else "--reject --note ...")
    return " ".join(parts)


def record(case: Case, names: Iterable[str]) -> str:
    """Fill in these fields."""
    return " ".join(["procdef record", case.handle, *(blank(case.definition, name) for name in names)])


def waive(case: Case, criterion: str) -> str:
    """Let a criterion (``stage.id``) pass."""
    return f"procdef waive {case.handle} {criterion} --reason ..."


def back(case: Case, stage: str) -> str:
    """Return to an earlier stage."""
    return f"procdef back {case.handle} {stage} --reason ..."


def advance(case: Case, way: Transition) -> str:
    """Go forward; with a reason where that way asks for one."""
    reason = " --reason ..." if way.reason_required or way.unfinished_allowed else ""
    return f"procdef advance {case.handle} {way.target}{reason}"


def lose(case: Case) -> str:
    """Give the deal up; the first ``...`` is one of the declared reasons."""
    lost = case.definition.lost
    return f"procdef lose {case.handle} ..." + (" --note ..." if lost and lost.note_required else "")


def reopen(case: Case) -> str:
    """Take a lost deal up again."""
    return f"procdef reopen {case.handle} --reason ..."


def blank(definition: ProcessDefinition, name: str) -> str:
    """A field to be filled in; a list is given as JSON."""
    return f"{name}:=..." if definition.fields[name].type.kind is Kind.LIST else f"{name}=..."


def waiting_for(context: Context, action: Action) -> tuple[str, ...]:
    """The paths of the actions that must be done before this one."""
    needed = [context.definition.actions[path] for path in action.needs]
    return tuple(each.path for each in needed if context.status(each) in ("open", "unknown"))


def barred(context: Context, action: Action) -> tuple[str, ...]:
    """Who may not do an action that takes four eyes: the owner, who changed what it is about, who has done it already."""
    if not action.four_eyes or context.deal is None:
        return ()
    changed = [context.changed_by[name] for name in action.voided_by if name in context.changed_by]
    again = context.standing.get(action.path, ()) if action.at_least > 1 else ()
    return tuple(dict.fromkeys((context.deal.owner, *changed, *again)))


def reopenable(case: Case) -> bool:
    """Whether a lost deal may still be taken up again."""
    lost, deal = case.definition.lost, case.deal
    if deal is None or deal.lost is None or lost is None or lost.reopen is None or deal.mode != "lost":
        return False
    within = lost.reopen.within
    return within is None or case.now <= due(case.definition.calendar, instant(deal.lost), within)


def only_way(case: Case, target: str | None) -> Transition | None:
    """The way forward that was named, or the only one there is."""
    ways = case.stage.next if case.stage else {}
    if target is None:
        return next(iter(ways.values())) if len(ways) == 1 else None
    return ways.get(target)


def again(case: Case, empty: Iterable[str] = ()) -> str | None:
    """The command that was refused, once more, with a blank for everything that it needs; ``empty`` are fields it lacked."""
    command, deal = case.command, case.deal
    match command:
        case Start():
            stage = f" --stage {command.stage}" if command.stage else ""
            stage += f" --from {command.origin}" if command.origin else ""
            names = dict.fromkeys((*command.values, *empty))
            blanks = "".join(f" {blank(case.definition, name)}" for name in names)
            return f"procdef start {case.definition.id} {shlex.quote(case.name)}{stage}{blanks}"
        case Do() if case.stage and deal and (action := case.stage.action(command.action.rpartition(".")[2])):
            return do(case, action, deal.values, command.decision or "approve")
        case Record(correct=True):
            return f"{record(case, command.values)} --correct --reason ..."
        case Advance() if (way := only_way(case, command.to)) is not None:
            return advance(case, way)
        case Back():
            return back(case, command.to)
        case Waive():
            return waive(case, command.criterion)
        case Lose():
            chosen = lose(case)
            return chosen.replace("...", command.reason, 1) if command.reason else chosen
        case Note():
            return f"procdef note {case.handle} ..."
    return reopen(case) if command is not None and VERBS[type(command)] == "reopen" else None
