"""What is wrong in a file, where, and how to fix it.

A finding is data: a code, a place and what it is about. Its message is made by ``message_of`` when the place becomes lines
and columns, so that nothing in between can depend on its words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from itertools import islice
from typing import Any, Literal

from procdef.unsafe_characters import encodable

Route = tuple[str | int, ...]
"""The keys and list positions that lead to a place: ``("stages", "booking", "entry_criteria", "fits_profile")``."""


def lies_in(route: Route, parts: Container[Route]) -> bool:
    """Whether a place is one of these parts, or lies in one."""
    return any(route[:length] in parts for length in range(1, len(route) + 1))


SubjectKind = Literal[
    "action",
    "character",
    "column",
    "criterion",
    "event",
    "field",
    "file",
    "key",
    "language",
    "objection",
    "option",
    "person",
    "reason",
    "role",
    "score",
    "stage",
    "text",
    "time",
    "value",
    "way",
]
"""What kind of thing a finding is about."""


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
    """A place in a definition by its route: the key or the value there, or characters ``start`` to ``end`` of its scalar.

    What is found while a file is read has the part ``file``: ``start`` and ``end`` are then characters of the whole file.
    """

    route: Route
    part: Literal["key", "value", "file"] = "value"
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, at a place named by its route (for an expression by itself: by characters of it, without a route).

    ``sentence`` is a constant of the program, in which ``{subject}``, ``{key}``, ``{fix}``, ``{near}`` (the first of
    ``candidates``), ``{hint}`` (`` (did you mean "near"?)``, or nothing) and the names in ``details`` are filled in at the end.

    ``subject`` is what the finding is about, as it is written in the file (a whole path for an action), and ``kind`` what
    that is; ``candidates`` are the known names that were likely meant instead, the likeliest first; ``key`` is the key of
    the language that is asked for, or under which the subject stands; ``fix`` is the text that would stand there instead.
    """

    code: str
    place: Place
    sentence: str
    related: tuple[tuple[Place, str], ...] = ()
    fix: str | None = None
    subject: str | None = None
    kind: SubjectKind | None = None
    candidates: tuple[str, ...] = ()
    key: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)


_BLANK = re.compile(r"\{([a-z_]+)\}")


def message_of(finding: Finding) -> str:
    """The message of a finding: its sentence with everything filled in. Braces that name nothing stay as they are."""
    near = next(iter(finding.candidates), None)
    known: dict[str, object] = {
        "subject": finding.subject,
        "key": finding.key,
        "fix": finding.fix,
        "near": near,
        "hint": f' (did you mean "{near}"?)' if near else "",
        **finding.details,
    }
    return _BLANK.sub(lambda blank: str(known.get(blank[1], blank[0])), finding.sentence)


_IN_ITS_PLACE = {"main": True}
"""Of a field whose own fields stand in its place in JSON."""


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that has to do with a diagnostic ("first defined here")."""

    span: Span = field(metadata=_IN_ITS_PLACE)
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with its severity, its place in the text and its message, as ``check`` reports it."""

    code: str
    severity: Severity
    span: Span = field(metadata=_IN_ITS_PLACE)
    message: str
    related: tuple[Related, ...] = ()
    fix: str | None = None
    subject: str | None = None
    kind: SubjectKind | None = None
    candidates: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """What the command line prints of it as JSON."""
        fix, subject = (None if text is None else encodable(text) for text in (self.fix, self.subject))
        return {
            "code": self.code, "severity": str(self.severity), **_as_dict(self.span), "message": encodable(self.message),
            "related": [{**_as_dict(item.span), "message": encodable(item.message)} for item in self.related],
            "fix": fix, "subject": subject, "kind": self.kind, "candidates": [encodable(each) for each in self.candidates],
        }  # fmt: skip


def _as_dict(span: Span) -> dict[str, Any]:
    return {
        "path": encodable(span.path), "line": span.line, "column": span.column, "end_line": span.end_line,
        "end_column": span.end_column,
    }  # fmt: skip


_MOST_COMPARED = 30_000
_LONGEST_GUESSED = 100
_MOST_LISTED = 40
_left: ContextVar[int | None] = ContextVar("comparisons of words left", default=None)


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that was likely meant; ``None`` where none is close, or where ``sparing`` allows no more comparisons."""
    left = _left.get()
    if len(word) > _LONGEST_GUESSED or (left is not None and left < len(known)):
        return None
    if left is not None:
        _left.set(left - len(known))
    return next((one for one in get_close_matches(word, known, 3) if _is_slip(word, one)), None)


def _is_slip(word: str, known: str) -> bool:
    """Whether somebody who means a known word may write this one: a few letters differ, or some of its words are left out."""
    head, dot, tail = known.rpartition(".")
    if dot and word.startswith(head + dot):
        return _is_slip(word.removeprefix(head + dot), tail)
    short, long = sorted((word.lower(), known.lower()), key=len)
    whole = len(short) >= _LEAST_WORD and f"_{short}_" in f"_{long}_".replace("-", "_")
    slips = max(2 if short[:1] == long[:1] else 1, len(short) // _LETTERS_A_SLIP)
    return whole or _differences(word.lower(), known.lower()) <= slips


_LEAST_WORD = 4
_LETTERS_A_SLIP = 3


def _differences(one: str, other: str) -> int:
    """How many letters are left out, put in, changed or swapped with their neighbour from one word to the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        earlier, before, row = before, row, [place]
        for at, due in enumerate(other, 1):
            row.append(min(before[at] + 1, row[-1] + 1, before[at - 1] + (letter != due)))
            if at > 1 and place > 1 and letter == other[at - 2] and one[place - 2] == due:
                row[at] = min(row[at], earlier[at - 2] + 1)
    return row[-1]


def listed(names: Collection[str]) -> str:
    """The names, separated by commas; of very many only the first."""
    shown = ", ".join(islice(names, _MOST_LISTED))
    return shown if len(names) <= _MOST_LISTED else f"{shown} and {len(names) - _MOST_LISTED} more"


@contextmanager
def sparing() -> Iterator[None]:
    """Limit how many words ``nearest`` compares in this block, so that even thousands of faults are found quickly."""
    token = _left.set(_MOST_COMPARED)
    try:
        yield
    finally:
        _left.reset(token)
