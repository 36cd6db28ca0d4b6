"""A process as a whole: one version of it, with its roles, its fields, its stages and its settings."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from procdef.calendar import Calendar, Duration
from procdef.expression import Scoring
from procdef.expression.types import FieldType, Kind
from procdef.graph import reachable
from procdef.model.stage import Action, Criterion, Sla, Stage
from procdef.model.text import Text


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
    def won_side(self) -> frozenset[str]:
        """The stages in which a deal is won: those that win, and all that they lead to."""
        wins = [stage.id for stage in self.stages.values() if stage.wins]
        return frozenset(wins) | reachable({stage.id: tuple(stage.next) for stage in self.stages.values()}, *wins)

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
