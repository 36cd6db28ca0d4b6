"""The canonical form is that of RFC 8785, and what has none is rejected."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from procdef.log.canonical import LARGEST, canonical_bytes

KEYS = st.text(st.characters(max_codepoint=127))
SCALARS = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)


@given(VALUES)
def test_bytes_are_those_of_rfc_8785(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(VALUES)
def test_what_was_written_reads_back_and_is_written_the_same(value: Any) -> None:
    again = json.loads(canonical_bytes(value))
    assert (again, canonical_bytes(again)) == (value, canonical_bytes(value))


@pytest.mark.parametrize(
    "value",
    [
        *(0.5, 1.0, -0.0, float("nan"), float("inf"), LARGEST + 1, -LARGEST - 1, Decimal(1)),
        *("\ud800", "a\udfffb", {"ä": 1}, {"\U0001f600": 1}, {1: 1}, b"bytes", {1, 2}, ("a",)),
        *(datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1).date()),
    ],
)
def test_what_has_no_canonical_form_is_rejected_at_any_depth(value: Any) -> None:
    for whole in (value, [value], {"a": {"b": [1, value]}}):
        with pytest.raises(ValueError):
            canonical_bytes(whole)


@pytest.mark.parametrize("value", [LARGEST, -LARGEST, 0, True, None, "", "\x7f\u2028\U0001f600/", [], {}])
def test_the_edges_of_what_has_a_form(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)
