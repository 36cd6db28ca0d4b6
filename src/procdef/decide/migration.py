"""A deal taken over to another version of its process: what comes with it and under which names, or what stands against it.

Nothing is written here. What has the same id and is of the same kind maps to itself; a plan says the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from procdef.changes.comparison import Comparison
from procdef.deal import Deal, Waiver
from procdef.decide.due_times import entry_due_times
from procdef.decide.input_values import private_values
from procdef.decide.what_clashes import Clash, Clashes, shows_more
from procdef.errors import CalendarUnknown
from procdef.events.types import deal_migrated
from procdef.events.types.deal_migrated import names_after, renamed
from procdef.expression.stored_values import is_canonical
from procdef.graph import reachable
from procdef.log.event import Data, Entry, instant
from procdef.model import ProcessDefinition


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a plan says, once its ids were found: new ids by the old ones (``None``: dropped), the values to ``set`` in their
    canonical form, the actions of the new version to ``void``, and the plan's hash."""

    sha256: str
    stages: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str | None] = field(default_factory=dict)
    actions: Mapping[str, str | None] = field(default_factory=dict)
    set: Mapping[str, Any] = field(default_factory=dict)
    void: frozenset[str] = frozenset()


class Move(NamedTuple):
    """The event that takes a deal over."""

    entry: Entry
    renamed_stages: Mapping[str, str]


class Stay(NamedTuple):
    """The deal stays where it is: ``answers`` is what the plan does not say, ``against`` what stands against what it says."""

    answers: tuple[Clash, ...]
    against: tuple[Clash, ...]


class Migration:
    """The way from ``old`` to ``new`` by a plan, ready for any number of open deals of ``old``."""

    def __init__(self, old: ProcessDefinition, new: ProcessDefinition, plan: Mapped, found: Comparison) -> None:
        self.old, self.new, self.plan = old, new, plan
        self._clashes = Clashes(old, new, found)
        self.stages = {name: plan.stages.get(name, name) for name in old.stages}
        self.actions: dict[str, str | None] = dict(self._actions())
        """The new id of each action that has one, or that the plan drops."""
        self.back = new.version < old.version
        self.renames_stages = any(name != now for name, now in self.stages.items())
        """Whether a deal's earlier visits may be to stages of other names from here on."""
        ways = {stage.id: tuple(stage.next) for stage in new.stages.values()}
        self._ahead = {stage: reachable(ways, stage) for stage in new.stages}
        self._hidden = frozenset(
            name for name, was in old.fields.items()
            if name in new.fields and shows_more(new.fields[name].type, was.type)
        )  # fmt: skip
        """The fields whose values were open to all and are personal in the new version: they are set apart from here on."""

    def answers(self, deal: Deal) -> Iterator[Clash]:
        """What of the deal has no place in the new version and the plan says nothing about."""
        for clash in self._clashes.of(deal) if self._clashes.possible else ():
            if clash.why != "win" and not self._is_answered(clash):
                yield clash

    def _is_answered(self, clash: Clash) -> bool:
        plan, name = self.plan, clash.id
        if clash.what in ("stage", "path"):
            return name in plan.stages
        if clash.what == "field":
            return name in plan.fields
        return name in (plan.actions if clash.why == "table" else self.actions) or self._follows(name) in plan.void

    def decide(
        self, deal: Deal, visited: Iterable[str] = (), reason: str | None = None, put_before: Mapping[str, Any] | None = None
    ) -> Move | Stay:
        """The event for an open deal. ``visited`` are the stages of its earlier visits; ``put_before`` are the values that the
        migration set which this one takes back: to drop these loses nothing."""
        answers = tuple(self.answers(deal))
        if answers:
            return Stay(answers, ())
        path = tuple(self._path(deal))
        against = [*self._off_the_path(deal, path)]
        fields, actions = self._fields(deal), self._used_actions(deal)
        values = {new: deal.values[old] for old, new in fields.items() if new is not None and old in deal.values}
        kept = {name for name in deal.values if name not in fields} | {*names_after(deal.erased, fields)}
        put = {name: value for name, value in self.plan.set.items() if name not in kept and name not in values}
        fields = {name: None if now in put else now for name, now in fields.items()}
        meant = {name: deal.values[name] for name in deal.values if self.plan.fields.get(name) == name}
        against += self._unfit(meant | values)
        standing = renamed(deal.standing, actions)
        otherwise = {*put, *(name for name, now in fields.items() if name in deal.values and now != name)}
        voided = sorted(name for name in standing if name in self.plan.void or self._ends(name, otherwise))
        if self.back:
            against += self._lost(deal, fields, actions, voided, put_before or {})
        touched = {*fields, *put, *actions, *(old for old in deal.standing if actions.get(old, old) in voided)}
        data: Data = {
            "plan": self.plan.sha256,
            "from": self.old.version,
            "to": self.new.version,
            "stage": path[-1],
            "path": list(path),
            "values": values | put,
            "unset": sorted(name for name in fields if name in deal.values and name not in values and name not in put),
        }
        stages = {name: self.stages[name] for name in sorted({*deal.path, *visited}) if self._is_renamed(name)}
        more = {
            "stages": stages,
            "fields": fields,
            "actions": actions,
            "voided": voided,
            "waived": sorted(waiver.n for waiver in deal.waivers if self._still_waived(waiver, touched)),
            "reason": reason,
        }
        data |= {name: value for name, value in more.items() if value}
        if against:
            return Stay((), tuple(against))
        held = {name: value for name, value in deal.values.items() if name not in fields} | values | put
        try:
            data |= self._due(deal, path[-1], held)
        except CalendarUnknown:
            return Stay((), (Clash("stage", path[-1], "calendar"),))
        entry = deal_migrated.EVENT.entry(data, private_values(self.new, values | put, "values"))
        return Move(entry, stages)

    def _actions(self) -> Iterator[tuple[str, str | None]]:
        for path, action in self.old.actions.items():
            if path in self.plan.actions:
                yield path, self.plan.actions[path]
                continue
            now = self._follows(path)
            if now is not None and self.new.actions[now].decision == action.decision:
                yield path, now

    def _follows(self, path: str) -> str | None:
        """The action of the new version that an action becomes where the plan does not say: it comes along with its stage."""
        if path in self.plan.actions:
            return self.plan.actions[path]
        stage, _, name = path.partition(".")
        along = f"{self.stages[stage]}.{name}" if stage in self.stages else path
        return next((each for each in (along, path) if each in self.new.actions), None)

    def _field(self, name: str) -> str | None:
        if name in self.plan.fields:
            return self.plan.fields[name]
        return name if name in self.new.fields else None

    def _is_renamed(self, stage: str) -> bool:
        now = self.stages.get(stage, stage)
        return now != stage and now in self.new.stages

    def _path(self, deal: Deal) -> Iterator[str]:
        """The path by the new ids; stages that became one are passed once."""
        before = None
        for stage in deal.path:
            now = self.stages.get(stage, stage)
            if now != before:
                yield now
            before = now

    def _off_the_path(self, deal: Deal, path: tuple[str, ...]) -> Iterator[Clash]:
        if (deal.won is not None) is not any(self.new.stages[stage].wins for stage in path):
            yield Clash("stage", path[-1], "win")
        if len({*path}) < len(path):
            yield from (Clash("path", stage, "twice") for stage in dict.fromkeys(path) if path.count(stage) > 1)
            return
        for before, stage in pairwise(path):
            if stage not in self._ahead[before]:
                yield Clash("path", stage, "unreachable")

    def _fields(self, deal: Deal) -> dict[str, str | None]:
        """The fields that the deal has anything to do with and that change their name, or have to be written anew."""
        names = {*deal.values, *deal.erased, *deal.changed_by}
        names.update(*deal.former.values())
        found = {name: self._field(name) for name in sorted(names)}
        return {
            name: now for name, now in found.items() if now != name or (name in self._hidden and name in deal.values)
        }

    def _used_actions(self, deal: Deal) -> dict[str, str | None]:
        names = sorted({*deal.standing, *deal.rejected, *(of for of, *_ in deal.told if "." in of)})
        return {name: now for name in names if (now := self.actions.get(name)) != name}

    def _unfit(self, values: Mapping[str, Any]) -> Iterator[Clash]:
        for name, value in values.items():
            if not is_canonical(self.new.fields[name].type, value):
                yield Clash("field", name, "value")

    def _ends(self, path: str, otherwise: set[str]) -> bool:
        """Whether other values of these fields end a completion: as where they are recorded, nobody decided on them."""
        return path in self.new.actions and not otherwise.isdisjoint(self.new.actions[path].voided_by)

    def _lost(
        self,
        deal: Deal,
        fields: Mapping[str, str | None],
        actions: Mapping[str, str | None],
        voided: Collection[str],
        put: Mapping[str, Any],
    ) -> Iterator[Clash]:
        """What a migration that is taken back would lose."""
        for name in deal.values:
            if fields.get(name, name) is None and (name not in put or put[name] != deal.values[name]):
                yield Clash("field", name, "lost")
        for name in deal.standing:
            now = actions.get(name, name)
            if now is None or now in voided:
                yield Clash("action", name, "lost")

    def _still_waived(self, waiver: Waiver, touched: set[str]) -> bool:
        """Whether the criterion says what it said, and nothing that it reads became another."""
        was, now = self.old.criteria.get(waiver.criterion), self.new.criteria.get(waiver.criterion)
        if was is None or now is None or self._is_renamed(was.stage) or not touched.isdisjoint(waiver.reads):
            return False
        said = (was.side, was.check, was.require, was.reads)
        return bool(now.waivable_by) and said == (now.side, now.check, now.require, now.reads)

    def _due(self, deal: Deal, stage: str, values: Mapping[str, Any]) -> Data:
        """By when the stage and its actions are due; the clock of the visit runs on."""
        return entry_due_times(self.new, stage, instant(deal.entered), values)
