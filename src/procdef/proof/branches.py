"""Stages whose ways all have a ``when``: values for which none is open, and values for which several are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from procdef.diagnostics import Finding, Place
from procdef.expression import ELSE
from procdef.model import Stage
from procdef.proof.formulas import FALSE, TRUE, UNKNOWN, Formula
from procdef.proof.inquiry import Answer, Flaw, Inquiry, Open, Proved
from procdef.proof.integers import Undecided
from procdef.proof.search import Example
from procdef.proof.told import worded


def branches(inquiry: Inquiry) -> Iterator[Answer]:
    """``branch-gap`` and ``branch-overlap``."""
    for stage in inquiry.process.stages.values():
        if len(stage.next) > 1 and all(way.when is not None for way in stage.next.values()):
            formulas = {target: inquiry.atoms.way(stage, target) for target in stage.next}
            yield from _gap(inquiry, stage, formulas)
            yield from _overlap(inquiry, stage, formulas)


def _gap(inquiry: Inquiry, stage: Stage, formulas: dict[str, Formula]) -> Iterator[Answer]:
    place = Place(("stages", stage.id, "next"), "key")
    try:
        found = _without_way(inquiry, stage, formulas)
    except Undecided:
        yield Open("branch-gap", place, stage.id, inquiry.remedy([*formulas.values()]))
        return
    if found is None:
        yield Proved(
            "branch-gap", stage.id, "whatever is filled in, one of its ways is open as soon as all that they read is"
        )
        return
    sentence = (
        'no way out of "{subject}" is open to a deal with {example}; give it one, or write `when: else` on the last'
    )
    details = {"example": worded(inquiry.process, found)}
    yield Flaw(Finding("branch-gap", place, sentence, subject=stage.id, kind="stage", details=details), found)


def _without_way(inquiry: Inquiry, stage: Stage, formulas: dict[str, Formula]) -> Example | None:
    """A deal to which all ways are closed for certain, or not known to be open although all that they read is filled in."""
    found = inquiry.search.example([(each, FALSE) for each in formulas.values()])
    if found is not None:
        return found
    whens = [way.when for way in stage.next.values() if way.when is not None and way.when.text != ELSE]
    read = sorted(frozenset[str]().union(*(when.fields for when in whens)))
    filled = (inquiry.atoms.filled(read), TRUE)
    return inquiry.search.example([filled, *((each, FALSE | UNKNOWN) for each in formulas.values())]) if read else None


def _overlap(inquiry: Inquiry, stage: Stage, formulas: dict[str, Formula]) -> Iterator[Answer]:
    pairs = [pair for pair in combinations(formulas, 2) if not any(_is_else(stage, target) for target in pair)]
    try:
        for one, other in pairs:
            found = inquiry.search.example([(formulas[one], TRUE), (formulas[other], TRUE)])
            if found is not None:
                yield _several(inquiry, stage, (one, other), found)
                return
    except Undecided:
        place = Place(("stages", stage.id, "next"), "key")
        yield Open("branch-overlap", place, stage.id, inquiry.remedy([*formulas.values()]))
        return
    if pairs:
        yield Proved("branch-overlap", stage.id, "at most one of its ways is open, whatever is filled in")


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
