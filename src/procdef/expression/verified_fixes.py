"""Which of the offered fixes mend an expression: each is tried, and one that would be refused is not offered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from procdef.diagnostics import Finding

_NO_FORM = '"{wrong}" does not fit here: an expression compares fields with values, as in price >= 3000 and source == fair'
_MOST_STEPS = 3

Faults = tuple[Finding, ...]


def verified(text: str, faults: Faults, compiled: Callable[[str], Faults]) -> Iterator[Finding]:
    """The faults of an expression, with those fixes alone that mend; ``compiled`` tells the faults of another text."""
    for fault in faults:
        if fault.fix is None or _mends(text, fault, faults, compiled):
            yield fault
        elif (longer := _continued(text, fault, compiled)) is not None:
            yield longer
        elif "{fix}" not in fault.sentence:
            yield replace(fault, fix=None)
        else:
            wrong = text[fault.place.start or 0 : fault.place.end]
            yield replace(fault, fix=None, sentence=_NO_FORM, details={**fault.details, "wrong": wrong})


def _mends(text: str, fault: Finding, faults: Faults, compiled: Callable[[str], Faults]) -> bool:
    written, end = _applied(text, fault)
    after = compiled(written)
    if not after or written == text:
        return written != text
    if fault.code == "expression-syntax":  # only the first fault is known: another one further on was there before
        return written[end : after[0].place.start].strip() != ""
    return not Counter(map(_named, after)) - Counter(_named(other) for other in faults if other is not fault)


def _continued(text: str, fault: Finding, compiled: Callable[[str], Faults]) -> Finding | None:
    """The fault with a longer fix, where what follows is mended too: ``is greater than 15`` becomes ``> 15 %``."""
    start, longer = fault.place.start or 0, fault
    for _ in range(_MOST_STEPS):
        written, end = _applied(text, longer)
        following = next(iter(compiled(written)), None)
        if following is None:
            return longer
        if following.fix is not None and (following.place.start, following.place.end) == (start, end) and longer is fault:
            whole = replace(following, place=fault.place)  # the same piece, read otherwise: 0,15 is 0.15, which lacks its unit
            return whole if not compiled(_applied(text, whole)[0]) else None
        if following.fix is None or (following.place.start or 0) < end:
            return None
        mended, last = _applied(written, following)
        beyond = (following.place.end or 0) - len(written) + len(text)
        longer = replace(fault, place=replace(fault.place, end=beyond), fix=mended[start:last])
    return None


def _applied(text: str, fault: Finding) -> tuple[str, int]:
    """The text with a fix in its place, and where that ends."""
    start, end, fix = fault.place.start or 0, fault.place.end or 0, fault.fix or ""
    return text[:start] + fix + text[end:], start + len(fix)


def _named(fault: Finding) -> tuple[str, str | None]:
    return fault.code, fault.subject
