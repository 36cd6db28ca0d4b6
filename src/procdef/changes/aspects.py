"""What a part of a definition says, aspect by aspect, in the words of the process language, so that two can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime, time
from functools import partial
from typing import Any

from procdef.calendar import Calendar, Duration
from procdef.expression import Expression, FieldType, Scoring
from procdef.log.event import timestamp
from procdef.model import (
    Action,
    ApproverRow,
    Field,
    Goal,
    Lost,
    ProcessDefinition,
    Reopening,
    Score,
    Stage,
    Text,
    Transition,
)

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNTOLD = frozenset({"line", "id", "stage", "path", "target", "given", "hours_given"})
_OF_PARTS = frozenset({"entry_criteria", "exit_criteria", "required_actions", "optional_actions", "next", "back"})
_OF_THE_PROCESS = (
    "title", "description", "languages", "currency", "calendar", "deal", "lost", "goals", "measures", "placeholders",
)  # fmt: skip


@dataclass(slots=True)
class Aspects:
    """``said`` are texts by the key that a definition gives them under (``sla.within``). ``order`` are, under
    such keys, ids in the order of the file, which is no part of the meaning."""

    said: dict[str, str] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)


def aspects(part: Any) -> Aspects:
    """What a role, field, score, stage, criterion, action, way or return says, or a process beside these."""
    found = Aspects()
    if isinstance(part, ProcessDefinition):
        found.said |= {"procdef": str(part.lang), "id": part.id}
        for name in _OF_THE_PROCESS:
            _add(found, name, getattr(part, name))
    else:
        _add(found, "", part)
    return found


def _add(found: Aspects, name: str, value: Any) -> None:
    """The value under that key; what is absent says nothing."""
    if value is None:
        return
    shown = _SHOWN.get(type(value))
    if shown is not None:
        found.said |= shown(name, value)
    elif isinstance(value, Mapping):
        found.order.setdefault(name, list(value))
        for key, each in value.items():
            _add(found, _under(name, key), each)
    elif isinstance(value, tuple):
        _add_list(found, name, value)
    elif is_dataclass(value):
        for key, each in _attributes(value):
            _add(found, _under(name, key) if key else name, each)
    else:
        found.said[name] = str(value).lower() if isinstance(value, bool) else str(value)


def _add_list(found: Aspects, name: str, value: tuple[Any, ...]) -> None:
    """Ids in any order but of ``languages``, whose first is the default; texts by their number."""
    if value and isinstance(value[0], Text | ApproverRow):
        for number, each in enumerate(value, 1):
            _add(found, f"{name}.{number}", each)
        return
    if value:
        found.order[name] = list(map(str, value))
        found.said[name] = ", ".join(found.order[name] if name == "languages" else sorted(found.order[name]))


def _attributes(part: Any) -> Iterator[tuple[str, Any]]:
    """What a part consists of, under the keys of the language."""
    told = _TOLD.get(type(part), {})
    for each in fields(part):
        if each.name in _UNTOLD or (isinstance(part, Stage) and each.name in _OF_PARTS):
            continue
        value = getattr(part, each.name)
        yield told[each.name](value) if each.name in told else (each.name, value)


def _under(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


def _renamed(name: str, value: Any) -> tuple[str, Any]:
    return name, value


def _choice(name: str, when: str, otherwise: str | None, value: bool) -> tuple[str, Any]:
    return name, when if value else otherwise


_TOLD: Mapping[type, Mapping[str, Callable[[Any], tuple[str, Any]]]] = {
    Calendar: {
        "country": partial(_renamed, "holidays"),
        "hours": lambda hours: ("hours", {_DAYS[day]: _hours(spans) for day, spans in sorted(hours.items())}),
        "closed": lambda days: ("closed", tuple(sorted(days))),
    },
    Field: {
        "type": partial(_renamed, ""),
        "titles": partial(_renamed, "options"),
        "columns": partial(_renamed, "items"),
    },
    FieldType: {
        "kind": lambda kind: ("type", str(kind)),
        "private": partial(_renamed, "personal"),
        "minimum": partial(_renamed, "min"),
        "maximum": partial(_renamed, "max"),
        "options": lambda _: ("options", None),
        "many": lambda many: ("many", many or None),
        "columns": lambda _: ("items", None),
        "placeholders": lambda _: ("placeholders", None),
        "required": lambda required: ("required", required or None),
    },
    Action: {"table": partial(_renamed, "by")},
    Score: {
        "rule": partial(_renamed, ""),
        "titles": lambda titles: ("points", {f"{name}.title": title for name, title in titles.items()}),
    },
    Stage: {"wins": partial(_choice, "outcome", "won", None)},
    Transition: {
        "reason_required": partial(_choice, "reason", "required", "optional"),
        "unfinished_allowed": partial(_choice, "unfinished", "allowed", "refused"),
    },
    Lost: {
        "note_required": partial(_choice, "note", "required", "optional"),
        "records": lambda records: ("reasons", {reason: {"records": names} for reason, names in records.items()}),
    },
    Reopening: {"within": lambda within: ("within", within or "always")},
}
"""Attributes that the language has another word for. A choice's options and a list's columns are told with their titles."""


def _hours(spans: tuple[tuple[Any, Any], ...]) -> str:
    return ", ".join(f"{opens:%H:%M}-{'24:00' if closes == time() else f'{closes:%H:%M}'}" for opens, closes in spans)


def _texts(name: str, text: Text) -> dict[str, str]:
    others = {f"{name} ({lang})": each for lang, each in text.texts.items() if lang != text.default}
    return {name: str(text), **others}


def _goal(name: str, goal: Goal) -> dict[str, str]:
    return {name: f"{goal.amount}" + (f" per {goal.per}" if goal.per else "")}


def _points(name: str, rule: Scoring) -> dict[str, str]:
    return {_under(name, f"points.{each.id}"): f"{each.points} when {each.when.text}" for each in rule.points}


def said_by_row(row: ApproverRow) -> str:
    """What a row of an approval table says: who decides, how many times, and where."""
    times = f", {row.at_least} times" if row.at_least > 1 else ""
    where = f"where {row.when.text}" if row.when else "in all other cases"
    return f"{', '.join(sorted(row.roles))}{times}, {where}"


def _approvers(name: str, row: ApproverRow) -> dict[str, str]:
    return {name: said_by_row(row)}


_SHOWN: Mapping[type, Callable[[str, Any], dict[str, str]]] = {
    Text: _texts,
    Expression: lambda name, value: {name: value.text},
    Duration: lambda name, value: {name: str(value)},
    Goal: _goal,
    ApproverRow: _approvers,
    Scoring: _points,
    datetime: lambda name, value: {name: timestamp(value)},
}
