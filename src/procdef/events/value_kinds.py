"""The kinds of values that the data of events hold.

``fits`` is what any reader must be able to rely on before it looks closer: that a text is a text, and a list of events a
list of whole numbers. What a value may be beyond that is the meaning's business; the JSON Schema says what is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from procdef.log.envelope import HASH, TIME, is_hash

Fit = type | Callable[[Any], bool]
"""The exact type of a value, or a question that it answers."""
JsonSchema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class ValueKind:
    """A kind of value, ``name`` being its name in the manual.

    Of an object, or of a list of objects (``many``), ``keys`` are the known ones, beside which, where it is ``free``, others
    may stand; ``schema`` is the JSON Schema, which follows from ``keys`` where there are some. ``words`` are what people read
    for a value that is a word of the log, ``said`` makes what they read of another.
    """

    name: str
    fits: Fit
    schema: JsonSchema = field(default_factory=dict)
    keys: tuple[Key, ...] = ()
    many: bool = False
    free: bool = False
    words: Mapping[Any, str] = field(default_factory=dict)
    said: Callable[[Any], str] | None = None

    def word(self, value: Any) -> str:
        """What people read for the value, whoever they are: without titles, and in no one language."""
        if self.said is not None:
            return self.said(value)
        if value.__class__ is list:
            return ", ".join(map(str, value))
        return self.words.get(value, str(value)) if self.words else str(value)


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """A key of the data of an event, or of an object in it. What is ``private`` stands apart from the event; it may have
    been erased; ``unless`` names another key of the event's data and the value of it with which this one is not private.
    ``note`` is what the manual says of it."""

    name: str
    kind: ValueKind
    needed: bool
    private: bool = False
    note: str = ""
    unless: tuple[str, Any] | None = None


def needed(name: str, kind: ValueKind, note: str = "", *, private: bool = False) -> Key:
    """A key that is always there."""
    return Key(name, kind, True, private, note)


def optional(
    name: str, kind: ValueKind, note: str = "", *, private: bool = False, unless: tuple[str, Any] | None = None
) -> Key:
    """A key that is absent where it has nothing to say."""
    return Key(name, kind, False, private, note, unless)


def is_text(value: Any) -> bool:
    """Whether this is a free text: never an empty one."""
    return type(value) is str and value != ""


_ONLY_TEXTS = frozenset((str,))


def are_texts(value: Any) -> bool:
    """Whether this is a list of texts."""
    return type(value) is list and _ONLY_TEXTS.issuperset(map(type, value))


def are_some_texts(value: Any) -> bool:
    """Whether this is a list of texts, at least one."""
    return are_texts(value) and bool(value)


def are_objects(value: Any) -> bool:
    """Whether this is a list of objects."""
    return type(value) is list and all(type(each) is dict for each in value)


def is_event_number(value: Any) -> bool:
    """Whether this can be the number of an event in its stream."""
    return type(value) is int and value > 0


def is_place(value: Any) -> bool:
    """Whether this is ``[stream, n]``: the place of an event."""
    return type(value) is list and len(value) == 2 and type(value[0]) is str and is_event_number(value[1])


def _are_texts_by_id(value: Any) -> bool:
    return type(value) is dict and bool(value) and all(type(each) is str for each in value.values())


def _are_ids_or_null_by_id(value: Any) -> bool:
    return type(value) is dict and bool(value) and all(each is None or type(each) is str for each in value.values())


def _renamings(names: Mapping[str, str | None]) -> str:
    return ", ".join(f"{old} dropped" if new is None else f"{old} is now {new}" for old, new in names.items())


def _are_event_numbers(value: Any) -> bool:
    return type(value) is list and bool(value) and all(map(is_event_number, value))


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


_STRING: JsonSchema = {"type": "string", "minLength": 1}
_STRINGS: JsonSchema = {"type": "array", "items": _STRING}
_NUMBER: JsonSchema = {"type": "integer", "minimum": 1}

ID = ValueKind("id", str, _STRING)
TEXT = ValueKind("text", is_text, _STRING)
IDS = ValueKind("list of ids", are_texts, _STRINGS)
SOME_IDS = ValueKind("list of ids", are_some_texts, {**_STRINGS, "minItems": 1})
STREAM = ValueKind("stream", str, {"type": "string", "pattern": "^(deal|definition):.+$|^system$"})
STAMP = ValueKind("time", str, {"type": "string", "pattern": f"^{TIME}$"})
DUE = ValueKind("time", str, STAMP.schema, said=lambda moment: f"{moment[:16].replace('T', ' ')} UTC")
"""When something is due."""
_DURATION = "^[0-9]{1,6} (business )?(minute|hour|day|week|month|year)s?$"
DURATION = ValueKind("duration", str, {"type": "string", "pattern": _DURATION})
"""A length of time as definitions write it."""
DIGEST = ValueKind("hash", is_hash, {"type": "string", "pattern": f"^{HASH}$"})
NUMBER = ValueKind("number", int, _NUMBER)
COUNT = ValueKind("count", _is_count, {"type": "integer", "minimum": 0})
EVENT_NUMBERS = ValueKind("list of event numbers", _are_event_numbers, {"type": "array", "items": _NUMBER, "minItems": 1})


def _is_time_or_none(value: Any) -> bool:
    return value is None or type(value) is str


def _are_due_times(value: Any) -> bool:
    return type(value) is dict and bool(value) and all(type(each) is str for each in value.values())


def _are_due_times_or_none(value: Any) -> bool:
    return type(value) is dict and bool(value) and all(map(_is_time_or_none, value.values()))


def _said_due_times(value: Mapping[str, Any]) -> str:
    return ", ".join(f"{path}: {due or _NO_TIME}" for path, due in value.items())


_NO_TIME = "no time"
_STAMP_OR_NULL: JsonSchema = {**STAMP.schema, "type": ["string", "null"]}
_BY_ACTION: JsonSchema = {
    "type": "object", "minProperties": 1, "propertyNames": {"pattern": r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"}
}  # fmt: skip
NEW_DUE_TIME = ValueKind("time or `null`", _is_time_or_none, _STAMP_OR_NULL, said=lambda due: due or _NO_TIME)
"""The due time that follows from a new value of a field; ``null`` where the field holds nothing any more."""
DUE_TIMES = ValueKind(
    "times by `stage.action`", _are_due_times, {**_BY_ACTION, "additionalProperties": STAMP.schema}, said=_said_due_times
)
NEW_DUE_TIMES = ValueKind(
    "times or `null` by `stage.action`",
    _are_due_times_or_none,
    {**_BY_ACTION, "additionalProperties": _STAMP_OR_NULL},
    said=_said_due_times,
)

_VALUE: JsonSchema = {"type": ["string", "integer", "boolean"]}
_OPTIONS: JsonSchema = {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}
_ROWS: JsonSchema = {"type": "array", "items": {"type": "object", "additionalProperties": _VALUE}}
FIELD_VALUES = ValueKind("field values", dict, {"type": "object", "additionalProperties": {"anyOf": [_VALUE, _OPTIONS, _ROWS]}})
"""Values by field, in the log's one form; those that the definition makes personal stand apart."""
IDS_BY_ID = ValueKind(
    "ids by id", _are_texts_by_id, {"type": "object", "additionalProperties": _STRING, "minProperties": 1}, said=_renamings
)
IDS_OR_NULL_BY_ID = ValueKind(
    "ids by id, or `null`",
    _are_ids_or_null_by_id,
    {"type": "object", "additionalProperties": {"type": ["string", "null"], "minLength": 1}, "minProperties": 1},
    said=_renamings,
)
UNSET_FIELDS = ValueKind("list of ids", are_texts, _STRINGS, said=lambda names: ", ".join(f"{name} emptied" for name in names))
"""Fields that were emptied."""

_OUTCOMES = {
    "criteria": ("met", "unmet", "unknown", "waived"),
    "actions": ("done", "not_applicable", "open", "unknown"),
    "branches": ("met", "unmet", "unknown"),
}


def _outcomes(name: str) -> ValueKind:
    words = {"type": "string", "enum": list(_OUTCOMES[name])}
    return ValueKind("outcomes by id", dict, {"type": "object", "additionalProperties": words, "minProperties": 1})


ROWS_TAKEN = ValueKind(
    "rows by id", dict, {"type": "object", "additionalProperties": _NUMBER, "minProperties": 1}
)
"""By action the row of its approval table that held."""
_MICROSECONDS = ValueKind("microseconds", int, {"type": "integer"})
_FACTS = (
    needed("now", STAMP),
    needed("today", ValueKind("date", str, {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})),
    needed("stage_age", _MICROSECONDS),
    optional("idle", _MICROSECONDS),
    optional("contact_age", _MICROSECONDS),
    *(optional(name, _outcomes(name)) for name in _OUTCOMES),
    optional("rows", ROWS_TAKEN),
    optional("values", FIELD_VALUES),
)
_FACT_TYPES = {key.name: key.kind.fits for key in _FACTS}


def _are_facts(value: Any) -> bool:
    if type(value) is not dict or "now" not in value or "today" not in value or "stage_age" not in value:
        return False
    for key in value:
        each, wanted = value[key], _FACT_TYPES.get(key)
        if each.__class__ is not wanted and wanted is not None:
            return False
        if wanted is dict and not each:
            return False
    return True


FACTS = ValueKind("facts", _are_facts, keys=_FACTS)
"""What a decision saw."""


def one_of(**words: str) -> ValueKind:
    """One of these words of the log, each with the word that people read."""
    *others, last = (f"`{word}`" for word in words)
    name = f"{', '.join(others)} or {last}" if others else last
    return ValueKind(name, str, {"type": "string", "enum": list(words)}, words=words)
