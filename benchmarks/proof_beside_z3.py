"""The questions that a proof asks of whole processes, answered by procdef's own reasoning and by z3.

``python benchmarks/proof_beside_z3.py [FILE...]``; z3 (``pip install z3-solver``) is no dependency. Every question that is
asked while a process is proved is kept with its answer, and then asked of z3 as one formula: two truth values for each
condition (true, false; neither is unknown), whole numbers for what is compared, one number for the option of a choice. What
reads rows of lists, scores or parts of texts is left out and counted.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from pathlib import Path
from time import process_time
from typing import Any

from procdef.language import load
from procdef.proof import Inquiry, answers
from procdef.proof.atoms import Atom, Comparison
from procdef.proof.domains import choices
from procdef.proof.evaluated import situation
from procdef.proof.formulas import ANY, FALSE, TRUE, UNKNOWN, Always, And, AtLeast, Formula, Leaf, Not, Once, Or
from procdef.proof.integers import Undecided
from procdef.proof.numbers_in_cells import Trials, _Splitting
from procdef.proof.search import Search, Wanted

SHIPPED = sorted((Path(__file__).parents[1] / "processes").glob("*.yaml"))
z3: Any = None


class Left(Exception):
    """A question that is not put to z3."""


@dataclass
class Asked:
    """One question, with what may be done and the answer: ``True`` where there is such a deal, ``None`` where it is open."""

    wanted: Sequence[Wanted]
    done: Mapping[str, int]
    found: bool | None


@dataclass
class Recording(Search):
    """A search that keeps what it was asked."""

    kept: list[Asked] = field(default_factory=list)
    seconds: float = 0.0

    def example(
        self,
        wanted: Sequence[Wanted],
        may_be_done: Callable[[str], int] = lambda path: TRUE | FALSE,
        fixed: Mapping[int, int] | None = None,
    ) -> Any:
        """What the search finds."""
        begun = process_time()
        try:
            found = Search.example(self, wanted, may_be_done, fixed)
        except Undecided:
            self._keep(wanted, may_be_done, None)
            raise
        finally:
            self.seconds += process_time() - begun
        self._keep(wanted, may_be_done, found is not None)
        return found

    def _keep(self, wanted: Sequence[Wanted], may_be_done: Callable[[str], int], found: bool | None) -> None:
        numbers = frozenset[int]().union(*(formula.atoms for formula, _ in wanted))
        actions = [action for number in numbers if (action := self.atoms.all[number].action) is not None]
        self.kept.append(Asked(tuple(wanted), {path: may_be_done(path) for path in actions}, found))


class Model:
    """One question as a formula of z3."""

    def __init__(self, search: Search, asked: Asked) -> None:
        self.atoms, self.asked = search.atoms, asked
        self.solver = z3.Solver()
        self.solver.set("timeout", 10_000)
        numbers = sorted(frozenset[int]().union(*(formula.atoms for formula, _ in asked.wanted)))
        members = [self.atoms.all[number] for number in numbers]
        linear = [atom for atom in members if atom.linear]
        names = frozenset[str]().union(*(atom.fields for atom in linear)) if linear else frozenset[str]()
        self.splitting = _Splitting(self.atoms, linear, names, False, Trials(self.atoms))
        for inequality in self.splitting.base:
            terms = [z3.Int(name) * factor for name, factor in inequality.factors]
            self.solver.add(z3.Sum([*terms, z3.IntVal(inequality.constant)]) <= 0)
        self.truths = {atom.number: self._atom(atom) for atom in members}
        for formula, outcomes in asked.wanted:
            true, false = self._formula(formula)
            possible = [(TRUE, true), (FALSE, false), (UNKNOWN, z3.Not(z3.Or(true, false)))]
            self.solver.add(z3.Or([each for outcome, each in possible if outcomes & outcome]))

    def answer(self) -> bool | None:
        """Whether there is such a deal."""
        found = str(self.solver.check())
        return {"sat": True, "unsat": False}.get(found)

    def _formula(self, formula: Formula) -> tuple[Any, Any]:
        match formula:
            case Always():
                return z3.BoolVal(formula.outcome == TRUE), z3.BoolVal(formula.outcome == FALSE)
            case Leaf():
                return self.truths[formula.number]
            case Not():
                true, false = self._formula(formula.part)
                return false, true
            case Once():
                before, _ = self._formula(formula.first)
                true, false = self._formula(formula.then)
                return z3.And(before, true), z3.And(before, false)
            case And() | Or() | AtLeast():
                parts = [self._formula(part) for part in formula.parts]
                every, some = z3.And([one for one, _ in parts]), z3.Or([one for one, _ in parts])
                if isinstance(formula, And):
                    return every, z3.Or([other for _, other in parts])
                if isinstance(formula, Or):
                    return some, z3.And([other for _, other in parts])
                most = len(parts) - formula.wanted
                return (z3.Sum([z3.If(one, 1, 0) for one, _ in parts]) >= formula.wanted,
                        z3.Sum([z3.If(other, 1, 0) for _, other in parts]) > most)  # fmt: skip
        raise Left

    def _atom(self, atom: Atom) -> tuple[Any, Any]:
        if atom.action is not None:
            done, may = z3.Bool(f"done {atom.action}"), self.asked.done.get(atom.action, ANY)
            self.solver.add(z3.Or(*([done] if may & TRUE else []), *([z3.Not(done)] if may & FALSE else [])))
            return done, z3.Not(done)
        filled = z3.And([z3.Bool(f"set {name}") for name in sorted(atom.fields)])
        if atom.node.op == "set":
            return filled, z3.Not(filled)
        if atom.linear and not atom.aggregates:
            return z3.And(filled, self._one(atom.holds)), z3.And(filled, self._one(atom.fails))
        if len(atom.fields) != 1 or atom.clock:
            raise Left
        (name,) = atom.fields
        few = choices(self.atoms.process.fields[name].type)
        if few is None:
            raise Left
        value = z3.Int(f"option {name}")
        self.solver.add(value >= 0, value < len(few))
        seen = [atom.run(situation({name: each}, {}, (), self.atoms.scope.timezone), {}) for each in few]
        true, false = (
            [value == place for place, truth in enumerate(seen) if truth is wanted] for wanted in (True, False)
        )
        return z3.And(filled, z3.Or(true)), z3.And(filled, z3.Or(false))

    def _one(self, ways: tuple[tuple[Comparison, ...], ...]) -> Any:
        return z3.Or([z3.And([self._comparison(each) for each in way]) for way in ways])

    def _comparison(self, comparison: Comparison) -> Any:
        sign, whole = comparison
        factors = {name: each * self.splitting.variables[name].step for name, each in whole.factors.items()}
        scale = lcm(Fraction(whole.constant).denominator, *(each.denominator for each in factors.values()))
        total = z3.Sum(
            [
                *(z3.Int(name) * int(each * scale) for name, each in factors.items()),
                z3.IntVal(int(whole.constant * scale)),
            ]
        )
        return {"<": total < 0, "<=": total <= 0, "==": total == 0}[sign]


def compared(path: Path) -> str:
    """The questions of one process, answered by both."""
    inquiry = Inquiry(load(path))
    search = Recording(inquiry.atoms, inquiry.effort)
    inquiry.__dict__["search"] = search
    list(answers(inquiry))
    agreed = differ = left = open_ = 0
    begun = process_time()
    for asked in search.kept:
        try:
            found = Model(search, asked).answer()
        except (Left, KeyError):
            left += 1
            continue
        if found is None or asked.found is None:
            open_ += 1
        elif found == asked.found:
            agreed += 1
        else:
            differ += 1
    seconds = process_time() - begun
    told = f"{agreed} answered alike, {differ} otherwise, {open_} open, {left} left out"
    times = f"own {search.seconds:.2f} s of one core, z3 {seconds:.2f} s"
    return f"{path.stem}: {len(search.kept)} questions, {told}; {times}"


def main() -> None:
    """Compare the processes that are named, or those that are shipped."""
    global z3  # noqa: PLW0603
    z3 = importlib.import_module("z3")
    given = [Path(each) for each in sys.argv[1:]] or [each for each in SHIPPED if each.name.count(".") == 1]
    for path in given:
        print(compared(path))


if __name__ == "__main__":
    main()
