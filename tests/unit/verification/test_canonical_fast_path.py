"""The fast path says of an event what the slower checks say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from procdef.log.canonical import encode, parsed
from procdef.verification.bytes.canonical_fast_path import KnownParts

EVENT: dict[str, Any] = {
    "v": 1, "log": "l", "id": "i", "stream": "deal:1", "n": 2, "prev": "0" * 64, "type": "deal.noted", "at": "t",
    "by": {"id": "maija", "auth": "os", "roles": ["seller"]}, "for": {"id": "olli", "auth": "claimed"}, "via": "cli",
    "cmd": {"id": "c", "i": 1, "of": 1}, "happened": "t", "data": {"kind": "call"}, "private": {"/text": "ab"},
    "definition": {"id": "p", "version": 1, "lang": 1, "sha256": "cd" * 32},
}  # fmt: skip


def without(*keys: str) -> dict[str, Any]:
    return {key: value for key, value in EVENT.items() if key not in keys}


def familiar(event: dict[str, Any], text: str | None = None) -> bool:
    """Whether it is, first as something new and then as something known."""
    parts, text = KnownParts(), encode(event).decode() if text is None else text
    assert parts.spell(EVENT, encode(EVENT).decode())
    return parts.spell(event, text) and parts.spell(event, text)


@pytest.mark.parametrize(
    "event",
    [
        EVENT, without("for"), without("definition"), without("happened", "private"), {**EVENT, "n": 9999},
        {**EVENT, "data": {"text": "\u00e4 \u2028 \" \\ \n"}}, {**EVENT, "by": {"id": "maija", "auth": "signed"}},
        {**EVENT, "by": {"id": "maija", "auth": "os", "roles": ["seller"], "from": "people:0123456789abcdef"}},
    ],
)  # fmt: skip
def test_an_event_as_it_is_written_is_familiar(event: dict[str, Any]) -> None:
    assert familiar(event)


@pytest.mark.parametrize(
    "change",
    [
        {"ext": {}}, {"v": 2}, {"v": True}, {"via": "door"}, {"via": ["cli"]}, {"n": True}, {"n": "2"}, {"n": 10**6},
        {"by": "maija"}, {"by": {"id": "maija", "auth": "none"}}, {"by": {"id": "x", "auth": "os", "mail": "y"}},
        {"by": {"id": ["x"], "auth": "os"}}, {"by": {"id": "maija", "auth": "os", "from": ["ldap"]}},
        {"by": {"id": "maija", "auth": "os", "roles": "seller"}}, {"cmd": {"id": "c", "i": 1, "of": 1, "k": 1}},
        {"cmd": {"id": "c", "i": True, "of": 1}}, {"cmd": 1}, {"definition": {"sha256": "cd" * 32}}, {"definition": "cd"},
        {"definition": {"id": "p", "version": 1, "lang": 2, "sha256": "ef" * 32}}, {"at": 1}, {"happened": None},
        {"data": {"\u00e4": 1}}, {"stream": None}, {"id": {}}, {"aa": 1},
    ],
)  # fmt: skip
def test_an_event_of_another_shape_is_not(change: dict[str, Any]) -> None:
    event = {**EVENT, **change}
    text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert not familiar(event, text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"at"', '{ "at"'), ('"v":1', '"v":01'), ('"v":1', '"v":1.0'), ('"n":2', '"n":2 '), ('"cli"}', '"cli"} '),
        ('"maija"', '"m\\u0061ija"'), ('"roles":["seller"]', '"roles":["seller" ]'), ('"via":"cli"}', '"via":"cli"}{}'),
        ('"at":"t",', '"at":"t","at":"t",'),
        ('"data":{"kind":"call"}', '"data":{"kind": "call"}'), ('"type":"deal.noted"', '"type":"deal\\u002enoted"'),
    ],
)  # fmt: skip
def test_bytes_that_are_not_canonical_are_not(old: str, new: str) -> None:
    text = encode(EVENT).decode()
    assert old in text
    assert not familiar(EVENT, text.replace(old, new, 1))
    with pytest.raises(ValueError, match=r"canon|number|Expecting|Extra"):
        parsed(text.replace(old, new, 1).encode())
