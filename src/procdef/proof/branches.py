"""Stages whose ways all have a ``when``: values for which none is open, and values for which several are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from procdef.diagnostics import Finding, Place
from procdef.expression import ELSE
from procdef.model import Stage
from procdef.proof.formulas import FALSE, TRUE, UNKNOWN, Formula
from procdef.proof.inquiry import Answer, Flaw, Inquiry, Open, Proved
from procdef.proof.integers import Undecided
from procdef.proof.met_in_states import met_in
from procdef.proof.search import Example
from procdef.proof.states import Played
from procdef.proof.told import worded


@dataclass(frozen=True, slots=True)
class Nowhere:
    """That there is no such deal, as a ``sentence``."""

    sentence: str


def branches(inquiry: Inquiry, played: Played) -> Iterator[Answer]:
    """``branch-gap`` and ``branch-overlap``, of deals that can be in the stage as far as the states that were played tell."""
    for stage in inquiry.process.stages.values():
        if len(stage.next) > 1 and all(way.when is not None for way in stage.next.values()):
            formulas = {target: inquiry.atoms.way(stage, target) for target in stage.next}
            yield from _gap(inquiry, stage, formulas, played)
            yield from _overlap(inquiry, stage, formulas, played)


def _gap(inquiry: Inquiry, stage: Stage, formulas: dict[str, Formula], played: Played) -> Iterator[Answer]:
    place = Place(("stages", stage.id, "next"), "key")
    try:
        found = _without_way(inquiry, stage, formulas, played)
    except Undecided:
        yield Open("branch-gap", place, stage.id, inquiry.remedy([*formulas.values()]))
        return
    if isinstance(found, Nowhere):
        yield Proved("branch-gap", stage.id, found.sentence)
        return
    sentence = (
        'no way out of "{subject}" is open to a deal with {example}; give it one, or write `when: else` on the last'
    )
    details = {"example": worded(inquiry.process, found)}
    yield Flaw(Finding("branch-gap", place, sentence, subject=stage.id, kind="stage", details=details), found)


def _without_way(inquiry: Inquiry, stage: Stage, formulas: dict[str, Formula], played: Played) -> Example | Nowhere:
    """A deal to which all ways are closed for certain, or not known to be open although all that they read is filled in."""
    whens = [way.when for way in stage.next.values() if way.when is not None and way.when.text != ELSE]
    read = sorted(frozenset[str]().union(*(when.fields for when in whens)))
    asked = [[(each, FALSE) for each in formulas.values()]]
    if read:
        filled = (inquiry.atoms.filled(read), TRUE)
        asked.append([filled, *((each, FALSE | UNKNOWN) for each in formulas.values())])
    thought_of = False
    for wanted in asked:
        found = inquiry.search.example(wanted)
        there = met_in(inquiry, stage, played, wanted, found) if found is not None else None
        if there is not None:
            return there
        thought_of = thought_of or found is not None
    return Nowhere(
        "one of its ways is open to every deal that can be in it, as soon as all that they read is filled in"
        if thought_of
        else "whatever is filled in, one of its ways is open as soon as all that they read is"
    )


def _overlap(inquiry: Inquiry, stage: Stage, formulas: dict[str, Formula], played: Played) -> Iterator[Answer]:
    pairs = [pair for pair in combinations(formulas, 2) if not any(_is_else(stage, target) for target in pair)]
    thought_of = False
    try:
        for one, other in pairs:
            wanted = [(formulas[one], TRUE), (formulas[other], TRUE)]
            found = inquiry.search.example(wanted)
            there = met_in(inquiry, stage, played, wanted, found) if found is not None else None
            if there is not None:
                yield _several(inquiry, stage, (one, other), there)
                return
            thought_of = thought_of or found is not None
    except Undecided:
        place = Place(("stages", stage.id, "next"), "key")
        yield Open("branch-overlap", place, stage.id, inquiry.remedy([*formulas.values()]))
        return
    if pairs:
        whom = " to any deal that can be in it" if thought_of else ", whatever is filled in"
        yield Proved("branch-overlap", stage.id, f"at most one of its ways is open{whom}")


def _several(inquiry: Inquiry, stage: Stage, pair: tuple[str, str], found: Example) -> Flaw:
    place = Place(("stages", stage.id, "next", pair[1], "when"))
    sentence = (
        'the ways from "{subject}" to {one} and to {other} are both open to a deal with {example}: the seller chooses; '
        "leave it so, or let one of them exclude the other"
    )
    details = {"one": pair[0], "other": pair[1], "example": worded(inquiry.process, found)}
    return Flaw(Finding("branch-overlap", place, sentence, subject=stage.id, kind="stage", details=details), found)


def _is_else(stage: Stage, target: str) -> bool:
    when = stage.next[target].when
    return when is not None and when.text == ELSE
