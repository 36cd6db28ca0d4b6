"""Ways on that are open to every deal in a stage, whatever was recorded and done before: somebody only has to take some steps.

The steps are: record some values, do some actions of the stage, waive what may be waived, go on. Nothing is supposed of what
the deal has but what the gate behind it keeps, and no value is changed that the gate may keep from being changed. Time may
pass before: the steps are looked at on a day after all that the process names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from procdef.expression import Expression
from procdef.graph import reachable, reversed_graph
from procdef.model import Action, Stage
from procdef.proof.atoms import Atom
from procdef.proof.cells import Cell, Group, groups
from procdef.proof.formulas import FALSE, TRUE, Formula
from procdef.proof.gates import Part
from procdef.proof.guaranteed import always_passed
from procdef.proof.integers import Undecided
from procdef.proof.reach import Reach

Asked = tuple[Formula, frozenset[int]]
"""A condition, and the atoms of what may have been done by then or not."""
_MOST_STEPS = 20_000
_EITHER = TRUE | FALSE
_RESTLESS = frozenset(("deal.idle", "deal.contact_age"))
"""Facts of time that every step changes."""


@dataclass(slots=True)
class SureWays:
    """The stages from which every deal can come to an end; ``waiving`` are those for which that takes waivers."""

    reach: Reach
    good: dict[str, str] = field(default_factory=dict)
    waiving: set[str] = field(default_factory=set)

    def work_out(self) -> None:
        """Begin with the ends, and go back by the ways that are open to every deal."""
        process = self.reach.inquiry.process
        for stage in process.stages.values():
            if not stage.next and stage.id not in self.reach.inquiry.process.won_side:
                self.good[stage.id] = ""
            elif not stage.next:
                self._try(stage, None)
        grown = -1
        while grown != (grown := len(self.good)):
            for stage in process.stages.values():
                for target in stage.next if stage.id not in self.good else ():
                    if target in self.good and stage.id not in self.good:
                        self._try(stage, target)
                for target in stage.back if stage.id not in self.good else ():
                    if target in self.good and target in always_passed(self.reach.inquiry.process, stage.id):
                        self.good[stage.id] = target
                        self.waiving |= {stage.id} if target in self.waiving else set()

    def _try(self, stage: Stage, target: str | None) -> None:
        gates = self.reach.gates
        parts = list(gates.leaving(stage)) if target is None else gates.way(stage, target)
        for waiving in (False, True):
            asked = [part for part in parts if not (waiving and part.waivable)]
            if waiving and len(asked) == len(parts):
                return
            try:
                open_ = _Run(self.reach, stage, asked, always_passed(self.reach.inquiry.process, stage.id)).succeeds()
            except Undecided:
                continue
            if open_:
                self.good[stage.id] = target or ""
                if waiving or target in self.waiving:
                    self.waiving.add(stage.id)
                return


class _Run:
    """One try to find steps that lead every deal in a stage on."""

    def __init__(self, reach: Reach, stage: Stage, parts: list[Part], certain: frozenset[str]) -> None:
        self.reach, self.stage = reach, stage
        process, gates = reach.inquiry.process, reach.gates
        graph = {each.id: tuple(each.next) for each in process.stages.values()}
        before = reachable(reversed_graph(graph), stage.id) - {stage.id}
        passed = [action for each in before for action in process.stages[each].required_actions.values()]
        self.kept = frozenset(name for action in passed for name in _kept(process.actions, action))
        self.filled = frozenset(
            name
            for action in passed
            for each in (action, *(process.actions[path] for path in _asked(process.actions, action)))
            for name in each.records
        )
        sure = [process.stages[each] for each in certain]
        held = [
            action
            for each in sure
            if not any(way.unfinished_allowed for way in each.next.values())
            for action in each.required_actions.values()
            if action.when is None and not action.table and action.valid_for is None
        ]
        self.done = frozenset(action.path for action in held)
        self.set = frozenset(name for action in held for name in action.records)
        self.own = {action.path: action for action in stage.actions}
        self.doing = {path: gates.doing(action) for path, action in self.own.items()}
        self.asked: list[Asked] = [(part.formula, frozenset()) for part in parts]
        numbers = frozenset[int]().union(*(each.atoms for each, _ in self.asked))
        for formulas in self.doing.values():
            numbers |= frozenset[int]().union(*(each.atoms for each in formulas))
        self.groups = [self._limited(group) for group in groups(reach.inquiry.atoms, numbers, late=True)]
        self.known = {
            atom.number: TRUE
            for group in self.groups
            for atom in group.atoms
            if atom.node.op == "set" and atom.fields <= self.set
        }
        self.steps = 0

    def _limited(self, group: Group) -> Group:
        """The group with the cells that every deal can be brought into."""
        if group.action is not None:
            number = group.atoms[0].number
            own = (Cell({number: TRUE}),) if group.action in self.own or group.action in self.done else ()
            either = () if group.action in self.done else (Cell({number: _EITHER}),)
            return Group(group.atoms, (), (*own, *either), group.action)
        if any(map(self._is_out_of_reach, group.atoms)):
            return Group(group.atoms, group.fields, ())
        cells = tuple(
            cell for cell in group.cells if cell.sure and not (self.filled & (set(group.fields) - cell.values.keys()))
        )
        return Group(group.atoms, group.fields, cells)

    def _is_out_of_reach(self, atom: Atom) -> bool:
        return bool(atom.fields & self.kept or atom.clock & _RESTLESS)

    def succeeds(self) -> bool:
        """Whether there are such steps."""
        return self._look(dict(self.known), self.asked)

    def _look(self, known: dict[int, int], asked: list[Asked]) -> bool:
        self.steps += 1
        self.reach.inquiry.effort.step()
        if self.steps > _MOST_STEPS:
            raise Undecided
        open_: set[int] = set()
        for formula, later in asked:
            possible = formula.possible({**known, **dict.fromkeys(later, _EITHER)} if later else known)
            if not possible & TRUE:
                return False
            if possible != TRUE:
                open_ |= formula.atoms - later
                if not formula.atoms - later:
                    return False
        if not open_:
            return True
        group = next((each for each in self.groups if each.cells and self._is_open(each, known, open_)), None)
        if group is None:
            return False
        for cell in group.cells:
            further = asked
            if (
                group.action in self.doing
                and cell.truths[group.atoms[0].number] == TRUE
                and group.action not in self.done
            ):
                later = self._later(group.action)
                further = [*asked, *((each, later) for each in self.doing[group.action])]
            if self._look({**known, **cell.truths}, further):
                return True
        return False

    def _later(self, path: str) -> frozenset[int]:
        """The atoms of the stage's actions of which nothing is known while this one is done: all but those that it needs."""
        before, waiting = set[str](), [path]
        while waiting:
            needs = [each for each in self.own[waiting.pop()].needs if each in self.own and each not in before]
            before.update(needs)
            waiting += needs
        return frozenset(
            group.atoms[0].number for group in self.groups if group.action in self.own and group.action not in before
        )

    def _is_open(self, group: Group, known: dict[int, int], open_: set[int]) -> bool:
        numbers = [atom.number for atom in group.atoms]
        return any(number in open_ for number in numbers) and not all(number in known for number in numbers)


def _conditions(action: Action) -> list[Expression]:
    return [when for when in (action.when, *(row.when for row in action.table)) if when is not None]


def _asked(actions: Mapping[str, Action], action: Action) -> frozenset[str]:
    """The actions that the conditions of one ask about, and those that the tables of these ask about."""
    found, waiting = set[str](), [action]
    while waiting:
        for when in _conditions(waiting.pop()):
            new = when.actions - found
            found |= new
            waiting += [actions[path] for path in new if actions[path].table]
    return frozenset(found)


def _kept(actions: Mapping[str, Action], action: Action) -> Iterator[str]:
    """The fields that the gate may keep from being changed once an action was passed."""
    yield from action.voided_by
    for when in _conditions(action):
        yield from when.fields
    for path in _asked(actions, action):
        yield from actions[path].voided_by
        for row in actions[path].table:
            yield from row.when.fields if row.when is not None else ()
