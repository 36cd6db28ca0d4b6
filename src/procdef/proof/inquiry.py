"""What is asked of one process, and what answers are: flaws, things proved, things not decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from procdef.diagnostics import Finding, Place, SubjectKind, message_of
from procdef.expression import ELSE, Expression
from procdef.language.rules.references.mentions import action_route
from procdef.model import Criterion, ProcessDefinition
from procdef.proof.atoms import Atom, Atoms
from procdef.proof.cells import is_opaque
from procdef.proof.formulas import Formula
from procdef.proof.search import Effort, Example, Search
from procdef.proof.told import Step


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, with a deal that shows it, and the steps that lead there where these show more than its values."""

    finding: Finding
    example: Example | None = None
    steps: tuple[Step, ...] = ()

    @property
    def said(self) -> str:
        """What is wrong, for people."""
        return message_of(self.finding)


@dataclass(frozen=True, slots=True)
class Proved:
    """What holds for every deal; ``code`` is that of the flaw that is not there. ``about`` is a stage, a way or a condition.

    ``bounded``: it holds when something is done and may not hold later, as the sentence says.
    """

    code: str
    about: str
    sentence: str
    bounded: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """What was not decided, and what would make it decidable."""

    code: str
    place: Place
    about: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Follows:
    """What does not hold either, by a cause that is told as a flaw elsewhere; ``code`` is that of the flaw that it would be."""

    code: str
    about: str


Answer = Flaw | Proved | Open | Follows
QUESTIONS = {
    "always-true": '"{subject}" can be both true and false',
    "branch-gap": 'every deal finds a way out of "{subject}"',
    "branch-overlap": 'two ways out of "{subject}" can be open at once',
    "never-recorded": '"{subject}" waits for a field that nobody records',
    "dead-transition": 'a deal can go from "{subject}"',
    "approval-unasked": 'a deal can be won without "{subject}" that it is meant for',
    "stuck": 'every deal in "{subject}" can come to an end',
}
"""What is asked, by the code of the flaw."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A ``check`` or ``when`` with its place; ``subject`` is what it belongs to, of that ``kind``."""

    expression: Expression
    place: Place
    subject: str
    kind: SubjectKind
    word: Literal["check", "when"]


@dataclass
class Inquiry:
    """One process under examination."""

    process: ProcessDefinition
    effort: Effort = field(default_factory=Effort)
    states: int = 0

    @cached_property
    def atoms(self) -> Atoms:
        """The atoms of its conditions."""
        return Atoms(self.process)

    @cached_property
    def search(self) -> Search:
        """What answers questions about its conditions."""
        return Search(self.atoms, self.effort)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition that stands in the file, in the order of the file, ``else`` aside."""
        return tuple(self._conditions())

    def _conditions(self) -> Iterator[Condition]:
        for score in self.process.scores.values():
            for points in score.rule.points:
                place = Place(("scores", score.id, "points", points.id, "when"))
                when = points.when
                assert isinstance(when, Expression)
                yield Condition(when, place, f"{score.id}.{points.id}", "score", "when")
        for stage in self.process.stages.values():
            for criterion in (*stage.entry_criteria.values(), *stage.exit_criteria.values()):
                if criterion.check is not None:
                    yield Condition(criterion.check, criterion_place(criterion), criterion.path, "criterion", "check")
            for action in stage.actions:
                route = action_route(action)
                if action.when is not None:
                    yield Condition(action.when, Place((*route, "when")), action.path, "action", "when")
                for number, row in enumerate(action.table):
                    if row.when is not None:
                        place = Place((*route, "by", number, "when"))
                        yield Condition(row.when, place, action.path, "action", "when")
            for way in stage.next.values():
                if way.when is not None and way.when.text != ELSE:
                    place = Place(("stages", stage.id, "next", way.target, "when"))
                    yield Condition(way.when, place, f"{stage.id} to {way.target}", "stage", "when")

    def formula(self, condition: Condition) -> Formula:
        """The formula of a condition."""
        return self.atoms.of(condition.expression)

    def remedy(self, formulas: Sequence[Formula]) -> str:
        """What would make a question about these decidable."""
        numbers = frozenset[int]().union(*(formula.atoms for formula in formulas))
        vague = [self.atoms.all[number] for number in sorted(numbers) if is_opaque(self.atoms, self.atoms.all[number])]
        return (
            _remedy(vague[0])
            if vague
            else "compare fewer fields in one condition, or give them `min`, `max` or options"
        )


def _remedy(atom: Atom) -> str:
    nodes = [atom.node]
    for node in nodes:
        nodes += node.args
    if any(node.type == "months" for node in nodes):
        return "write days where it adds months or years"
    if any(node.op == "arithmetic" and node.value == "*" for node in nodes):
        return "keep the product of two fields in a field of its own"
    return "compare fields with fixed values, rather than with each other"


def criterion_place(criterion: Criterion) -> Place:
    """The key of a criterion."""
    return Place(("stages", criterion.stage, f"{criterion.side}_criteria", criterion.id), "key")
