"""What a request key stands for: the command as it was given, in bytes that anyone can make again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from procdef.commands import VERBS, Command
from procdef.engine.arguments import WRITTEN
from procdef.expression.given_values import BadValue, coerce
from procdef.expression.stored_values import canonical, plain
from procdef.log.canonical import LARGEST, encode
from procdef.model import ProcessDefinition

_LARGEST_EXPONENT = 1000
_MOST_BITS = 2000


def command_bytes(command: Command, person: str, happened: str | None, definition: ProcessDefinition) -> bytes:
    """Canonical JSON of ``{do, person, arguments, ? happened}``.

    Values stand in canonical form (``null``: unset), the other arguments as given; an argument that was not given is
    absent. Neither roles nor a time that the clock filled in are part of it, so that sending it again is the same.
    """
    arguments: dict[str, Any] = {}
    for name in getattr(command, "__slots__", ()):
        value = getattr(command, name)
        if name == "values":
            if value:
                arguments[name] = {_key(field): _value(definition, field, given) for field, given in value.items()}
        elif value not in (None, False):
            arguments[WRITTEN.get(name, name)] = _as_it_is(value)
    whole = {"do": VERBS[type(command)], "person": person, "arguments": arguments}
    if happened is not None:
        whole["happened"] = happened
    return encode(whole)  # every part of it is canonical by now


def _value(definition: ProcessDefinition, name: str, given: object) -> Any:
    field = definition.fields.get(name)
    if field is not None:
        try:
            fit = coerce(field.type, given)
        except BadValue:
            return _as_it_is(given)
        return None if fit is None else canonical(field.type, fit)
    return _as_it_is(given)


def _as_it_is(given: object) -> Any:
    """What fits no field, as near to how it was given as canonical JSON comes."""
    if given is None or isinstance(given, bool) or (isinstance(given, int) and abs(given) <= LARGEST):
        return given
    if isinstance(given, str):
        return given.encode("utf-8", "backslashreplace").decode("utf-8")  # half a surrogate pair has no UTF-8
    if isinstance(given, Decimal):
        return plain(given) if abs(given.adjusted()) <= _LARGEST_EXPONENT else str(given)
    if isinstance(given, list | tuple):
        return [_as_it_is(item) for item in given]
    if isinstance(given, Mapping):
        return {_key(key): _as_it_is(item) for key, item in given.items()}
    return _shown(given)


def _key(given: object) -> str:
    """A key as it was given, in ASCII as canonical JSON wants keys."""
    return _shown(given).encode("ascii", "backslashreplace").decode("ascii")


def _shown(given: object) -> str:
    if isinstance(given, str):
        return given
    if isinstance(given, int) and given.bit_length() > _MOST_BITS:
        return hex(given)  # Python writes no decimal number of any length
    try:
        return repr(given)
    except Exception:  # a stranger's type may do anything here
        return type(given).__name__
