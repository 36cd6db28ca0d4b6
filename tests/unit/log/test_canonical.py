"""Reading canonical bytes back: only what canonical JSON can be is read, everything else is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from procdef.log.canonical import canonical_bytes, parsed


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, -2, 2**53 - 1, 1 - 2**53, True, None, "text"], "b": {"B": "", "a": {}}, "c": []},
        {"text": 'ä 😀 \u2028 " \\ \n \x00 \x7f'},
        [],
        "plain",
    ],
)
def test_canonical_bytes_are_read_back(value: Any) -> None:
    assert value == parsed(canonical_bytes(value))


@pytest.mark.parametrize(
    "body",
    [
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b"\xef\xbb\xbf{}",
        b'{"a":1.5}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":-0}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\u00e4"}',
        b'{"\\u00e4":1}',
        '{"ä":1}'.encode(),
        b'{"a":"\\ud800"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b'{"a":"\\/"}',
        b"",
        b"{",
    ],
)
def test_other_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(ValueError):
        parsed(body)


def test_refused_is_what_has_no_canonical_form_at_all() -> None:
    with pytest.raises(ValueError):
        canonical_bytes(json.loads('{"ä":1}'))


@pytest.mark.parametrize(("before", "after"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_how_deep_a_value_may_be_is_a_number(before: bytes, after: bytes) -> None:
    for inner in (b"", b"1", b'"[[[[{"', b'"\\"[{"'):
        inner = inner or (b"[]" if before == b"[" else b"{}")
        less = inner in (b"[]", b"{}")
        body = (100 - less) * before + inner + (100 - less) * after
        assert canonical_bytes(parsed(body)) == body
        for refused in (parsed, lambda deeper: canonical_bytes(json.loads(deeper))):
            with pytest.raises(ValueError, match="more than 100 deep"):
                refused(before + body + after)


def test_many_brackets_are_not_deep() -> None:
    body = b"[" + b",".join([b'{"a":["[\\"{"]}'] * 300) + b"]"
    assert canonical_bytes(parsed(body)) == body
