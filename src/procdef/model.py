"""A process definition: what a file means once it is read and free of errors. Frozen; holds no state of any deal."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from procdef.calendar import Calendar, Duration
from procdef.expression import Expression, Scoring
from procdef.expression.types import FieldType, Kind

Side = Literal["entry", "exit"]


def meant_language(asked: str | None, codes: Iterable[str]) -> str | None:
    """Which of these codes stands for the language asked for, in whatever case it is: ``fi`` for ``fi-FI`` where there is no
    other. ``None`` where none does."""
    known = {code.lower(): code for code in codes}
    asked = (asked or "").lower()
    return known.get(asked) or known.get(asked.partition("-")[0])


@dataclass(frozen=True, slots=True)
class Text:
    """What a person reads, in one or more languages; ``texts[default]`` is always there."""

    texts: Mapping[str, str]
    default: str

    def in_language(self, language: str | None) -> str:
        """The text in that language (see ``meant_language``), or in the default one where it is not translated."""
        return self.texts[self.language_for(language)]

    def language_for(self, language: str | None) -> str:
        """The code, as it is written here, of the language in which the text is told to whoever asks for ``language``."""
        if language is None or self.texts.get(language):
            return language or self.default
        return meant_language(language, (code for code, text in self.texts.items() if text)) or self.default

    def __str__(self) -> str:
        return self.texts[self.default]


@dataclass(frozen=True, slots=True)
class Role:
    id: str
    title: Text
    description: Text | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A fact about a deal. ``titles`` are those of a choice's options, ``columns`` the titled columns of a list."""

    id: str
    type: FieldType
    title: Text | None = None
    help: Text | None = None
    titles: Mapping[str, Text] = field(default_factory=dict)
    columns: Mapping[str, Field] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Criterion:
    """What must hold to enter or to leave a stage: either ``check`` or ``require``, never both.

    ``path`` is ``stage.id``; ``reads`` are the fields and actions (``stage.action``) that the outcome depends on, sorted.
    """

    id: str
    stage: str
    side: Side
    check: Expression | None = None
    require: tuple[str, ...] = ()
    message: Text | None = None
    fix: Text | None = None
    waivable_by: tuple[str, ...] = ()
    line: int = 0
    path: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", f"{self.stage}.{self.id}")

    @property
    def reads(self) -> tuple[str, ...]:
        if self.check is None:
            return tuple(sorted(self.require))
        return tuple(sorted(self.check.fields | self.check.actions))


@dataclass(frozen=True, slots=True)
class Sla:
    """A deadline: either ``within``, counted from when the stage was entered, or ``until`` the time in a field, never both.

    ``remind``: how long before the due time, each time. ``escalate_after``: how long after it ``escalate_to`` are told.
    """

    within: Duration | None = None
    until: str | None = None
    remind: tuple[Duration, ...] = ()
    escalate_to: tuple[str, ...] = ()
    escalate_after: Duration | None = None


@dataclass(frozen=True, slots=True)
class ApproverRow:
    """A row of an approval table: who decides, and how many times, where ``when`` holds. The last row mostly has none: it holds
    where no row before it does. Where it has one, a row holds wherever the ``when`` of the action does."""

    when: Expression | None
    roles: tuple[str, ...]
    at_least: int = 1
    line: int = 0


@dataclass(frozen=True, slots=True)
class Action:
    """Something to be done in a stage. ``path`` is ``stage.id``. ``by`` is as written; where it is empty the stage's
    owner roles do it. Of a decision with a ``table`` its rows say who, and how many times: ``by`` and ``at_least`` say nothing.

    ``needs`` are full paths (``stage.action``). ``evidence`` is ``none``, ``note``, ``link`` or ``document``. ``valid_for``:
    how long a completion counts; ``None`` is for ever.
    """

    id: str
    stage: str
    title: Text
    required: bool
    by: tuple[str, ...] = ()
    when: Expression | None = None
    ways: Mapping[str, Text] = field(default_factory=dict)
    records: tuple[str, ...] = ()
    evidence: Literal["none", "note", "link", "document"] = "none"
    milestone: Literal["offer"] | None = None
    decision: bool = False
    four_eyes: bool = False
    voided_by: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    at_least: int = 1
    valid_for: Duration | None = None
    sla: Sla | None = None
    table: tuple[ApproverRow, ...] = ()
    guide: Text | None = None
    line: int = 0
    path: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", f"{self.stage}.{self.id}")

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that it names, of a table those of every row; none where the stage's owner roles do it."""
        return self.by or tuple(dict.fromkeys(role for row in self.table for role in row.roles))


@dataclass(frozen=True, slots=True)
class Transition:
    """A way forward from a stage. ``by`` is as written; where it is empty the stage's owner roles take it."""

    target: str
    title: Text | None = None
    when: Expression | None = None
    by: tuple[str, ...] = ()
    reason_required: bool = False
    unfinished_allowed: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Return:
    """A way back from a stage to an earlier one."""

    target: str
    title: Text | None = None
    by: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Objection:
    concern: Text
    answer: Text | None = None


@dataclass(frozen=True, slots=True)
class Material:
    title: Text
    url: str


@dataclass(frozen=True, slots=True)
class Playbook:
    """Guidance for the seller in a stage; ``guide`` is Markdown."""

    goal: Text | None = None
    guide: Text | None = None
    questions: tuple[Text, ...] = ()
    objections: Mapping[str, Objection] = field(default_factory=dict)
    materials: Mapping[str, Material] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    id: str
    title: Text
    owner: tuple[str, ...] = ()
    start: bool = False
    probability: Decimal | None = None
    forecast: Literal["pipeline", "best_case", "commit", "omitted"] = "pipeline"
    sla: Sla | None = None
    entry_criteria: Mapping[str, Criterion] = field(default_factory=dict)
    exit_criteria: Mapping[str, Criterion] = field(default_factory=dict)
    required_actions: Mapping[str, Action] = field(default_factory=dict)
    optional_actions: Mapping[str, Action] = field(default_factory=dict)
    next: Mapping[str, Transition] = field(default_factory=dict)
    back: Mapping[str, Return] = field(default_factory=dict)
    wins: bool = False
    playbook: Playbook | None = None
    line: int = 0

    @property
    def actions(self) -> tuple[Action, ...]:
        """All of them: those that are required first, then the others."""
        return (*self.required_actions.values(), *self.optional_actions.values())

    def action(self, action_id: str) -> Action | None:
        """The required or optional action of that id."""
        return self.required_actions.get(action_id) or self.optional_actions.get(action_id)

    def criterion(self, criterion_id: str) -> Criterion | None:
        """The entry or exit criterion of that id; ids are unique over both sides."""
        return self.entry_criteria.get(criterion_id) or self.exit_criteria.get(criterion_id)


@dataclass(frozen=True, slots=True)
class DealSettings:
    """Which fields the forecast reads, who hands out deals and who corrects them, and which field names a deal for people."""

    value: str | None = None
    close: str | None = None
    assign_by: tuple[str, ...] = ()
    correct_by: tuple[str, ...] = ()
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Reopening:
    """``within``: how long after the loss; ``None`` is without an end."""

    by: tuple[str, ...]
    within: Duration | None


@dataclass(frozen=True, slots=True)
class Lost:
    """``records``: by reason the fields that must be filled in to lose a deal for it, where there are any."""

    reasons: Mapping[str, Text]
    note_required: bool = False
    reopen: Reopening | None = None
    records: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def empty(self, reason: str, filled: Container[str]) -> tuple[str, ...]:
        """The fields that are still to be filled in to lose a deal for that reason."""
        return tuple(name for name in self.records.get(reason, ()) if name not in filled)


@dataclass(frozen=True, slots=True)
class Goal:
    """``id``: ``hit_rate`` ``win_rate`` (``amount`` in percent), ``won_value`` (money), ``won_deals`` ``new_deals`` (count)."""

    id: str
    amount: Decimal
    per: Literal["week", "month", "quarter", "year"] | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """``over``: the deals of a period that it is taken over, those for which that happened then."""

    id: str
    field: str
    aggregate: Literal["mean", "median", "sum", "min", "max", "count"]
    title: Text | None = None
    over: Literal["started", "offered", "won", "lost", "closed"] = "won"


@dataclass(frozen=True, slots=True)
class Score:
    """A number that follows from a deal's fields. ``titles`` are those of its points, by their ids."""

    id: str
    title: Text
    rule: Scoring
    titles: Mapping[str, Text] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True)
class ProcessDefinition:
    """One version of one process. ``sha256`` (hex) is over ``source``, the bytes of the file; ``lang`` is the number after
    ``procdef:``. Mappings keep the order of the file. ``placeholders`` are the texts that no text field takes."""

    id: str
    version: int
    lang: int
    title: Text
    languages: tuple[str, ...]
    roles: Mapping[str, Role]
    fields: Mapping[str, Field]
    stages: Mapping[str, Stage]
    source: bytes
    sha256: str
    calendar: Calendar
    description: Text | None = None
    currency: str | None = None
    deal: DealSettings = DealSettings()
    lost: Lost | None = None
    goals: Mapping[str, Goal] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    placeholders: tuple[str, ...] = ()
    scores: Mapping[str, Score] = field(default_factory=dict)

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        """Every action by its full path (``closing.send_offer``)."""
        return {
            action.path: action
            for stage in self.stages.values()
            for action in stage.actions
        }

    @cached_property
    def timed(self) -> frozenset[str]:
        """The stages in which something may fall due, or an approval lapse."""
        actions = [action for action in self.actions.values() if action.sla or action.valid_for]
        return frozenset((*(stage.id for stage in self.stages.values() if stage.sla), *(action.stage for action in actions)))

    @cached_property
    def deadlines(self) -> Mapping[str, Mapping[str, Sla]]:
        """By stage what is due in it: under its id when it is to be left, under ``stage.action`` when that is to be done."""
        found = {}
        for stage in self.stages.values():
            actions = stage.actions
            slas = {stage.id: stage.sla, **{action.path: action.sla for action in actions}}
            found[stage.id] = {of: sla for of, sla in slas.items() if sla is not None}
        return found

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """Every criterion by its full path; ids are unique over both sides of a stage."""
        return {
            criterion.path: criterion
            for stage in self.stages.values()
            for criterion in (*stage.exit_criteria.values(), *stage.entry_criteria.values())
        }

    def turns_on(self, criterion: Criterion) -> tuple[str, ...]:
        """What the outcome of a criterion depends on, sorted: what it reads, and of each decision with a table of which it asks
        whether that is done what tells which row holds."""
        found, waiting = {*criterion.reads}, [*(criterion.check.actions if criterion.check is not None else ())]
        while waiting:
            for row in self.actions[waiting.pop()].table:
                more = (row.when.fields | row.when.actions) - found if row.when is not None else frozenset()
                found |= more
                waiting += [name for name in more if name in self.actions]
        return tuple(sorted(found))

    @cached_property
    def ids(self) -> frozenset[str]:
        """Every id that a step may name or be refused for, of actions and criteria with their stage or without; no person's."""
        actions, criteria = self.actions.values(), self.criteria.values()
        playbooks = [stage.playbook for stage in self.stages.values() if stage.playbook is not None]
        return frozenset((
            self.id, *self.fields, *self.stages, *self.roles, *(self.lost.reasons if self.lost else ()),
            *(each for action in actions for each in (action.path, action.id, *action.ways)),
            *(each for criterion in criteria for each in (criterion.path, criterion.id)),
            *(objection for playbook in playbooks for objection in playbook.objections),
        ))  # fmt: skip

    @cached_property
    def personal(self) -> frozenset[str]:
        """The fields, lists aside, whose values are personal."""
        kinds = {name: field.type for name, field in self.fields.items()}
        return frozenset(name for name, kind in kinds.items() if kind.private and kind.kind is not Kind.LIST)

    def title_of(self, values: Mapping[str, object]) -> str | None:
        """What people call a deal with these values beside its id, in a process that says which field tells."""
        title = values.get(self.deal.title) if self.deal.title else None
        return title if isinstance(title, str) else None

    @cached_property
    def reference(self) -> Mapping[str, str | int]:
        """As the events of deals name this version."""
        return {"id": self.id, "version": self.version, "lang": self.lang, "sha256": self.sha256}

    @property
    def starts(self) -> tuple[str, ...]:
        """The ids of the stages in which a deal may start."""
        return tuple(stage.id for stage in self.stages.values() if stage.start)

    @property
    def name(self) -> str:
        """How people name this version: ``b2b-sales v3``."""
        return f"{self.id} v{self.version}"
