"""Conditions that decide nothing, because they are true, or never true, whatever is recorded."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding
from procdef.proof.formulas import FALSE, TRUE, UNKNOWN, Formula
from procdef.proof.gates import Gates
from procdef.proof.guaranteed import Fact, in_stage, on_the_way
from procdef.proof.inquiry import Answer, Condition, Flaw, Inquiry, Open, Proved
from procdef.proof.integers import Undecided
from procdef.proof.told import worded


def decisive_conditions(inquiry: Inquiry) -> Iterator[Answer]:
    """``always-true`` and ``never-true``."""
    for condition in inquiry.conditions:
        yield from _judged(inquiry, condition)


def _judged(inquiry: Inquiry, condition: Condition) -> Iterator[Answer]:
    formula = inquiry.formula(condition)
    try:
        true = inquiry.search.example([(formula, TRUE)])
        if true is None:
            yield Flaw(_finding(condition, "never-true", _NEVER))
            return
        false = inquiry.search.example([(formula, FALSE)])
        unknown = inquiry.search.example([(formula, UNKNOWN)]) if false is None else None
    except Undecided:
        yield Open("always-true", condition.place, condition.subject, inquiry.remedy([formula]))
        return
    if false is None:
        sentence = _ALWAYS if unknown is None else _ONCE_FILLED
        yield Flaw(_finding(condition, "always-true", sentence))
        return
    because = _because(inquiry, condition)
    if because is not None:
        yield because
        return
    told = f"can be true ({worded(inquiry.process, true)}) and false ({worded(inquiry.process, false)})"
    yield Proved("always-true", condition.subject, told)


def _because(inquiry: Inquiry, condition: Condition) -> Flaw | None:
    """That a condition decides nothing where it stands, because of what came before."""
    formula, told = inquiry.formula(condition), dict[str, list[str]]()
    try:
        for facts in _known_there(inquiry, condition):
            held = [(fact.formula, TRUE) for fact in facts]
            holds = inquiry.search.example([(formula, TRUE), *held]) is not None
            fails = inquiry.search.example([(formula, FALSE | UNKNOWN), *held]) is not None
            code = "always-true" if holds else "never-true"
            if holds == fails or (told and code not in told):
                return None
            if fails and _is_entry(inquiry, condition):
                return None  # told as a deadlock, or as a way that no deal takes
            about = told.setdefault(code, [])
            needed = _needed(inquiry, formula, TRUE if fails else FALSE | UNKNOWN, facts)
            about += [each for each in needed if each not in about]
    except Undecided:
        return None
    for code, about in told.items():
        sentence = _ALWAYS_THERE if code == "always-true" else _NEVER_THERE
        return Flaw(_finding(condition, code, sentence, because=" and ".join(f'"{each}"' for each in about)))
    return None


def _known_there(inquiry: Inquiry, condition: Condition) -> Iterator[list[Fact]]:
    """What is known of the deals of which a condition is asked, at each place at which it is."""
    process, gates = inquiry.process, Gates(inquiry.process, inquiry.atoms)
    where = str(condition.place.route[1])
    if condition.kind == "score":
        return
    if not _is_entry(inquiry, condition):
        yield in_stage(gates, where)
        return
    for stage in process.stages.values() if not process.stages[where].start else ():
        if where in stage.next:
            yield on_the_way(gates, stage, where)


def _is_entry(inquiry: Inquiry, condition: Condition) -> bool:
    return condition.kind == "criterion" and inquiry.process.criteria[condition.subject].side == "entry"


def _needed(inquiry: Inquiry, formula: Formula, excluded: int, facts: list[Fact]) -> list[str]:
    """Because of what a condition does not come to that: the last fact is left out first."""
    left = list(facts)
    for fact in reversed(facts):
        fewer = [each for each in left if each is not fact]
        if inquiry.search.example([(formula, excluded), *((each.formula, TRUE) for each in fewer)]) is None:
            left = fewer
    return list(dict.fromkeys(each.about for each in left))


def _finding(condition: Condition, code: str, sentence: str, **more: str) -> Finding:
    fields = sorted(condition.expression.fields)
    details = {"word": condition.word, "text": condition.expression.text, "fields": ", ".join(fields), **more}
    return Finding(code, condition.place, sentence, subject=condition.subject, kind=condition.kind, details=details)


_NEVER = (
    'no values make the `{word}` of "{subject}" true: {text}; '
    "look at its signs, and at `min`, `max` and the options of the fields that it reads"
)
_ALWAYS = 'every deal meets the `{word}` of "{subject}": {text}; leave it out, or write what it is to keep out'
_ONCE_FILLED = (
    'the `{word}` of "{subject}" is true for all values of {fields}: {text}; '
    "write `require` if they are only to be filled in, or what it is to keep out"
)
_NEVER_THERE = (
    'no deal that is asked meets the `{word}` of "{subject}": {text}, because of {because}, which is asked for before; '
    "mend one of the two"
)
_ALWAYS_THERE = (
    'every deal that is asked meets the `{word}` of "{subject}": {text}, because of {because}, which is asked for before; '
    "leave it out, or write what it is to keep out"
)
