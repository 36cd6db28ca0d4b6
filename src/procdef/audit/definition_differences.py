"""What differs between two versions of a process, for an auditor: by the keys of the language, and as text."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from procdef.changes.comparison import AspectChange, PartChange, compared
from procdef.model import ProcessDefinition

_ABSENT = "(none)"


@dataclass(frozen=True, slots=True)
class Difference:
    """``what``: ``process``, ``role``, ``field``, ``score``, ``stage``, ``criterion``, ``action``, ``way``, ``back``; then
    ``source`` (what changed beside the meaning: order, comments, notation) and ``text`` (the unified diff of the sources, a
    line in each of ``details``). ``change``: ``added`` or ``removed``, then ``details`` are ``key: text``; or ``changed``,
    then ``key: old -> new``. ``old`` and ``new`` are the lines in each version."""

    what: str
    id: str
    change: str
    details: tuple[str, ...] = ()
    old: int | None = None
    new: int | None = None


def differences(old: ProcessDefinition, new: ProcessDefinition) -> Iterator[Difference]:
    """Part by part, then what is no part of the meaning, and last the text."""
    if old.source == new.source:
        return
    found = compared(old, new)
    for each in found.parts:
        details = tuple(_detail(each, aspect) for aspect in each.aspects)
        yield Difference(each.what, each.id, each.change, details, _line(each.was), _line(each.now))
    name = f"{old.id}@{old.version} -> {new.id}@{new.version}"
    if found.beside:
        yield Difference("source", name, "changed", found.beside)
    text = difflib.unified_diff(
        _lines(old), _lines(new), f"{old.id}@{old.version}", f"{new.id}@{new.version}", lineterm=""
    )
    yield Difference("text", name, "changed", tuple(text))


def _detail(part: PartChange, aspect: AspectChange) -> str:
    if part.change != "changed":
        return f"{aspect.key}: {aspect.new if aspect.old is None else aspect.old}"
    old, new = (_ABSENT if text is None else text for text in (aspect.old, aspect.new))
    return f"{aspect.key}: {old} -> {new}"


def _line(part: Any) -> int | None:
    return getattr(part, "line", None) if part is not None else None


def _lines(definition: ProcessDefinition) -> list[str]:
    return definition.source.decode("utf-8", "replace").splitlines()
