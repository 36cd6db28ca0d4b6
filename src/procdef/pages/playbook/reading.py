"""What the handbook says of a process, in the order in which it says it, whatever it looks like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procdef.expression import Expression
from procdef.model import (
    Action,
    ApproverRow,
    Criterion,
    Field,
    Lost,
    ProcessDefinition,
    Return,
    Score,
    Stage,
    Text,
    Transition,
)
from procdef.pages.charts.numbers import Numbers
from procdef.pages.conditions import Conditions
from procdef.pages.definition_words import WORDS as DEFINITION_WORDS
from procdef.pages.field_types import duration, field_type
from procdef.pages.passages import Passage, Words, passage
from procdef.pages.playbook import deadlines
from procdef.pages.playbook.words import WORDS
from procdef.pages.words import WORDS as PAGE_WORDS

if TYPE_CHECKING:
    from markupsafe import Markup

Said = Passage | str | object
"""Text, or markup that was made of texts."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A criterion: what must hold, what a seller reads where it does not, and who may waive it."""

    holds: Said
    unmet: Passage | None
    fix: Passage | None
    waived_by: Said | None


@dataclass(frozen=True, slots=True)
class Task:
    """An action. ``notes`` are the conditions under which it is done, one a line."""

    id: str
    title: Passage
    required: bool
    notes: tuple[Said, ...]
    ways: tuple[Passage, ...]
    evidence: Passage | None
    fields: tuple[Said, ...]
    guide: Passage | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of the glossary. ``recorded_in`` are the stages in which an action records it."""

    id: str
    title: Passage
    meaning: Passage | None
    holds: Said
    recorded_in: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An objection and what to say to it."""

    concern: Passage
    answer: Passage | None
    stage: Said


@dataclass(frozen=True, slots=True)
class Fact:
    """Something of a stage that can be said in a word or two, and what more there is to it."""

    label: Passage
    value: Said
    more: Said | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stage. ``marks`` say where deals start, are won and end; ``onward`` are
    the ways that lead ``on`` and ``back``, and how a deal is ``lost``."""

    id: str
    number: int
    title: Passage
    goal: Passage | None
    marks: tuple[tuple[str, Passage], ...]
    facts: tuple[Fact, ...]
    entry: tuple[Gate, ...]
    exit: tuple[Gate, ...]
    tasks: tuple[Task, ...]
    fields: tuple[Entry, ...]
    guide: Passage | None
    questions: tuple[Passage, ...]
    objections: tuple[Answer, ...]
    materials: tuple[tuple[Passage, str], ...]
    onward: tuple[tuple[str, Said], ...]


@dataclass(frozen=True, slots=True)
class Losing:
    """How deals are lost and taken up again. ``reasons`` with the fields that they take."""

    reasons: tuple[tuple[Passage, tuple[Said, ...]], ...]
    notes: tuple[Said, ...]


class Reading:
    """Reads a definition in one language. With ``only`` that stage alone has a chapter, so that nothing leads to another."""

    def __init__(self, definition: ProcessDefinition, language: str, only: str | None = None) -> None:
        self.definition, self.only = definition, only
        self.words = Words(language, PAGE_WORDS, DEFINITION_WORDS, WORDS)
        self.numbers = Numbers(language)
        self.conditions = Conditions(definition, self.words, self.linked)
        self.fields = dict(definition.fields) if only is None else _named_in(definition, only)

    def said(self, text: Text) -> Passage:
        """A text of the process."""
        return passage(text, self.words.language)

    def maybe(self, text: Text | None) -> Passage | None:
        """A text that the process may have."""
        return None if text is None else self.said(text)

    def linked(self, kind: str, name: str, title: Passage) -> Markup:
        """A name that leads to where the page explains it, where it does."""
        from markupsafe import Markup

        there = name in self.fields if kind == "field" else kind == "score" or self.only in (None, name.partition(".")[0])
        if not there:
            return Markup("{}").format(title)
        return Markup('<a class="term" href="#{}-{}">{}</a>').format(kind, name.replace(".", "--"), title)

    def stage(self, stage_id: str) -> Markup:
        """A stage by its title, which leads to its chapter."""
        return self.linked("stage", stage_id, self.said(self.definition.stages[stage_id].title))

    def roles(self, roles: Iterable[str]) -> Markup:
        """Roles by their titles: ``a, b or c``. No role is everyone."""
        from markupsafe import Markup

        names = [self.said(self.definition.roles[role].title) for role in roles]
        return self.words.listed(names) if names else Markup("{}").format(self.words["everyone"])

    def chapters(self) -> list[Chapter]:
        """A chapter a stage, in the order of the file."""
        stages = enumerate(self.definition.stages.values(), 1)
        return [self._chapter(number, stage) for number, stage in stages if self.only in (None, stage.id)]

    def _chapter(self, number: int, stage: Stage) -> Chapter:
        book = stage.playbook
        tasks = stage.actions
        recorded = dict.fromkeys(name for action in tasks for name in action.records)
        return Chapter(
            stage.id,
            number,
            self.said(stage.title),
            self.maybe(book.goal) if book else None,
            tuple(self._marks(stage)),
            tuple(self._facts(stage)),
            tuple(map(self._gate, stage.entry_criteria.values())),
            tuple(map(self._gate, stage.exit_criteria.values())),
            tuple(self._task(stage, action) for action in tasks),
            tuple(self.entry(self.definition.fields[name]) for name in recorded),
            self.maybe(book.guide) if book else None,
            tuple(map(self.said, book.questions)) if book else (),
            tuple(self.answers(stage)),
            tuple((self.said(each.title), each.url) for each in book.materials.values()) if book else (),
            tuple(self._onward(stage)),
        )

    def _marks(self, stage: Stage) -> list[tuple[str, Passage]]:
        shown = {"start": stage.start, "won": stage.wins, "ends": not stage.next}
        return [(mark, self.words[f"{mark}_here"]) for mark, is_shown in shown.items() if is_shown]

    def _facts(self, stage: Stage) -> Iterable[Fact]:
        yield Fact(self.words["owner"], self.roles(stage.owner))
        if stage.sla:
            yield Fact(self.words["by_when"], deadlines.time_until(self, stage.sla), deadlines.around(self, stage.sla))
        if stage.probability is not None:
            percent = f"{self.numbers.plain(stage.probability, 3)} %"
            yield Fact(self.words["likely"], percent, self.words["likely_means"])
        if stage.forecast != "pipeline":
            yield Fact(self.words["forecast"], self.words[stage.forecast])

    def _gate(self, criterion: Criterion) -> Gate:
        holds = self.conditions.say(criterion.check) if criterion.check else self.conditions.filled(criterion.require)
        waived = self.words.say("may_waive", roles=self.roles(criterion.waivable_by)) if criterion.waivable_by else None
        return Gate(holds, self.maybe(criterion.message), self.maybe(criterion.fix), waived)

    def _task(self, stage: Stage, action: Action) -> Task:
        return Task(
            action.path.replace(".", "--"),
            self.said(action.title),
            action.required,
            tuple(self._notes(stage, action)),
            tuple(map(self.said, action.ways.values())),
            self.words[f"evidence_{action.evidence}"] if action.evidence != "none" else None,
            tuple(map(self.conditions.field, action.records)),
            self.maybe(action.guide),
        )

    def _notes(self, stage: Stage, action: Action) -> Iterable[Said]:
        say = self.words.say
        if action.when:
            yield say("only_when", condition=self.conditions.say(action.when))
        if action.by and action.by != stage.owner:
            yield say("by", roles=self.roles(action.by))
        if action.decision:
            yield self.words["decision"]
        yield from map(self._row, action.table)
        if action.four_eyes:
            yield self.words["four_eyes"]
        if action.at_least > 1:
            yield say("at_least", count=action.at_least)
        if action.needs:
            needed = [self.linked("action", path, self.said(self.definition.actions[path].title)) for path in action.needs]
            yield say("after", actions=self.words.listed(needed, "and"))
        if action.valid_for:
            yield say("valid_for", time=duration(action.valid_for, self.words))
        if action.voided_by:
            yield say("again_when", fields=self.words.listed(map(self.conditions.field, action.voided_by)))
        if action.milestone:
            yield self.words[f"milestone_{action.milestone}"]
        if action.sla:
            yield deadlines.in_one_line(self, action.sla)

    def _row(self, row: ApproverRow) -> Said:
        """A row of an approval table."""
        roles, times = self.roles(row.roles), row.at_least
        if row.when is None:
            return self.words.say("row_else_times" if times > 1 else "row_else", roles=roles, count=times)
        where = self.conditions.say(row.when)
        return self.words.say("row_times" if times > 1 else "row", condition=where, roles=roles, count=times)

    def entry(self, field: Field) -> Entry:
        """A field as the glossary has it."""
        stages = dict.fromkeys(action.stage for action in self.definition.actions.values() if field.id in action.records)
        title = self.conditions.title(field.id, field)
        return Entry(
            field.id,
            title,
            self.maybe(field.help),
            field_type(field, self.definition, self.words),
            tuple(self.stage(stage) for stage in stages),
        )

    def answers(self, stage: Stage) -> Iterable[Answer]:
        """The objections that are met in a stage."""
        for each in stage.playbook.objections.values() if stage.playbook else ():
            yield Answer(self.said(each.concern), self.maybe(each.answer), self.stage(stage.id))

    def _way(self, stage: Stage, way: Transition) -> Markup:
        notes: list[Said] = [self.said(way.title)] if way.title else []
        notes += [self.words.say("when", condition=self.conditions.say(way.when))] if way.when else []
        notes += [self.words.say("by_role", roles=self.roles(way.by))] if way.by and way.by != stage.owner else []
        notes += [self.words["unfinished"]] if way.unfinished_allowed else []
        notes += [self.words["with_reason"]] if way.reason_required or way.unfinished_allowed else []
        return self._noted(self.words.say("on_to", stage=self.stage(way.target)), notes)

    def _return(self, stage: Stage, back: Return) -> Markup:
        notes: list[Said] = [self.said(back.title)] if back.title else []
        notes += [self.words.say("by_role", roles=self.roles(back.by))] if back.by and back.by != stage.owner else []
        return self._noted(self.words.say("back_to", stage=self.stage(back.target)), notes)

    def _onward(self, stage: Stage) -> Iterable[tuple[str, Said]]:
        from markupsafe import Markup

        yield from (("on", self._way(stage, way)) for way in stage.next.values())
        yield from (("back", self._return(stage, back)) for back in stage.back.values())
        if self.definition.lost:
            chapter = Markup('<a class="term" href="#losing">{}</a>').format(self.words["losing"])
            yield "lost", self.words.say("may_be_lost", chapter=chapter)

    @staticmethod
    def _noted(way: Markup, notes: list[Said]) -> Markup:
        from markupsafe import Markup

        return way + Markup("".join(", {}" for _ in notes)).format(*notes)

    def losing(self) -> Losing | None:
        """How a deal is lost and taken up again, where the process says so."""
        lost = self.definition.lost
        if lost is None:
            return None
        reasons = tuple(
            (self.said(title), tuple(map(self.conditions.field, lost.records.get(reason, ()))))
            for reason, title in lost.reasons.items()
        )
        return Losing(reasons, tuple(self._about_losing(lost)))

    def _about_losing(self, lost: Lost) -> Iterable[Said]:
        if lost.note_required:
            yield self.words["note_required"]
        if lost.reopen and lost.reopen.within:
            time = duration(lost.reopen.within, self.words)
            yield self.words.say("reopen_within", roles=self.roles(lost.reopen.by), time=time)
        elif lost.reopen:
            yield self.words.say("reopen_always", roles=self.roles(lost.reopen.by))

    def scores(self) -> list[tuple[Score, list[tuple[Said, int]]]]:
        """The scores that are read where the page tells of it, with what gives how many points."""
        read = {score.id for when in _conditions(self.definition, self.only) for score in when.scores}
        shown = [score for score in self.definition.scores.values() if self.only is None or score.id in read]
        return [(score, list(self._points(score))) for score in shown]

    def _points(self, score: Score) -> Iterable[tuple[Said, int]]:
        for each in score.rule.points:
            title = score.titles.get(each.id)
            yield self.said(title) if title else self.conditions.say(each.when), each.points


def _conditions(definition: ProcessDefinition, stage_id: str | None) -> list[Expression]:
    """The conditions of a stage, or of all."""
    stages = [stage for stage in definition.stages.values() if stage_id in (None, stage.id)]
    criteria = [each.check for stage in stages for each in (*stage.entry_criteria.values(), *stage.exit_criteria.values())]
    tasks = [each for each in definition.actions.values() if stage_id in (None, each.stage)]
    actions = [task.when for task in tasks]
    rows = [row.when for task in tasks for row in task.table]
    ways = [way.when for stage in stages for way in stage.next.values()]
    return [each for each in (*criteria, *actions, *rows, *ways) if each is not None]


def _named_in(definition: ProcessDefinition, stage_id: str) -> dict[str, Field]:
    """The fields that a stage reads and records, and those that are filled in where a deal is lost."""
    stage = definition.stages[stage_id]
    actions = [*stage.actions]
    named = {
        *(name for each in _conditions(definition, stage_id) for name in each.fields),
        *(name for each in (*stage.entry_criteria.values(), *stage.exit_criteria.values()) for name in each.require),
        *(name for each in actions for name in (*each.records, *each.voided_by)),
        *(sla.until for sla in (stage.sla, *(each.sla for each in actions)) if sla and sla.until),
        *(name for names in (definition.lost.records.values() if definition.lost else ()) for name in names),
    }
    return {name: field for name, field in definition.fields.items() if name in named}
