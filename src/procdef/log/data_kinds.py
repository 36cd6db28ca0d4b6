"""What kinds of values stand in the data of each type of event, once its personal values are back in their places.

Which keys there are, ``format`` knows; what the values may be, the meaning. Here is only what any reader must be able to rely
on before it looks closer: that a text is a text, and a list of events a list of whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any, NamedTuple

from procdef.log.envelope import is_hash, is_stream, is_time

Kind = type | Callable[[Any], bool]
"""A type that a value has, exactly, or a question that it answers."""


class Form(NamedTuple):
    """``needed`` are the keys that are never absent: what is personal may have been erased, so none of that is among them."""

    needed: tuple[str, ...]
    kinds: Mapping[str, Kind]


def misshapen(kind: str, data: Mapping[str, Any], sealed: Container[str] = ()) -> str | None:
    """The first key of the data of an event of this type that is missing, or holds another kind of value; types and keys
    that are not known are passed over. What is said to be a personal value, at the pointers ``sealed``, may be gone."""
    form = FORMS.get(kind)
    if form is None:
        return None
    needed, kinds = form
    for key in needed:
        if key not in data and f"/{key}" not in sealed:
            return key
    for key in data:
        value, wanted = data[key], kinds.get(key)
        if value.__class__ is not wanted and wanted is not None and (wanted.__class__ is type or not wanted(value)):
            return key
    return None


def _text(value: Any) -> bool:
    """A free text: never an empty one."""
    return type(value) is str and value != ""


_ONLY_TEXTS = frozenset((str,))


def _texts(value: Any) -> bool:
    return type(value) is list and _ONLY_TEXTS.issuperset(map(type, value))


def _some_texts(value: Any) -> bool:
    return _texts(value) and bool(value)


def _numbers(value: Any) -> bool:
    """Numbers of events, at least one."""
    return type(value) is list and bool(value) and all(type(each) is int and each > 0 for each in value)


def _objects(value: Any) -> bool:
    return type(value) is list and all(type(each) is dict for each in value)


def _ids(value: Any) -> bool:
    """The stage, side and id of a criterion."""
    return type(value) is dict and all(type(value.get(key)) is str for key in ("stage", "side", "id"))


def _evidence(value: Any) -> bool:
    return type(value) is dict and all(map(_text, value.values()))


_FACTS = {"now": str, "today": str, "stage_age": int, "criteria": dict, "actions": dict, "branches": dict, "values": dict}


def _facts(value: Any) -> bool:
    if type(value) is not dict or "now" not in value or "today" not in value or "stage_age" not in value:
        return False
    for key in value:
        each, wanted = value[key], _FACTS.get(key)
        if each.__class__ is not wanted and wanted is not None:
            return False
        if wanted is dict and not each:
            return False
    return True


def _arguments(value: Any) -> bool:
    if type(value) is not dict or type(value.get("values", {})) is not dict:
        return False
    return all(_text(value[name]) for name in ("key", "reason", "note", "evidence") if name in value)


def _filter(value: Any) -> bool:
    """What of the log left it: between which times, of which deals, with or without personal values."""
    if type(value) is not dict or type(value.get("with_personal")) is not bool:
        return False
    if not all(is_time(value[end]) for end in ("from", "to") if end in value):
        return False
    return "deals" not in value or (_some_texts(value["deals"]) and all(map(_is_deal, value["deals"])))


def _is_deal(stream: str) -> bool:
    return stream.startswith("deal:") and is_stream(stream)


def _count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _places(value: Any) -> bool:
    """``[stream, n]`` of events, at least one."""
    return type(value) is list and bool(value) and all(map(_is_place, value))


def _is_place(value: Any) -> bool:
    return type(value) is list and len(value) == 2 and type(value[0]) is str and _is_number(value[1])


def _leaves(value: Any) -> bool:
    """``[stream, n, pointer]`` of personal values, at least one."""
    return type(value) is list and bool(value) and all(map(_is_leaf, value))


def _is_leaf(value: Any) -> bool:
    return type(value) is list and len(value) == 3 and _is_place(value[:2]) and type(value[2]) is str


def _is_number(value: Any) -> bool:
    return type(value) is int and value > 0


def _form(needed: Mapping[str, Kind] | None = None, /, **optional: Kind) -> Form:
    certain = needed or {}
    return Form(tuple(certain), {**certain, **optional})


_VALUES: Mapping[str, Kind] = {"values": dict, "unset": _texts, "changed": _texts}
_DEFINITION: Mapping[str, Kind] = {"id": str, "version": int, "lang": int, "sha256": is_hash}

FORMS: Mapping[str, Form] = {
    "deal.started": _form(
        {"process": str, "stage": str, "values": dict, "facts": _facts}, key=_text, due=str, **{"from": str}
    ),
    "deal.recorded": _form(_VALUES),
    "deal.corrected": _form(_VALUES, reason=_text),
    "action.completed": _form(
        {"action": str, "facts": _facts}, way=str, evidence=_evidence, decision=str, milestone=str, note=_text
    ),
    "action.voided": _form({"action": str, "by_fields": _texts}),
    "criterion.waived": _form({"criterion": _ids, "reads": _texts}, reason=_text),
    "stage.advanced": _form(
        {"from": str, "to": str, "facts": _facts}, reason=_text, waivers=_numbers, unfinished=_some_texts, due=str
    ),
    "stage.returned": _form({"from": str, "to": str}, reason=_text, due=str),
    "deal.won": _form({"stage": str}),
    "deal.lost": _form({"reason": str}, note=_text, after_won=bool),
    "deal.reopened": _form(reason=_text, due=str),
    "deal.finished": _form({"facts": _facts}, waivers=_numbers),
    "deal.assigned": _form({"to": str}),
    "deal.noted": _form(kind=str, objection=str, text=_text),
    "step.refused": _form({"do": str, "arguments": _arguments, "unmet": _objects, "facts": _facts}),
    "definition.published": _form(_DEFINITION),
    "privacy.erased": _form({"basis": str, "leaves": _leaves}),
    "privacy.purged": _form({"events": _places}),
    "log.created": _form({"software": _text}),
    "log.exported": _form({"what": _text, "filter": _filter, "rows": _count, "sha256": is_hash}),
    "log.rekeyed": _form({"new": str, "signature": str}, old=str),
    "log.moved": _form({"to": str}),
    "log.opened": _form({"from": str}),
}
"""By type of event."""
