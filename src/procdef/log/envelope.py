"""What the envelope of an event may hold, beside what its place in the log makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

AUTH = ("claimed", "os", "app", "token", "signed")
"""How sure it is who someone is, weakest first."""
VIA = ("cli", "api", "import", "web", "worker")
"""The doors that a step can come through."""
TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
"""The form of a time, as a regular expression; so are the others."""
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
HASH = r"[0-9a-f]{64}"
STREAMS = {"deal": f"deal:{UUID}", "definition": "definition:[A-Za-z0-9_.-]+", "system": "system"}
"""The forms that the name of a stream has, by whose it is."""
_fits_time = re.compile(TIME).fullmatch
_is_uuid = re.compile(UUID).fullmatch
_is_stream = re.compile("|".join(STREAMS.values())).fullmatch
_is_hash = re.compile(HASH).fullmatch
_control = re.compile(r"[\x00-\x1f\x7f-\x9f]").search

Fault = tuple[str, str]
"""What was expected, and what was found."""


def is_time(text: object) -> bool:
    """Whether this is a time in the one form that the log has for it, and one of the calendar."""
    return type(text) is str and _is_time(text)


@lru_cache(maxsize=256)  # one time often stands in several places, near each other
def _is_time(text: str) -> bool:
    if _fits_time(text) is None:
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_name(text: object) -> bool:
    """Whether this can be the id of a person or a role: a text that is not empty and has no control characters."""
    return type(text) is str and text != "" and (text.isprintable() or _control(text) is None)


def is_names(texts: object) -> bool:
    """Whether this is a list of such ids, sorted, each once and at least one."""
    if type(texts) is not list or not texts or not all(map(is_name, texts)):
        return False
    return len(texts) == 1 or sorted({*texts}) == texts


def is_hash(text: object) -> bool:
    """Whether these are the 64 lower-case hex digits of a hash."""
    return type(text) is str and _is_hash(text) is not None


def is_stream(text: str) -> bool:
    """Whether a stream can have this name."""
    return _is_stream(text) is not None


def well_formed(event: Mapping[str, Any]) -> bool:
    """Fast path of ``faults``: whether the envelope is sound, as it is in every event that nobody tampered with."""
    return (
        event.get("via") in VIA
        and is_person(event.get("by"))
        and ("for" not in event or is_person(event["for"]))
        and ("definition" not in event or is_definition(event["definition"]))
        and "ext" not in event
        and type(event.get("v")) is int
        and type(event.get("n")) is int
        and well_marked(event)
    )


def well_marked(event: Mapping[str, Any]) -> bool:
    """As ``well_formed``, where door, people, definition, format and keys are known to be sound."""
    name = event.get("id")
    return (
        type(name) is str
        and _is_uuid(name) is not None
        and is_time(event.get("at"))
        and ("happened" not in event or is_time(event["happened"]))
        and _is_command(event.get("cmd"))
        and type(event.get("data")) is dict
    )


def faults(event: Mapping[str, Any]) -> Iterator[Fault]:
    """What of an envelope is not as the format says."""
    if type(event.get("v")) is not int:
        yield "v: 1", str(event.get("v"))
    if type(event.get("n")) is not int:
        yield "n: a whole number", str(event.get("n"))
    if event.get("via") not in VIA:
        yield f"via: {', '.join(VIA)}", str(event.get("via"))
    for key in ("by", "for"):
        if (key == "by" or key in event) and not is_person(event.get(key)):
            yield f"{key}: who, and how they were authenticated", "something else"
    if "definition" in event and not is_definition(event["definition"]):
        yield "definition: its id, version, lang and sha256", "something else"
    if not (type(event.get("id")) is str and _is_uuid(event["id"])):
        yield "id: a UUID of version 7", str(event.get("id"))
    for key in ("at", "happened"):
        if (key == "at" or key in event) and not is_time(event.get(key)):
            yield f"{key}: a time as 2026-01-31T12:00:00.000000Z", str(event.get(key))
    if not _is_command(event.get("cmd")):
        yield "cmd: an id, and the place in the command", str(event.get("cmd"))
    for key in ("data", "ext"):
        if (key == "data" or key in event) and type(event.get(key)) is not dict:
            yield f"{key}: an object", type(event.get(key)).__name__


def is_person(who: Any) -> bool:
    """Whether this says who someone is, and how they were authenticated."""
    return (
        type(who) is dict
        and is_name(who.get("id"))
        and who.get("auth") in AUTH
        and ("roles" not in who or is_names(who["roles"]))
        and ("from" not in who or is_name(who["from"]))
    )


def is_definition(named: Any) -> bool:
    """Whether this names a definition."""
    return (
        type(named) is dict
        and is_name(named.get("id"))
        and type(named.get("version")) is int
        and type(named.get("lang")) is int
        and is_hash(named.get("sha256"))
    )


def _is_command(place: Any) -> bool:
    return (
        type(place) is dict
        and is_name(place.get("id"))
        and type(place.get("i")) is int
        and type(place.get("of")) is int
    )
