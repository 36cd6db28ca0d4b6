"""Conditions that decide nothing, because they are true, or never true, whatever is recorded."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding
from procdef.proof.formulas import FALSE, TRUE, UNKNOWN
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
    if false is not None:
        told = f"can be true ({worded(inquiry.process, true)}) and false ({worded(inquiry.process, false)})"
        yield Proved("always-true", condition.subject, told)


def _finding(condition: Condition, code: str, sentence: str) -> Finding:
    fields = sorted(condition.expression.fields)
    details = {"word": condition.word, "text": condition.expression.text, "fields": ", ".join(fields)}
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
