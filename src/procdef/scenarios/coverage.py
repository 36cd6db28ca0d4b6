"""What of a process scenarios have tried: every stage, way and rule, and for each rule both of its answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from typing import Any, NamedTuple

from procdef.model import ProcessDefinition, Sla

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
        kinds = {"stages": "entered", "starts": "started in", "actions": "done", "waivers": "waived", "lapses": "lapsed",
                 "when": f"when {self.what}"}
        return f"{name} {kinds.get(self.kind, self.what)}"


KINDS = (
    "stages", "starts", "ways", "criteria", "actions", "when", "decisions", "rows", "lapses", "waivers", "deadlines", "losses",
    "reopenings", "returns",
)  # fmt: skip
"""The kinds of items, in the order in which they are told."""
AT_WAYS = ("ways", "returns")
"""The kinds that a picture tells at the ways, and not within a stage."""


def items(definition: ProcessDefinition) -> Iterator[Item]:
    """Everything of a process that scenarios can try."""
    for stage in definition.stages.values():
        here = stage.id
        yield Item("stages", here, here, "")
        if stage.start and len(definition.starts) > 1:
            yield Item("starts", here, here, "")
        yield from _deadlines(here, here, stage.sla)
        for criterion in (*stage.entry_criteria.values(), *stage.exit_criteria.values()):
            yield Item("criteria", here, criterion.path, "met")
            yield Item("criteria", here, criterion.path, "unmet")
            if criterion.waivable_by and not (stage.start and criterion.side == "entry" and not _entered(definition, here)):
                yield Item("waivers", here, criterion.path, "")
        for action in stage.actions:
            yield Item("actions", here, action.path, "")
            if action.when is not None:
                yield Item("when", here, action.path, "true")
                yield Item("when", here, action.path, "false")
            if action.decision:
                yield Item("decisions", here, action.path, "approved")
                yield Item("decisions", here, action.path, "rejected")
            for number in range(1, len(action.table) + 1):
                yield Item("rows", here, action.path, f"row {number}")
            if action.valid_for is not None:
                yield Item("lapses", here, action.path, "")
            yield from _deadlines(here, action.path, action.sla)
        for target, on in stage.next.items():
            yield Item("ways", here, way(here, target), "")
            if on.when is not None:
                yield Item("when", here, way(here, target), "true")
                yield Item("when", here, way(here, target), "false")
        for target in stage.back:
            yield Item("returns", here, way(here, target), "")
    for reason in definition.lost.reasons if definition.lost else ():
        yield Item("losses", "", reason, "")
    if definition.lost is not None and definition.lost.reopen is not None:
        yield Item("reopenings", "", "reopen", "")


def _deadlines(stage: str, of: str, sla: Sla | None) -> Iterator[Item]:
    """What timers tell of a deadline."""
    if sla is None:
        return
    if sla.remind:
        yield Item("deadlines", stage, of, "reminded")
    yield Item("deadlines", stage, of, "overdue")
    if sla.escalate_to:
        yield Item("deadlines", stage, of, "escalated")


def _entered(definition: ProcessDefinition, stage: str) -> bool:
    """Whether a way leads to a stage; where a deal can only start, nothing can be waived."""
    return any(stage in each.next for each in definition.stages.values())


def way(source: str, target: str) -> str:
    """A way on or back, as an item is of it."""
    return f"{source}{_ON}{target}"


def ends_of(item: Item) -> tuple[str, str]:
    """Where the way of an item begins and where it leads."""
    source, _, target = item.of.partition(_ON)
    return source, target


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
                found[ends_of(item)] = len(scenarios)
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
