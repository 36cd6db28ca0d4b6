"""Canonical JSON (RFC 8785): one text for one value, so that anyone can recompute a hash.

What would make two writers differ is not let in: floats, integers beyond 2^53-1, keys that are not ASCII. For all else
Python's sorted, compact JSON gives the same bytes as RFC 8785.
"""

from __future__ import annotations

import json
import json.encoder
import re
from collections.abc import Callable
from itertools import accumulate
from json.encoder import encode_basestring
from typing import Any

LARGEST = 2**53 - 1
DEEPEST = 100
"""So many objects and lists may stand within each other: a limit of the format, and not of whoever reads it."""


def _encoder() -> Callable[[Any], str]:
    plain = json.JSONEncoder(
        sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
    )
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return plain.encode
    # What ``encode`` would make anew for every value, and throw away.
    chunks = make(None, plain.default, encode_basestring, None, ":", ",", True, False, False)
    return lambda value: "".join(chunks(value, 0))


encoded = _encoder()
"""Canonical JSON as text, for values that the writer itself built from canonical parts."""
quoted = encode_basestring
"""Canonical JSON of a text."""


def canonical_bytes(value: Any) -> bytes:
    """The canonical bytes of a JSON value. Raises ``ValueError`` for what has no canonical form here."""
    admit(value)
    return encode(value)


def encode(value: Any) -> bytes:
    """As ``canonical_bytes``, for values that the writer itself built from canonical parts."""
    return encoded(value).encode()


def parsed(body: bytes) -> Any:
    """The JSON value that these are the canonical bytes of. Raises ``ValueError`` where there is none.

    What is written again to the same text has its keys in order, none twice, and nothing escaped that need not be; so in
    a text of plain ASCII all that is left to refuse are numbers.
    """
    text = body.decode()
    value = begun(text)
    confirm(value, text)
    return value


def begun(text: str) -> Any:
    """The JSON value that a text begins with; whether it is written canonically is still to be told."""
    if text.count("{") + text.count("[") > DEEPEST and _depth(text) > DEEPEST:
        raise ValueError(f"objects and lists within each other more than {DEEPEST} deep")
    return _decode(text)[0]


def _depth(text: str) -> int:
    bare = _STRING.sub("", text)
    return max(accumulate((char in "[{") - (char in "]}") for char in bare), default=0)


def confirm(value: Any, text: str) -> None:
    """Raises ``ValueError`` where this value, which ``begun`` read, is not all of the text, or not written canonically."""
    if encoded(value) != text:
        raise ValueError("not written as canonical JSON is")
    if not text.isascii():
        admit(value)


class _Whole(dict[str, int]):
    """Integers by their digits. The small ones, which most are, lie ready: they cost the decoder no call of Python."""

    def __missing__(self, digits: str) -> int:
        value = int(digits) if len(digits) <= _MOST_DIGITS else LARGEST + 1
        if abs(value) > LARGEST:
            raise ValueError(f"the integer {digits} is beyond 2^53-1")
        return value


def _no_number(text: str) -> float:
    raise ValueError(f"the number {text} has no canonical form")


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_MOST_DIGITS = len(str(-LARGEST))
_whole = _Whole((str(value), value) for value in range(1000)).__getitem__
_decode = json.JSONDecoder(parse_float=_no_number, parse_int=_whole, parse_constant=_no_number).raw_decode


def admit(value: Any, within: int = 0) -> None:
    """Raises ``ValueError`` for a value that has no canonical form here."""
    if within >= DEEPEST and isinstance(value, dict | list):
        raise ValueError(f"objects and lists within each other more than {DEEPEST} deep")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise ValueError(f"the key {key!r} is not ASCII text")
            if type(inner) is not str:  # most are, and every text has a canonical form
                admit(inner, within + 1)
    elif isinstance(value, list):
        for inner in value:
            admit(inner, within + 1)
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValueError(f"the integer {value} is beyond 2^53-1")
    elif value is not None and not isinstance(value, str):
        raise ValueError(f"a {type(value).__name__} has no canonical form")
