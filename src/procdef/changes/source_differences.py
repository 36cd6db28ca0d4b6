"""What differs between two sources of a process beside its meaning: comments, and how it is written."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from procdef.language.yaml.nodes import MappingNode, Stretch
from procdef.language.yaml.reader import read
from procdef.model import ProcessDefinition

SAME = "nothing in the meaning changed"
WRITTEN = "written otherwise: layout, or another notation of the same"
VERSION = "nothing but the version changed"
_CUT = "\0"
"""Stands where something was cut out; no definition has this character."""


@dataclass(frozen=True, slots=True)
class Notation:
    """``comments`` in their order, and the lines of the text without them and without the number of the version."""

    comments: tuple[str, ...]
    lines: tuple[str, ...]


@lru_cache(maxsize=8)
def notation(source: bytes) -> Notation:
    """How the source of a definition is written."""
    reading = read(source, "<source>")
    text, cut = reading.text.text, list(reading.comments)
    if isinstance(reading.root, MappingNode):
        cut.append(reading.root.entries["version"].at)
    return Notation(tuple(text[at.start : at.end] for at in reading.comments), tuple(_without(text, cut)))


def written(old: ProcessDefinition, new: ProcessDefinition, *, same: bool, order: bool) -> Iterator[str]:
    """What is to be said of the sources; ``same``: in the meaning nothing changed, and of it ``order`` did.

    Where the meaning changed too, its lines are written otherwise for that alone, and only comments can be told apart.
    """
    before, after = notation(old.source), notation(new.source)
    for line in difflib.ndiff(before.comments, after.comments):
        if line[:2] in ("- ", "+ "):
            yield f"comment {'added' if line[0] == '+' else 'removed'}: {line[2:]}"
    if same and not order and before.lines != after.lines:
        yield WRITTEN
    elif same and not order and before == after and old.version != new.version:
        yield VERSION


def _without(text: str, cut: list[Stretch]) -> Iterator[str]:
    """The lines that are left, without those of which nothing is."""
    kept, end = list[str](), 0
    for at in sorted(cut, key=lambda at: at.start):
        kept += text[end : at.start], _CUT
        end = at.end
    for line in "".join([*kept, text[end:]]).split("\n"):
        left = line.replace(_CUT, "").rstrip() if _CUT in line else line
        if left or _CUT not in line:
            yield left
