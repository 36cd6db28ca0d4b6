"""What of a process scenarios have tried: every stage, way and rule, and for each rule both of its answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from typing import Any, NamedTuple

from procdef.events.types import (
    action_completed,
    criterion_waived,
    deal_lost,
    deal_started,
    stage_advanced,
    stage_returned,
    step_refused,
)
from procdef.model import ProcessDefinition
from procdef.results.event import Event

_ON = " > "


class Item(NamedTuple):
    """Something to be tried: of which ``kind``, at which ``stage``, ``of`` what, and ``what`` is to come of it."""

    kind: str
    stage: str
    of: str
    what: str

    def __str__(self) -> str:
        return f"{self.of} {self.what}" if self.what else self.of

    @property
    def short(self) -> str:
        """As it is said where its stage is known."""
        name = self.of.removeprefix(f"{self.stage}.").replace(f"{self.stage} > ", "to ")
        kinds = {"stages": "entered", "actions": "done", "waivers": "waived", "when": f"when {self.what}"}
        return f"{name} {kinds.get(self.kind, self.what)}"


KINDS = ("stages", "ways", "criteria", "actions", "when", "decisions", "rows", "waivers", "losses", "returns")
"""The kinds of items, in the order in which they are told."""
AT_WAYS = ("ways", "returns")
"""The kinds that a picture tells at the ways, and not within a stage."""


def items(definition: ProcessDefinition) -> Iterator[Item]:
    """Everything of a process that scenarios can try."""
    for stage in definition.stages.values():
        here = stage.id
        yield Item("stages", here, here, "")
        for criterion in (*stage.entry_criteria.values(), *stage.exit_criteria.values()):
            yield Item("criteria", here, criterion.path, "met")
            yield Item("criteria", here, criterion.path, "unmet")
            if criterion.waivable_by and not (stage.start and criterion.side == "entry" and not _entered(definition, here)):
                yield Item("waivers", here, criterion.path, "")
        for action in (*stage.required_actions.values(), *stage.optional_actions.values()):
            yield Item("actions", here, action.path, "")
            if action.when is not None:
                yield Item("when", here, action.path, "true")
                yield Item("when", here, action.path, "false")
            if action.decision:
                yield Item("decisions", here, action.path, "approved")
                yield Item("decisions", here, action.path, "rejected")
            for number in range(1, len(action.table) + 1):
                yield Item("rows", here, action.path, f"row {number}")
        for way in stage.next.values():
            yield Item("ways", here, _way(here, way.target), "")
            if way.when is not None:
                yield Item("when", here, _way(here, way.target), "true")
                yield Item("when", here, _way(here, way.target), "false")
        for back in stage.back.values():
            yield Item("returns", here, _way(here, back.target), "")
    for reason in definition.lost.reasons if definition.lost else ():
        yield Item("losses", "", reason, "")


def _entered(definition: ProcessDefinition, stage: str) -> bool:
    """Whether a way leads to a stage; where a deal can only start, nothing can be waived."""
    return any(stage in each.next for each in definition.stages.values())


def _way(source: str, target: str) -> str:
    return f"{source}{_ON}{target}"


@dataclass(slots=True)
class Coverage:
    """By item of a process the scenarios that tried it."""

    definition: ProcessDefinition
    tried: dict[Item, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, definition: ProcessDefinition) -> Coverage:
        """Nothing is tried yet."""
        return cls(definition, {item: [] for item in items(definition)})

    def add(self, scenario: str, covered: Iterable[Item]) -> None:
        """Put what a scenario tried to the rest."""
        for item in covered:
            if item in self.tried:
                self.tried[item].append(scenario)

    @property
    def missing(self) -> list[Item]:
        """What nothing tried, in the order of the process."""
        return [item for item, scenarios in self.tried.items() if not scenarios]

    @property
    def percent(self) -> Decimal:
        """How much of all was tried, in percent, with one decimal; 100 only where it is all."""
        covered = len(self.tried) - len(self.missing)
        return (Decimal(100 * covered) / max(1, len(self.tried))).quantize(Decimal("0.1"), ROUND_DOWN)

    @property
    def told(self) -> str:
        """How much of all was tried."""
        every = len(self.tried)
        return f"{every - len(self.missing)} of {every}, {self.percent} %"

    def within(self, stage: str) -> tuple[list[Item], list[Item]]:
        """What there is to try within a stage, and what of that nothing tried."""
        every = [item for item in self.tried if item.stage == stage and item.kind not in AT_WAYS]
        return every, [item for item in every if not self.tried[item]]

    @property
    def ways(self) -> dict[tuple[str, str], int]:
        """By source and target how many scenarios took each way on or back."""
        found = {}
        for item, scenarios in self.tried.items():
            if item.kind in AT_WAYS:
                source, _, target = item.of.partition(_ON)
                found[source, target] = len(scenarios)
        return found

    def by_kind(self) -> Mapping[str, tuple[int, int]]:
        """For each kind that the process has: how many items were tried, of how many."""
        found = {}
        for kind in KINDS:
            every = [scenarios for item, scenarios in self.tried.items() if item.kind == kind]
            if every:
                found[kind] = (sum(1 for scenarios in every if scenarios), len(every))
        return found

    def as_dict(self) -> dict[str, Any]:
        """What the command line prints of it as JSON."""
        return {
            "process": self.definition.id,
            "version": self.definition.version,
            "covered": len(self.tried) - len(self.missing),
            "of": len(self.tried),
            "percent": str(self.percent),
            "kinds": {kind: {"covered": covered, "of": of} for kind, (covered, of) in self.by_kind().items()},
            "missing": [item._asdict() for item in self.missing],
        }


_MOVES = (deal_started.EVENT.name, stage_advanced.EVENT.name, stage_returned.EVENT.name)


def covered_by(definition: ProcessDefinition, events: Iterable[Event]) -> frozenset[Item]:
    """What the steps behind these events, in the order of the log, tried. What no step was judged by was not tried."""
    stages: dict[str, str] = {}
    found: set[Item] = set()
    for event in events:
        data, here = event.data, stages.get(event.stream, "")
        found.update(_judged(here, data.get("facts", {})), _happened(event.type, data))
        if event.type in _MOVES:
            stages[event.stream] = data.get("to") or data["stage"]
    return frozenset(item for item in found if item.kind != "when" or not _always(definition, item))


def _always(definition: ProcessDefinition, item: Item) -> bool:
    """Whether an action applies always: then nothing is to be tried of it."""
    action = definition.actions.get(item.of)
    return action is not None and action.when is None


def _judged(here: str, facts: Mapping[str, Any]) -> Iterator[Item]:
    """What a decision looked at, of a deal in the stage ``here``."""
    for path, answer in facts.get("criteria", {}).items():
        yield Item("criteria", path.partition(".")[0], path, "met" if answer == "met" else "unmet")
    for path, status in facts.get("actions", {}).items():
        if status != "unknown":
            yield Item("when", path.partition(".")[0], path, "false" if status == "not_applicable" else "true")
    for path, row in facts.get("rows", {}).items():
        yield Item("rows", path.partition(".")[0], path, f"row {row}")
    for target, answer in facts.get("branches", {}).items():
        if answer != "unknown":
            yield Item("when", here, _way(here, target), "true" if answer == "met" else "false")


def _happened(kind: str, data: Mapping[str, Any]) -> Iterator[Item]:
    match kind:
        case deal_started.EVENT.name:
            yield Item("stages", data["stage"], data["stage"], "")
        case stage_advanced.EVENT.name:
            yield Item("stages", data["to"], data["to"], "")
            yield Item("ways", data["from"], _way(data["from"], data["to"]), "")
        case stage_returned.EVENT.name:
            yield Item("returns", data["from"], _way(data["from"], data["to"]), "")
        case action_completed.EVENT.name:
            path, decision = data["action"], data.get("decision")
            stage = path.partition(".")[0]
            if decision != "reject":
                yield Item("actions", stage, path, "")
            if decision is not None:
                yield Item("decisions", stage, path, "approved" if decision == "approve" else "rejected")
        case criterion_waived.EVENT.name:
            named = data["criterion"]
            yield Item("waivers", named["stage"], f"{named['stage']}.{named['id']}", "")
        case deal_lost.EVENT.name:
            yield Item("losses", "", data["reason"], "")
        case step_refused.EVENT.name:
            for unmet in data["unmet"]:
                if unmet["code"] == "when-false":
                    path = unmet["about"][0]
                    yield Item("when", path.partition(".")[0], path, "false")
