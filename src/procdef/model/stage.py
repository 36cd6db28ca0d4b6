"""A stage of a process, with all that stands in it: its criteria, its actions, its ways on and back, and its playbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from procdef.calendar import Duration
from procdef.expression import Expression
from procdef.model.text import Text

Side = Literal["entry", "exit"]


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
