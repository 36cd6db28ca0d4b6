"""What an event says in the open of people and their affairs: nothing that stands there can be erased."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from procdef.engine.queries import UNREADABLE
from procdef.log.envelope import HASH, UUID

_is_computed = re.compile(f"{HASH}|(deal:)?{UUID}").fullmatch
_OF_THE_LOG = frozenset(("sha256", "leaves", "events", "due", "new", "old", "signature"))
"""Keys of data under which hashes, places, times and keys stand."""


def open_texts(body: bytes) -> Iterator[str]:
    """Whom an event names, what it says of a deal, and others' additions; of one that cannot be read the bytes as they are."""
    try:
        event = json.loads(body)
        found = list(_said(event))
    except (*UNREADABLE, LookupError, AttributeError):
        yield body.decode("utf-8", "replace")
    else:
        yield from (text for text in found if _is_computed(text) is None)


def _said(event: Mapping[str, Any]) -> Iterator[str]:
    for person in (event["by"], event.get("for", {})):
        yield from _texts([person.get("id", ""), person.get("roles", []), person.get("from", "")])
    yield from _texts(event.get("ext", {}), keys=True)
    if event["type"].startswith("x-"):
        yield from _texts([event["data"], event.get("private", {})], keys=True)
        return
    for key, part in event["data"].items():
        if key == "facts":
            yield from _texts(part.get("values", {}))
        elif key == "unmet":
            yield from _texts([(item["about"], item.get("roles", [])) for item in part])
        elif key not in _OF_THE_LOG:
            yield from _texts(part)


def _texts(value: Any, *, keys: bool = False) -> Iterator[str]:
    """Every text in a value; ``keys``: the names of its parts too."""
    if isinstance(value, Mapping):
        if keys:
            yield from value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part, keys=keys)
    else:
        yield str(value)
