"""What differs between two versions of a process, part by part and aspect by aspect: the one list of their changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from procdef.changes.aspects import Aspects, aspects
from procdef.changes.new_names import NewNames, under_new_names
from procdef.changes.source_differences import SAME, written
from procdef.model import ProcessDefinition

_Parts = Mapping[tuple[str, str], Any]
_GROUPS = {"role": "roles", "field": "fields", "score": "scores", "stage": "stages"}
_OF_STAGES = {
    "criterion": ("criteria", "."), "action": ("actions", "."), "way": ("ways on", " -> "), "back": ("ways back", " -> "),
}  # fmt: skip
"""What a stage has several of, and what stands behind the stage in their ids."""


@dataclass(frozen=True, slots=True)
class AspectChange:
    """What a part says under ``key``, in the words of the language; ``None`` is nothing."""

    key: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class PartChange:
    """``what``: ``process``, ``role``, ``field``, ``score``, ``stage``, ``criterion``, ``action``, ``way``, ``back``.

    ``change``: ``added`` or ``removed``, then ``aspects`` are all that the part says; or ``changed``, then those that differ.
    ``was`` and ``now`` are the part itself in either version, of the model.
    """

    what: str
    id: str
    change: str
    aspects: tuple[AspectChange, ...]
    was: Any
    now: Any

    @property
    def stage(self) -> str | None:
        """The id of the stage that it belongs to."""
        if self.what == "stage":
            return self.id
        return self.id.partition(_OF_STAGES[self.what][1])[0] if self.what in _OF_STAGES else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``parts`` in the order of the old version, then what is new; ``beside`` is what is no change of the meaning: another
    order, comments, notation."""

    parts: tuple[PartChange, ...]
    beside: tuple[str, ...]


def compared(old: ProcessDefinition, new: ProcessDefinition, names: NewNames | None = None) -> Comparison:
    """Everything that differs; nothing where the two have the same text.

    With ``names`` what the old version has under another id is held against what the new one has under it: that it has another
    id is told under the key ``id``, and ``was`` is the part as it reads under the new ids.
    """
    if old.source == new.source:
        return Comparison((), ())
    before, after = _parts(old if names is None else under_new_names(old, names)), _parts(new)
    former = _former(names) if names is not None else {}
    order = list(_reordered(_groups(before), _groups(after)))
    found = []
    for key in (*before, *(key for key in after if key not in before)):
        was, now = before.get(key), after.get(key)
        left, right = _aspects(was), _aspects(now)
        if left is not None and right is not None and key in former:
            left.said, right.said = {"id": former[key], **left.said}, {"id": key[1], **right.said}
        for change, details in _changes(left, right):
            found.append(PartChange(key[0], key[1] or new.id, change, details, was, now))
        if left is not None and right is not None:
            order += _reordered(left.order, right.order, f" of {' '.join(filter(None, key))}")
    beside = (*(() if found else (SAME,)), *order, *written(old, new, same=not found, order=bool(order)))
    return Comparison(tuple(found), beside)


def _former(names: NewNames) -> dict[tuple[str, str], str]:
    """The old ids of what has another one."""
    found = {("stage", now): was for was, now in names.stages.items()}
    found |= {("field", now): was for was, now in names.fields.items()}
    along = {was for was in names.actions if NewNames(names.stages).action(was) == names.actions[was]}
    return found | {("action", now): was for was, now in names.actions.items() if was not in along}


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


def _changes(was: Aspects | None, now: Aspects | None) -> Iterator[tuple[str, tuple[AspectChange, ...]]]:
    before, after = was.said if was else {}, now.said if now else {}
    names = (*before, *(name for name in after if name not in before))
    if was is None or now is None:
        change = "added" if was is None else "removed"
        yield change, tuple(AspectChange(name, before.get(name), after.get(name)) for name in names)
        return
    details = tuple(
        AspectChange(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
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
