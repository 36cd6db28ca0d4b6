"""Small parts of English sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from procdef.diagnostics import nearest


def joined(names: Iterable[str], word: str = "or") -> str:
    """``a, b or c``."""
    *most, last = [*names] or [""]
    return f"{', '.join(most)} {word} {last}" if most else last


def are(names: Collection[str]) -> str:
    """The verb for so many."""
    return "is" if len(names) == 1 else "are"


def did_you_mean(name: str, known: Collection[str]) -> str:
    """A hint at the name that is most like this one, if one is."""
    near = nearest(name, known)
    return f' (did you mean "{near}"?)' if near else ""
