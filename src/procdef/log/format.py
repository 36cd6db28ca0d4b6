"""What format 1 of the log knows: every type of event, and every key in it.

A reader that meets anything else was not made for that log. Keys that begin a map of ids (criteria, actions, branches,
values), what someone asked for in vain (``arguments``) and others' additions (``ext``, types that begin with ``x-``)
are free.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

FORMAT = 1
"""``v`` of the events that this procdef writes and reads."""

LANGUAGE = 1
"""The newest language of definitions (``procdef: 1``) that this procdef reads."""


class Shape(NamedTuple):
    """The known keys of an object; ``inner`` are those that hold an object, or a list of objects, of a known shape.
    Under the others anything may stand."""

    keys: frozenset[str]
    inner: tuple[tuple[str, Shape], ...] = ()

    def below(self, key: str) -> Shape | None:
        """The shape of what stands under that key, where it has one."""
        return next((shape for name, shape in self.inner if name == key), None)


def _keys(names: str, **inner: Shape) -> Shape:
    return Shape(frozenset((*names.split(), *inner)), tuple(inner.items()))


PERSON = _keys("id auth roles from")
_FACTS = _keys("now today stage_age criteria actions branches values")
DEFINITION = _keys("id version lang sha256")

ENVELOPE = _keys(
    "v log id stream n prev type at via data happened ext private",
    **{"by": PERSON, "for": PERSON, "cmd": _keys("id i of"), "definition": DEFINITION},
)

DATA: Mapping[str, Shape] = {
    "deal.started": _keys("key process stage values from due", facts=_FACTS),
    "deal.recorded": _keys("values unset changed"),
    "deal.corrected": _keys("values unset changed reason"),
    "action.completed": _keys(
        "action way decision milestone note", evidence=_keys("kind text url name sha256"), facts=_FACTS
    ),
    "action.voided": _keys("action by_fields"),
    "criterion.waived": _keys("reads reason", criterion=_keys("stage side id")),
    "stage.advanced": _keys("from to reason waivers unfinished due", facts=_FACTS),
    "stage.returned": _keys("from to reason due"),
    "deal.won": _keys("stage"),
    "deal.lost": _keys("reason note after_won"),
    "deal.reopened": _keys("reason due"),
    "deal.finished": _keys("waivers", facts=_FACTS),
    "deal.assigned": _keys("to"),
    "deal.noted": _keys("kind objection text"),
    "step.refused": _keys("do arguments", unmet=_keys("code about roles"), facts=_FACTS),
    "definition.published": DEFINITION,
    "privacy.erased": _keys("basis leaves"),
    "privacy.purged": _keys("events"),
    "log.created": _keys("software"),
    "log.exported": _keys("what rows sha256", filter=_keys("from to deals with_personal")),
    "log.rekeyed": _keys("old new signature"),
    "log.moved": _keys("to"),
    "log.opened": _keys("from"),
}


UNMET = frozenset((
    "closed", "not-declared", "elsewhere", "not-yours", "no-such-move", "not-on-path", "not-won", "no-target",
    "several-targets", "several-criteria", "branch-closed", "action-open", "when-unknown", "when-false", "needs-open",
    "criterion-unmet", "criterion-unknown", "not-waivable", "already-met", "reason-missing", "note-missing", "way-missing",
    "evidence-missing", "decision-missing", "records-unset", "bad-value", "gate-shut", "four-eyes", "too-late",
))  # fmt: skip
"""The codes of what can stand in a step's way."""


def unknown(event: Mapping[str, Any]) -> str | None:
    """What of an event only a later procdef knows, in words; ``None`` where this one knows all of it."""
    if event.get("v") != FORMAT:
        return f"format {event.get('v')}"
    if found := _stranger(event, ENVELOPE):
        return f"the key {found}"
    named = event.get("definition")
    lang = named.get("lang") if isinstance(named, dict) else LANGUAGE
    if not isinstance(lang, int) or lang > LANGUAGE:
        return f"a definition in language {lang}"
    return unknown_data(event)


def unknown_data(event: Mapping[str, Any]) -> str | None:
    """As ``unknown``, for an event of whose envelope all is known."""
    kind = str(event.get("type"))
    if kind.startswith("x-"):
        return None
    shape = DATA.get(kind)
    if shape is None:
        return f"the type {kind}"
    found = _stranger(event.get("data"), shape) or ("private" in event and _sealed(event["private"], shape))
    return f"the key data.{found}" if found else None


def _stranger(found: Any, shape: Shape) -> str | None:
    """The first key, with its path, that the shape lacks. A list within a list has no shape here."""
    if isinstance(found, list):
        return next(filter(None, (_stranger(item, shape) for item in found if isinstance(item, dict))), None)
    if not isinstance(found, dict):
        return None
    if not shape.keys.issuperset(found):
        return str(min(set(found) - shape.keys))
    for name, below in shape.inner:
        inner = found.get(name)
        if inner is None or (inner.__class__ is dict and not below.inner and below.keys.issuperset(inner)):
            continue
        if deeper := _stranger(inner, below):
            return f"{name}.{deeper}"
    return None


def _sealed(pointers: Mapping[str, Any], data: Shape) -> str | None:
    """The first pointer to a personal value under a key that the shape lacks: its value is not in the data."""
    for pointer in pointers:
        shape: Shape | None = data
        for name in pointer.split("/")[1:]:
            if shape is None:
                break
            if name not in shape.keys:
                return pointer.strip("/").replace("/", ".")
            shape = shape.below(name)
    return None
