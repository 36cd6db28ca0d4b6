"""Fields on which a deal waits, and that no action on any way there records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procdef.diagnostics import Finding, Place
from procdef.expression import Expression
from procdef.graph import reachable, reversed_graph
from procdef.language.rules.references.mentions import action_route
from procdef.model import Criterion, Stage
from procdef.proof.formulas import FALSE, TRUE, UNKNOWN, Formula
from procdef.proof.inquiry import Answer, Flaw, Inquiry, Open, criterion_place
from procdef.proof.integers import Undecided


def recording(inquiry: Inquiry) -> Iterator[Answer]:
    """``never-recorded``."""
    process = inquiry.process
    graph = {stage.id: tuple(stage.next) for stage in process.stages.values()}
    earlier = reversed_graph(graph)
    told: set[str] = set()
    for stage in process.stages.values():
        before = reachable(earlier, stage.id)
        arriving = _recorded(inquiry, before)
        leaving = arriving | _recorded(inquiry, {stage.id})
        for criterion in stage.entry_criteria.values() if before else ():
            yield from _of_criterion(inquiry, criterion, arriving, told)
        for criterion in stage.exit_criteria.values():
            yield from _of_criterion(inquiry, criterion, leaving, told)
        yield from _of_whens(inquiry, stage, leaving, told)


def _recorded(inquiry: Inquiry, stages: Iterable[str]) -> frozenset[str]:
    """What actions of these stages record, and what a deal must have to start in one of them."""
    found: set[str] = set()
    for stage in (inquiry.process.stages[each] for each in stages):
        for action in stage.actions:
            found.update(action.records)
        if stage.start:
            for criterion in stage.entry_criteria.values():
                found.update(criterion.check.fields if criterion.check else criterion.require)
    return frozenset(found)


def _of_criterion(inquiry: Inquiry, criterion: Criterion, known: frozenset[str], told: set[str]) -> Iterator[Answer]:
    check = criterion.check
    if check is None:
        for name in criterion.require:
            if name not in known and name not in told:
                told.add(name)
                yield _flaw(criterion_place(criterion), name, criterion.path)
        return
    formula, place = inquiry.atoms.of(check), criterion_place(criterion)
    yield from _read(inquiry, check, formula, FALSE | UNKNOWN, place, criterion.path, known, told)


def _of_whens(inquiry: Inquiry, stage: Stage, known: frozenset[str], told: set[str]) -> Iterator[Answer]:
    for action in stage.required_actions.values():
        if action.when is not None:
            place = Place((*action_route(action), "when"))
            formula = inquiry.atoms.of(action.when)
            yield from _read(inquiry, action.when, formula, UNKNOWN, place, action.path, known, told)
    if all(way.when is not None for way in stage.next.values()):
        for way in stage.next.values():
            if way.when is not None:
                place = Place(("stages", stage.id, "next", way.target, "when"))
                formula, about = inquiry.atoms.way(stage, way.target), f"{stage.id} to {way.target}"
                yield from _read(inquiry, way.when, formula, UNKNOWN, place, about, known, told)


def _read(
    inquiry: Inquiry, expression: Expression, formula: Formula, holding: int, place: Place, about: str,
    known: frozenset[str], told: set[str],
) -> Iterator[Answer]:  # fmt: skip
    """The fields that an expression reads, that nothing records, and without which a deal is held."""
    for name in sorted(expression.fields - known - told):
        try:
            held = inquiry.search.example([(inquiry.atoms.is_set(name), FALSE), (formula, holding)])
            helped = inquiry.search.example([(inquiry.atoms.is_set(name), TRUE), (formula, TRUE)])
        except Undecided:
            yield Open("never-recorded", place, about, inquiry.remedy([formula]))
            continue
        if held is not None and helped is not None:
            told.add(name)
            yield _flaw(place, name, about)


def _flaw(place: Place, name: str, about: str) -> Flaw:
    sentence = (
        '"{about}" waits for "{subject}", which no action on the way here records; '
        "name it in the `records` of the action that finds it out"
    )
    return Flaw(Finding("never-recorded", place, sentence, subject=name, kind="field", details={"about": about}))
