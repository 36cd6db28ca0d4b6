"""What differs between two versions of a process, in words and as text."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from procdef.audit.definition_aspects import Aspects, aspects
from procdef.audit.source_differences import SAME, written
from procdef.model import ProcessDefinition

_ABSENT = "(none)"
_Parts = Mapping[tuple[str, str], Any]
_GROUPS = {"role": "roles", "field": "fields", "score": "scores", "stage": "stages"}
_OF_STAGES = {
    "criterion": ("criteria", "."), "action": ("actions", "."), "way": ("ways on", " -> "), "back": ("ways back", " -> "),
}  # fmt: skip
"""What a stage has several of, and what stands behind the stage in their ids."""


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
    before, after = _parts(old), _parts(new)
    order = list(_reordered(_groups(before), _groups(after)))
    same = True
    for key in (*before, *(key for key in after if key not in before)):
        was, now = before.get(key), after.get(key)
        left, right = _aspects(was), _aspects(now)
        for change, details in _changes(left, right):
            same = False
            yield Difference(key[0], key[1] or new.id, change, details, _line(was), _line(now))
        if left is not None and right is not None:
            order += _reordered(left.order, right.order, f" of {' '.join(filter(None, key))}")
    name = f"{old.id}@{old.version} -> {new.id}@{new.version}"
    beside = (*([SAME] if same else []), *order, *written(old, new, same=same, order=bool(order)))
    if beside:
        yield Difference("source", name, "changed", beside)
    text = difflib.unified_diff(
        _lines(old), _lines(new), f"{old.id}@{old.version}", f"{new.id}@{new.version}", lineterm=""
    )
    yield Difference("text", name, "changed", tuple(text))


def _parts(definition: ProcessDefinition) -> dict[tuple[str, str], Any]:
    """The process, and everything that has an id, by what it is and its path."""
    found: dict[tuple[str, str], Any] = {("process", ""): definition}
    found |= {("role", name): role for name, role in definition.roles.items()}
    found |= {("field", name): field for name, field in definition.fields.items()}
    found |= {("score", name): score for name, score in definition.scores.items()}
    for stage in definition.stages.values():
        found["stage", stage.id] = stage
        found |= {("criterion", path): each for path, each in definition.criteria.items() if each.stage == stage.id}
        found |= {("action", path): each for path, each in definition.actions.items() if each.stage == stage.id}
        found |= {("way", f"{stage.id} -> {target}"): way for target, way in stage.next.items()}
        found |= {("back", f"{stage.id} -> {target}"): way for target, way in stage.back.items()}
    return found


def _aspects(part: Any) -> Aspects | None:
    return aspects(part) if part is not None else None


def _changes(was: Aspects | None, now: Aspects | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    if was is None or now is None:
        said = (was or now or Aspects()).said
        yield "added" if was is None else "removed", tuple(f"{name}: {text}" for name, text in said.items())
        return
    names = (*was.said, *(name for name in now.said if name not in was.said))
    details = tuple(
        f"{name}: {was.said.get(name, _ABSENT)} -> {now.said.get(name, _ABSENT)}"
        for name in names
        if was.said.get(name) != now.said.get(name)
    )
    if details:
        yield "changed", details


def _groups(parts: _Parts) -> dict[str, list[str]]:
    """The ids of parts as they follow each other, where their order could be another."""
    found: dict[str, list[str]] = {}
    for what, name in parts:
        if what in _GROUPS:
            found.setdefault(_GROUPS[what], []).append(name)
        elif what in _OF_STAGES:
            group, sign = _OF_STAGES[what]
            found.setdefault(f"{group} of stage {name.partition(sign)[0]}", []).append(name)
    return found


def _reordered(old: Mapping[str, list[str]], new: Mapping[str, list[str]], where: str = "") -> Iterator[str]:
    for name, ids in old.items():
        if name != "languages" and _moved(ids, new.get(name, [])):
            yield f"order of {name}{where} changed"


def _moved(old: list[str], new: list[str]) -> bool:
    """Whether what both have stands in another order."""
    return [name for name in old if name in new] != [name for name in new if name in old]


def _line(part: Any) -> int | None:
    return getattr(part, "line", None) if part is not None else None


def _lines(definition: ProcessDefinition) -> list[str]:
    return definition.source.decode("utf-8", "replace").splitlines()
