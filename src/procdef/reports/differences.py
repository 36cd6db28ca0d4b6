"""What differs between two versions of a process, in words and as text."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from procdef.expression import Expression
from procdef.model import ProcessDefinition, Stage

_PARTS = ("entry_criteria", "exit_criteria", "required_actions", "optional_actions", "next", "back")
_UNTOLD = {"line", "id", "stage", "path"}
_OF_THE_PROCESS = ("title", "description", "languages", "currency", "deal", "lost", "goals", "measures")


@dataclass(frozen=True, slots=True)
class Difference:
    """``what``: ``process``, ``role``, ``field``, ``stage``, ``criterion``, ``action``, ``way``, ``back``, or ``text`` (the
    unified diff of the sources, a line in each of ``details``). ``change``: ``added``, ``removed`` or ``changed``, then with
    ``details``, ``key: old -> new``. ``old`` and ``new`` are the lines in each version."""

    what: str
    id: str
    change: str
    details: tuple[str, ...] = ()
    old: int | None = None
    new: int | None = None


def differences(old: ProcessDefinition, new: ProcessDefinition) -> Iterator[Difference]:
    """Part by part, and last the text."""
    details = tuple(_details(old, new, _OF_THE_PROCESS))
    if details:
        yield Difference("process", new.id, "changed", details)
    before, after = _parts(old), _parts(new)
    for key in (*before, *(key for key in after if key not in before)):
        was, now = before.get(key), after.get(key)
        if was is None or now is None:
            yield Difference(*key, "added" if was is None else "removed", (), _line(was), _line(now))
        elif details := tuple(_details(was, now, _names(was))):
            yield Difference(*key, "changed", details, _line(was), _line(now))
    text = tuple(
        difflib.unified_diff(
            _lines(old), _lines(new), f"{old.id}@{old.version}", f"{new.id}@{new.version}", lineterm=""
        )
    )
    if text:
        yield Difference("text", f"{old.id}@{old.version} -> {new.id}@{new.version}", "changed", text)


def _parts(definition: ProcessDefinition) -> dict[tuple[str, str], Any]:
    """Everything that has an id, by what it is and its path."""
    found: dict[tuple[str, str], Any] = {("role", name): role for name, role in definition.roles.items()}
    found |= {("field", name): field for name, field in definition.fields.items()}
    for stage in definition.stages.values():
        found["stage", stage.id] = stage
        found |= {("criterion", path): each for path, each in definition.criteria.items() if each.stage == stage.id}
        found |= {("action", path): each for path, each in definition.actions.items() if each.stage == stage.id}
        found |= {("way", f"{stage.id} -> {target}"): way for target, way in stage.next.items()}
        found |= {("back", f"{stage.id} -> {target}"): way for target, way in stage.back.items()}
    return found


def _names(part: Any) -> tuple[str, ...]:
    """The keys of a part that are its own."""
    passed = _UNTOLD | {*_PARTS} if isinstance(part, Stage) else _UNTOLD
    return tuple(field.name for field in fields(part) if field.name not in passed)


def _details(old: Any, new: Any, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield f"{name}: {_shown(was)} -> {_shown(now)}"


def _shown(value: Any) -> str:
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, Expression):
        return value.text
    if is_dataclass(value) and type(value).__str__ is object.__str__:
        given = ((field.name, getattr(value, field.name)) for field in fields(value) if field.name != "line")
        return ", ".join(f"{name} {_shown(each)}" for name, each in given if each not in (None, (), {}, False))
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_shown(each)}" for name, each in value.items())
    return str(value)


def _line(part: Any) -> int | None:
    return part.line if part is not None else None


def _lines(definition: ProcessDefinition) -> list[str]:
    return definition.source.decode("utf-8", "replace").splitlines()
