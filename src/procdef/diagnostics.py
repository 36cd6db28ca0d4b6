"""What is wrong in a file, where, and how to mend it.

A rule names a place by its *route* (the keys that lead to it) and never handles line numbers; the reader knows where each
route stands in the text and turns a ``Finding`` into a ``Diagnostic``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from itertools import islice
from typing import Literal

Route = tuple[str | int, ...]
"""The keys and list positions that lead to a place: ``("stages", "booking", "entry_criteria", "fits_profile")``."""


class Severity(StrEnum):
    """How bad a finding is; only errors keep a definition from being used."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text. Lines and columns count from 1, columns in characters; ``end_column`` is the column after the last."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a definition by its route: the key or the value there, or characters ``start`` to ``end`` of its scalar."""

    route: Route
    part: Literal["key", "value"] = "value"
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong inside one text, such as an expression: ``start`` to ``end`` are characters of that text."""

    code: str
    start: int
    end: int
    message: str
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, at a place still named by its route. ``fix`` is the text that would stand there instead."""

    code: str
    place: Place
    message: str
    related: tuple[tuple[Place, str], ...] = ()
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that has to do with a diagnostic ("first defined here")."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with its severity and its place in the text, as ``check`` reports it."""

    code: str
    severity: Severity
    span: Span
    message: str
    related: tuple[Related, ...] = ()
    fix: str | None = None


_MOST_COMPARED = 30_000
_LONGEST_GUESSED = 100
_MOST_LISTED = 40
_left: ContextVar[int | None] = ContextVar("comparisons of words left", default=None)


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that was likely meant; ``None`` also where ``sparing`` has no time left for guesses."""
    left = _left.get()
    if len(word) > _LONGEST_GUESSED or (left is not None and left < len(known)):
        return None
    if left is not None:
        _left.set(left - len(known))
    return next(iter(get_close_matches(word, known, 1)), None)


def listed(names: Collection[str]) -> str:
    """The names for a message; of very many, the first."""
    shown = ", ".join(islice(names, _MOST_LISTED))
    return shown if len(names) <= _MOST_LISTED else f"{shown} and {len(names) - _MOST_LISTED} more"


@contextmanager
def sparing() -> Iterator[None]:
    """Within this, ``nearest`` compares so many words and no more: a file with thousands of faults is told soon, too."""
    token = _left.set(_MOST_COMPARED)
    try:
        yield
    finally:
        _left.reset(token)
