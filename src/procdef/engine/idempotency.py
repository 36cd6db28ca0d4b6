"""Sending a step twice does no harm: what its request key stands for, and whether what is stored under the key is it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from procdef.commands import ArgumentKind, Command, given
from procdef.events.first_of_command import FIRST
from procdef.events.types import step_refused
from procdef.expression.given_values import BadValue, coerce
from procdef.expression.stored_values import canonical, plain
from procdef.log.canonical import LARGEST, encode
from procdef.model import ProcessDefinition
from procdef.store.rows import RequestRow

_FIELD_VALUES = ArgumentKind.FIELD_VALUES
"""Looked up once: every argument of every step is asked for its kind, and to name a member of an enumeration takes a while."""
_LARGEST_EXPONENT = 1000
_MOST_BITS = 2000


def command_bytes(command: Command, person: str, happened: str | None, definition: ProcessDefinition) -> bytes:
    """Canonical JSON of ``{do, person, arguments, ? happened}``, which anyone can make again.

    Values stand in canonical form (``null``: unset), the other arguments as given, under the names of a steps file; an
    argument that was not given is absent. Neither roles nor a time that the clock filled in are part of it, so that sending
    it again is the same.
    """
    arguments = {
        argument.written: _values(definition, value) if argument.kind is _FIELD_VALUES else _as_it_is(value)
        for argument, value in given(command)
    }
    whole = {"do": command.verb, "person": person, "arguments": arguments}
    if happened is not None:
        whole["happened"] = happened
    return encode(whole)  # every part of it is canonical by now


def request_row(stream: str, request: str, command: bytes, first: int, last: int) -> RequestRow:
    """The row that keeps a request key with the events ``first`` to ``last`` of its command, whose bytes stay secret."""
    salt = os.urandom(32)
    return RequestRow(stream, request, salt, sha256(salt + command).digest(), first, last)


def is_same_command(row: RequestRow, command: bytes) -> bool:
    """Whether these are the bytes of the command that the key was kept with."""
    return sha256(row.salt + command).digest() == row.fingerprint


def answers(event: Mapping[str, Any], verb: str, person: str) -> bool:
    """Whether this event, as stored, can be the first of that person's command."""
    who = event.get("for") or event["by"]
    if event["type"] == step_refused.EVENT.name:
        return bool(who["id"] == person and event["data"]["do"] == verb)
    return bool(who["id"] == person and event["type"] in FIRST[verb])


def _values(definition: ProcessDefinition, values: Mapping[object, object]) -> dict[str, Any]:
    return {_key(field): _value(definition, field, value) for field, value in values.items()}


def _value(definition: ProcessDefinition, name: Any, value: object) -> Any:
    field = definition.fields.get(name)
    if field is not None:
        try:
            fit = coerce(field.type, value)
        except BadValue:
            return _as_it_is(value)
        return None if fit is None else canonical(field.type, fit)
    return _as_it_is(value)


def _as_it_is(value: object) -> Any:
    """What fits no field, as near to how it was given as canonical JSON comes."""
    if isinstance(value, str):
        # Half a surrogate pair has no UTF-8.
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) <= LARGEST):
        return value
    if isinstance(value, Decimal):
        return plain(value) if abs(value.adjusted()) <= _LARGEST_EXPONENT else str(value)
    if isinstance(value, set | frozenset):
        return sorted(_shown(_as_it_is(item)) for item in value)  # a set has no order of its own
    if isinstance(value, list | tuple):
        return [_as_it_is(item) for item in value]
    if isinstance(value, Mapping):
        return {_key(key): _as_it_is(item) for key, item in value.items()}
    return _shown(value)


def _key(value: object) -> str:
    """A key as it was given, in ASCII as canonical JSON wants keys."""
    shown = value if isinstance(value, str) else _shown(value)
    return shown if shown.isascii() else shown.encode("ascii", "backslashreplace").decode("ascii")


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return hex(value)  # Python writes no decimal number of any length
    try:
        return repr(value)
    except Exception:  # a stranger's type may do anything here
        return type(value).__name__
