"""A deal seen at one moment by one person, under its definition: what holds, what is done, what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from procdef.commands import Actor
from procdef.deal import Deal
from procdef.decide.approvers import Approvers, approvers, unknown
from procdef.decide.decision import Cause, Obstacle, Remedy, Stopped
from procdef.decide.done_actions import Done, Unsure
from procdef.decide.due_times import entry_due_times, lapse_time
from procdef.expression import Breakdown, Expression, Reasons, Scoring
from procdef.expression.stored_values import revive
from procdef.expression.types import FieldType, Kind, Value
from procdef.log.event import Data, instant
from procdef.model import Action, Criterion, ProcessDefinition, Stage

_MICROSECOND = timedelta(microseconds=1)
Look = TypeVar("Look")


class Context:
    """The working state of one decision, and what expressions see of the deal in it.

    Changes to it are what the step would do; the deal itself is never touched. ``moment`` is the time in the log's form,
    ``now`` the same as a ``datetime``, ``occurred`` when the step happened, ``reason`` what the person gave as one.
    """

    __slots__ = (
        "_approvers",
        "_today",
        "actions",
        "branches",
        "changed_by",
        "criteria",
        "deal",
        "definition",
        "given_under",
        "moment",
        "now",
        "obstacles",
        "occurred",
        "person",
        "raw",
        "read",
        "reason",
        "rows",
        "scored",
        "standing",
        "timed",
        "used",
        "values",
        "waivers",
    )

    supposed: Mapping[str, int] = {}
    """No score is taken for a number that it is not."""

    def __init__(self, definition: ProcessDefinition, deal: Deal | None, person: Actor, moment: str) -> None:
        self.definition, self.deal, self.person = definition, deal, person
        self.moment, self.now = moment, instant(moment)
        self.occurred = moment
        self.raw: Mapping[str, Any] = deal.values if deal else {}
        counting = deal.counting_at(moment) if deal else None
        self.standing: Mapping[str, tuple[str, ...]] = counting.standing if counting else {}
        self.given_under: Mapping[str, tuple[int, ...]] = counting.rows if counting else {}
        self.waivers = counting.waivers if counting else ()
        self.changed_by: Mapping[str, str] = deal.changed_by if deal else {}
        self.obstacles: list[Obstacle] = []
        self.criteria: dict[str, str] = {}
        self.actions: dict[str, str] = {}
        self.branches: dict[str, str] = {}
        self.read: set[str] = set()
        self.reason: str | None = None
        self.scored: set[str] = set()
        self.timed: set[str] = set()
        self.used: dict[str, int] = {}
        self.values: dict[str, Value] = {}
        self.rows: dict[str, int] = {}
        self._approvers: dict[str, Approvers] = {}
        self._today: date | None = None

    @property
    def today(self) -> date:
        """The date in the process's time zone."""
        if self._today is None:
            self._today = self.now.astimezone(self.definition.calendar.zone).date()
        return self._today

    @property
    def done(self) -> Container[str]:
        """The actions that are done."""
        return Done(self)

    @property
    def unsure(self) -> Reasons:
        """The actions of which it is not known whether they are done, as it is not known which row of their table holds."""
        return Unsure(self)

    @property
    def age(self) -> timedelta:
        """How long ago the deal started; nothing at a start."""
        return self.now - instant(self.deal.started) if self.deal else timedelta(0)

    @property
    def stage_age(self) -> timedelta:
        """How long the deal has been in its present stage; nothing at a start."""
        return self.now - instant(self.deal.entered) if self.deal else timedelta(0)

    @property
    def idle(self) -> timedelta:
        """How long ago somebody last took a step that was applied; nothing at a start."""
        return self.now - instant(self.deal.active) if self.deal else timedelta(0)

    @property
    def contact_age(self) -> timedelta:
        """How long ago a contact was last noted, or else the deal started; nothing at a start."""
        return self.now - instant(self.deal.contacted or self.deal.started) if self.deal else timedelta(0)

    @property
    def stage(self) -> Stage:
        """The present stage."""
        assert self.deal is not None
        return self.definition.stages[self.deal.stage]

    def stop(self, code: str, *about: str, roles: Iterable[str] = (), why: str | None = None) -> None:
        """Refuse for a reason that stands alone. Raises ``Stopped``."""
        raise Stopped(Obstacle(code, about, tuple(roles), why))

    def block(
        self,
        code: str,
        *about: str,
        roles: Iterable[str] = (),
        why: str | None = None,
        cause: Cause | None = None,
        remedy: Remedy | None = None,
        fields: Iterable[str] = (),
    ) -> None:
        """Note that something is unmet, and look on."""
        self.obstacles.append(Obstacle(code, about, tuple(roles), why, cause, remedy, tuple(fields)))

    def allowed(self, roles: Iterable[str]) -> tuple[str, ...]:
        """The roles that may: those named, or any of the process where none is."""
        return tuple(roles) or tuple(self.definition.roles)

    def may(self, roles: Collection[str]) -> bool:
        """Whether the person has one of the roles that may."""
        return not self.person.roles.isdisjoint(roles or self.definition.roles)

    def require(self, roles: Collection[str], *about: str) -> None:
        """Stop with ``not-yours`` unless the person may."""
        if not self.may(roles):
            self.stop("not-yours", *about, roles=self.allowed(roles))

    def change(self, values: Mapping[str, Any], standing: Mapping[str, tuple[str, ...]], by: Mapping[str, str]) -> None:
        """Look on as if this were so already."""
        self.raw, self.standing, self.changed_by = values, standing, by
        self.values, self.rows, self._approvers = {}, {}, {}

    def truth(self, expression: Expression) -> bool | None:
        """What an expression comes to now; ``None`` is unknown."""
        self._look(expression)
        return expression.evaluate(self)

    def why(self, expression: Expression, *, in_full: bool = False) -> str:
        """Why an expression is not true, with the values it saw; ``in_full``: with its own text in any case."""
        self._look(expression)
        return expression.explain(self, in_full=in_full)

    def _look(self, expression: Expression) -> None:
        """Have what an expression reads at hand, and note that it was read."""
        self._open(expression.fields)
        if expression.clock:
            self.timed |= expression.clock
        if expression.scores:
            self.scored.update(rule.id for rule in expression.scores)

    def score(self, rule: Scoring) -> Breakdown:
        """What a score is made of now."""
        self._open(rule.fields)
        return rule.judged(self)

    def _open(self, names: frozenset[str]) -> None:
        """Have these fields in ``values``, where they are set, and note that they were read."""
        values, raw = self.values, self.raw
        for name in names:
            if name not in values and name in raw:
                values[name] = revive(self.definition.fields[name].type, raw[name])
        self.read |= names

    def approvers(self, action: Action) -> Approvers:
        """Who does an action, and how many times: what it names, or the row of its table that holds. The row goes into the
        facts."""
        found = self._approvers.get(action.path)
        if found is None:
            if action.table:  # one that asks whether its own action is done, which the checker refuses, finds it unknown
                self._approvers[action.path] = unknown(action)
            found = self._approvers[action.path] = approvers(self, action)
        if found.row:
            self.rows[action.path] = found.row
        return found

    def aside(self, look: Callable[[], Look]) -> Look:
        """What comes of looking at something that the decision does not tell of: the facts say nothing of what was read."""
        read, rows, known = set(self.read), dict(self.rows), dict(self._approvers)
        standing, given_under = self.standing, self.given_under
        try:
            return look()
        finally:
            self.read, self.rows, self._approvers = read, rows, known
            self.standing, self.given_under = standing, given_under

    def spare(self, stages: Collection[str], voided: Collection[str]) -> None:
        """Look on as if nothing had lapsed in these stages, and what is voided did not stand."""
        assert self.deal is not None
        if self.deal.until:
            held = self.deal.counting_at(self.moment, spared=lambda action: action.partition(".")[0] in stages)
            self.standing = {path: people for path, people in held.standing.items() if path not in voided}
            self.given_under, self._approvers = held.rows, {}

    def approver_known(self, action: Action) -> None:
        """Note that it must be known which row of the action's table holds."""
        row, roles, _, why, fields = self.approvers(action)
        if row is None:
            self.block("approver-unknown", action.path, roles=roles, why=why, fields=fields)

    def approvals(self, action: Action) -> tuple[str, ...]:
        """The people whose completions count, as far as who gave them tells: of an action with a table, those that were given
        under the row that holds now."""
        people = self.standing.get(action.path, ())
        if not action.table or not people:
            return people
        row, given = self.approvers(action).row, self.given_under.get(action.path, ())
        return tuple(person for person, under in zip(people, given, strict=False) if under == row)

    def is_done(self, action: Action) -> bool:
        """Whether enough completions stand; they count only while what the action records is filled in."""
        return self.is_completed(action) and not self.emptied(action)

    def is_completed(self, action: Action) -> bool:
        """Whether enough completions stand, whether they count or not for what the action records."""
        if not action.table:
            return len(self.standing.get(action.path, ())) >= action.at_least
        people = self.approvals(action)
        return bool(people) and len(people) >= self.approvers(action).at_least

    def emptied(self, action: Action) -> tuple[str, ...]:
        """The fields that an action records and that hold no value. One whose value was erased is none of them."""
        erased = self.deal.erased if self.deal else ()
        return tuple(name for name in action.records if name not in self.raw and name not in erased)

    def status(self, action: Action) -> str:
        """``done``, ``not_applicable`` or ``open``; ``unknown`` while its ``when``, or which row of its table holds, reads
        something unset, done or not."""
        applies = True if action.when is None else self.truth(action.when)
        if applies is None or (applies and action.table and self.approvers(action).row is None):
            return "unknown"
        return "done" if self.is_done(action) else "open" if applies else "not_applicable"

    def judge(self, criterion: Criterion) -> str:
        """``met``, ``unmet`` or ``unknown``, waivers aside."""
        check = criterion.check
        if check is None:
            self.read.update(criterion.require)
            return "met" if all(map(self.raw.__contains__, criterion.require)) else "unmet"
        self._look(check)
        truth = check.evaluate(self)
        return "met" if truth else "unknown" if truth is None else "unmet"

    def hold(self, criterion: Criterion) -> None:
        """Take a criterion as part of this decision: met, waived, or in the way."""
        outcome, path = self.judge(criterion), criterion.path
        if outcome != "met":
            waiver = next((w for w in self.waivers if w.criterion == path), None)
            if waiver is not None:
                outcome = "waived"
                self.used[path] = waiver.n
            else:
                roles, check = criterion.waivable_by if self.deal else (), criterion.check
                why = None if check is None else self.why(check, in_full=outcome == "unknown")
                empty = [name for name in criterion.require if name not in self.raw]
                self.block(f"criterion-{outcome}", path, roles=roles, why=why, fields=empty)
        self.criteria[path] = outcome

    def due(self, stage: Stage) -> Data:
        """By when the stage is to be left and its actions are to be done, when it is entered now: for the log."""
        return entry_due_times(self.definition, stage.id, self.now, self.raw)

    def lapse(self, action: Action) -> str | None:
        """Until when a completion counts that is given now; ``None`` is for ever."""
        return lapse_time(self.definition, action, instant(self.occurred))

    def facts(self) -> Data:
        """What this decision looked at, for the log: no personal value stands here."""
        found: Data = {
            "now": self.moment,
            "today": self.today.isoformat(),
            "stage_age": self.stage_age // _MICROSECOND,
        }
        if "deal.idle" in self.timed:
            found["idle"] = self.idle // _MICROSECOND
        if "deal.contact_age" in self.timed:
            found["contact_age"] = self.contact_age // _MICROSECOND
        if self.criteria:
            found["criteria"] = self.criteria
        if self.actions:
            found["actions"] = self.actions
        if self.branches:
            found["branches"] = self.branches
        if self.rows:
            found["rows"] = self.rows
        fields, raw = self.definition.fields, self.raw
        values = {}
        for name in self.read:
            if name in raw and not (kind := fields[name].type).private:
                values[name] = public(kind, raw[name]) if kind.columns else raw[name]
        for name in self.scored:
            rule = self.definition.scores[name].rule
            total = None if rule.private else self.score(rule).total
            if total is not None:
                values[name] = total
        if values:
            found["values"] = values
        return found


def public(kind: FieldType, stored: Any) -> Any:
    """A stored value without the personal columns of its rows."""
    if kind.kind is not Kind.LIST:
        return stored
    return [{name: cell for name, cell in row.items() if not kind.columns[name].private} for row in stored]
